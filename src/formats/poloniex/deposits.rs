//! Poloniex deposits.

use crate::formats::Cell::{Decimal, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "poloniex-deposits",
    exchange: "Poloniex",
    title: "Poloniex deposits",
    export: "Wallet > Deposit history > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "chain")],
    file_words: &["deposit"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2020",
        &[
            ("Date", Time("time")),
            ("Currency", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Address", Text("address")),
            ("Status", Text("status")),
        ],
    ),
    Generation::new(
        "from 2021",
        &[
            ("f_created_at", Time("time")),
            ("currency", Text("asset")),
            ("f_amount", Decimal("amount")),
            ("f_address", Text("address")),
            ("f_status", Text("status")),
        ],
    ),
];
