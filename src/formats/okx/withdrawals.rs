//! OKX withdrawal history: month first, the zone in the name of the file (`OKX_withdrawal_history(GMT+9).csv`). The amount is
//! what was sent; the fee comes on top.

use crate::formats::Cell::{Decimal, Ignored, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "okx-withdrawals",
    exchange: "OKX",
    title: "OKX withdrawal history",
    export: "Assets > Order center > Withdrawal history > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "chain")],
    file_words: &["withdraw"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2025",
    &[
        ("Time", TimeAs("time", Layout::MONTH_FIRST)),
        ("Crypto", Text("asset")),
        ("Withdrawal address", Text("address")),
        ("Network", Text("network")),
        ("Transaction ID", Text("tx_id")),
        ("Amount", Decimal("amount")),
        ("Fee", Decimal("fee")),
        ("Status", Text("status")),
        ("Reference no.", Ignored),
    ],
)];
