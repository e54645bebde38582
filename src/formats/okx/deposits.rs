//! OKX deposit history: month first, the zone in the name of the file (`OKX_deposit_history(GMT+9).csv`).

use crate::formats::Cell::{Decimal, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "okx-deposits",
    exchange: "OKX",
    title: "OKX deposit history",
    export: "Assets > Order center > Deposit history > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "chain")],
    file_words: &["deposit"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2025",
    &[
        ("Time", TimeAs("time", Layout::MONTH_FIRST)),
        ("Crypto", Text("asset")),
        ("Deposit address", Text("address")),
        ("Network", Text("network")),
        ("Transaction ID", Text("tx_id")),
        ("Amount", Decimal("amount")),
        ("Status", Text("status")),
    ],
)];
