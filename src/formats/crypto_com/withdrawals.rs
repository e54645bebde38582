//! Crypto.com Exchange withdrawals.

use crate::formats::Cell::{Decimal, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "crypto-com-withdrawals",
    exchange: "Crypto.com",
    title: "Crypto.com Exchange withdrawal history",
    export: "Exchange > Wallet > Transactions > Withdrawals > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "chain")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2020",
    &[
        ("Time (UTC)", Time("time")),
        ("Coin", Text("asset")),
        ("Withdrawal Amount", Decimal("amount")),
        ("Fee", Decimal("fee")),
        ("Withdrawal Address", Text("address")),
        ("Status", Text("status")),
        ("TxId", Text("tx_id")),
    ],
)];
