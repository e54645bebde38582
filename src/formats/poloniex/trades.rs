//! Poloniex trade history. Before 2021 the fee is a rate and not taken for an amount.

use crate::formats::Cell::{Decimal, Ignored, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "poloniex-trades",
    exchange: "Poloniex",
    title: "Poloniex trade history",
    export: "Orders > My trade history > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2019",
        &[
            ("Date", Time("time")),
            ("Market", Symbol("symbol")),
            ("Category", Ignored),
            ("Type", Side("side")),
            ("Price", Decimal("price")),
            ("Amount", Decimal("quantity")),
            ("Total", Decimal("quote_total")),
            ("Fee", Ignored),
            ("Order Number", Text("order_id")),
            ("Base Total Less Fee", Ignored),
            ("Quote Total Less Fee", Ignored),
        ],
    ),
    Generation::new(
        "with fee total",
        &[
            ("Date", Time("time")),
            ("Market", Symbol("symbol")),
            ("Category", Ignored),
            ("Type", Side("side")),
            ("Price", Decimal("price")),
            ("Amount", Decimal("quantity")),
            ("Total", Decimal("quote_total")),
            ("Fee", Ignored),
            ("Order Number", Text("order_id")),
            ("Base Total Less Fee", Ignored),
            ("Quote Total Less Fee", Ignored),
            ("Fee Currency", Text("fee_asset")),
            ("Fee Total", Decimal("fee")),
        ],
    ),
    Generation::new(
        "from 2021",
        &[
            ("create_time", Time("time")),
            ("trade_id", Text("trade_id")),
            ("market", Symbol("symbol")),
            ("buyer_wallet", Ignored),
            ("side", Side("side")),
            ("price", Decimal("price")),
            ("amount", Decimal("quantity")),
            ("fee", Decimal("fee")),
            ("fee_currency", Text("fee_asset")),
            ("fee_total", Ignored),
        ],
    ),
];
