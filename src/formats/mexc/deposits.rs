//! MEXC deposits.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "mexc-deposits",
    exchange: "MEXC",
    title: "MEXC deposits",
    export: "Wallets > Deposit history > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "chain")],
    file_words: &["deposit"],
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
        ("Deposit Amount", Decimal("amount")),
        ("TxID", Text("tx_id")),
        ("Progress", Ignored),
    ],
)];
