//! Coinbase Pro (Exchange) account statement: one record per leg.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "coinbase-pro-account",
    exchange: "Coinbase",
    title: "Coinbase Pro account statement",
    export: "Statements > Generate > Account",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2018",
    &[
        ("portfolio?", Text("account")),
        ("type", Text("operation")),
        ("time|timestamp", Time("time")),
        ("amount", Decimal("change")),
        ("balance", Ignored),
        ("amount/balance unit", Text("asset")),
        ("transfer id", Text("tx_id")),
        ("trade id", Text("trade_id")),
        ("order id", Text("order_id")),
    ],
)
.telling(&[Table::Trades, Table::Transfers])];
