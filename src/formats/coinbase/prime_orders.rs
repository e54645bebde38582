//! Coinbase Prime orders, which name the person or key that placed them.

use crate::formats::Cell::{Decimal, Ignored, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "coinbase-prime-orders",
    exchange: "Coinbase",
    title: "Coinbase Prime orders",
    export: "Activity > Orders > Download CSV",
    table: Table::Orders,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2023",
    &[
        ("order id", Text("order_id")),
        ("status", Text("status")),
        ("market", Symbol("symbol")),
        ("side", Side("side")),
        ("type", Text("type")),
        ("limit price", Decimal("price")),
        ("total order quantity", Decimal("quantity")),
        ("order currency", Ignored),
        ("filled base quantity", Decimal("executed")),
        ("filled quote quantity", Decimal("quote_total")),
        ("average fill price", Decimal("average_price")),
        ("total fees and commissions", Ignored),
        ("initiated by", Text("origin")),
        ("initiated time", Time("created")),
        ("last updated time", Time("updated")),
        ("activity level", Ignored),
        ("portfolio name", Text("account")),
        ("portfolio id", Ignored),
        ("entity name", Ignored),
        ("entity id", Ignored),
    ],
)];
