//! MEXC spot trade history.

use crate::formats::Cell::{Amount, Decimal, Side, Size, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "mexc-trades",
    exchange: "MEXC",
    title: "MEXC spot trade history",
    export: "Orders > Spot orders > Trade history > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2023",
        &[
            ("Pairs", Symbol("symbol")),
            ("Time", Time("time")),
            ("Side", Side("side")),
            ("Filled Price", Decimal("price")),
            ("Executed Amount", Size("quantity")),
            ("Total", Size("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
            ("Role", Text("maker")),
        ],
    ),
    Generation::new(
        "with UID",
        &[
            ("UID", Text("account")),
            ("Pairs", Symbol("symbol")),
            ("Time", Time("time")),
            ("Side", Side("side")),
            ("Filled Price", Decimal("price")),
            ("Executed Amount", Size("quantity")),
            ("Total", Size("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
            ("Role", Text("maker")),
        ],
    ),
];
