//! Gate.io deposits, UTF-16 with TAB between the fields.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "gate-deposits",
    exchange: "Gate",
    title: "Gate.io deposits",
    export: "Wallet > Deposit history > Export (mydeposits)",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "chain")],
    file_words: &["deposit"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2023",
    &[
        ("Order ID", Ignored),
        ("Time", Time("time")),
        ("Address", Text("address")),
        ("TxID", Text("tx_id")),
        ("Coin", Text("asset")),
        ("Amount", Decimal("amount")),
        ("Status", Text("status")),
    ],
)];
