//! Gate.io withdrawals, UTF-16 with TAB between the fields. The amount holds the fee; what arrived stands beside it.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "gate-withdrawals",
    exchange: "Gate",
    title: "Gate.io withdrawals",
    export: "Wallet > Withdrawal history > Export (mywithdrawals)",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "chain")],
    file_words: &["withdraw"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2023",
    &[
        ("Order ID", Ignored),
        ("Time", Time("time")),
        ("Network", Text("network")),
        ("Address", Text("address")),
        ("Address Name", Ignored),
        ("TxID", Text("tx_id")),
        ("Coin", Text("asset")),
        ("Amount", Decimal("amount")),
        ("Trading Fee", Decimal("fee")),
        ("Amount Received", Decimal("received")),
        ("Status", Text("status")),
    ],
)];
