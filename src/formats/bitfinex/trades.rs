//! Bitfinex trade history. The sign of the amount is the side; dates are day first.

use crate::formats::Cell::{Charge, Decimal, Ignored, Signed, Symbol, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bitfinex-trades",
    exchange: "Bitfinex",
    title: "Bitfinex trade history",
    export: "Reports > Trades > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2021",
        &[
            ("#", Text("trade_id")),
            ("PAIR", Symbol("symbol")),
            ("AMOUNT", Signed("quantity", "side")),
            ("PRICE", Decimal("price")),
            ("FEE", Charge("fee", "fee_asset")),
            ("FEE CURRENCY", Text("fee_asset")),
            ("DATE", TimeAs("time", Layout::DAY_FIRST)),
            ("ORDER ID", Text("order_id")),
        ],
    ),
    Generation::new(
        "from 2021",
        &[
            ("#", Text("trade_id")),
            ("PAIR", Symbol("symbol")),
            ("AMOUNT", Signed("quantity", "side")),
            ("PRICE", Decimal("price")),
            ("FEE", Charge("fee", "fee_asset")),
            ("FEE PERC", Ignored),
            ("FEE CURRENCY", Text("fee_asset")),
            ("DATE", TimeAs("time", Layout::DAY_FIRST)),
            ("ORDER ID", Text("order_id")),
        ],
    ),
];
