//! Crypto.com Exchange deposits.

use crate::formats::Cell::{Decimal, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "crypto-com-deposits",
    exchange: "Crypto.com",
    title: "Crypto.com Exchange deposit history",
    export: "Exchange > Wallet > Transactions > Deposits > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "chain")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2020",
    &[
        ("Time (UTC)", Time("time")),
        ("Coin", Text("asset")),
        ("Deposit Amount", Decimal("amount")),
        ("Fee", Decimal("fee")),
        ("Deposit Address", Text("address")),
        ("Status", Text("status")),
        ("TxId", Text("tx_id")),
    ],
)];
