//! MEXC withdrawals.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "mexc-withdrawals",
    exchange: "MEXC",
    title: "MEXC withdrawals",
    export: "Wallets > Withdrawal history > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "chain")],
    file_words: &["withdraw"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2021",
    &[
        ("UID?", Text("account")),
        ("Status", Text("status")),
        ("Time", Time("time")),
        ("Crypto", Text("asset")),
        ("Network", Text("network")),
        ("Request Amount", Decimal("amount")),
        ("Withdrawal Address", Text("address")),
        ("memo?", Text("tag")),
        ("TxID", Text("tx_id")),
        ("Trading Fee", Decimal("fee")),
        ("Settlement Amount", Decimal("received")),
        ("Withdrawal Descriptions", Ignored),
    ],
)];
