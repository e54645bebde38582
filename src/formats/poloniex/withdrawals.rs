//! Poloniex withdrawals.

use crate::formats::Cell::{Decimal, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "poloniex-withdrawals",
    exchange: "Poloniex",
    title: "Poloniex withdrawals",
    export: "Wallet > Withdrawal history > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "chain")],
    file_words: &["withdraw"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2020",
        &[
            ("Date", Time("time")),
            ("Currency", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Fee Deducted", Decimal("fee")),
            ("Amount - Fee", Decimal("received")),
            ("Address", Text("address")),
            ("Status", Text("status")),
        ],
    ),
    Generation::new(
        "from 2021",
        &[
            ("f_date", Time("time")),
            ("currency", Text("asset")),
            ("f_amount", Decimal("amount")),
            ("f_feededucted", Decimal("fee")),
            ("f_status", Text("status")),
        ],
    ),
];
