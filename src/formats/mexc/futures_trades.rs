//! MEXC futures trade history.

use crate::formats::Cell::{Decimal, Ignored, Position, Size, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "mexc-futures-trades",
    exchange: "MEXC",
    title: "MEXC futures trade history",
    export: "Orders > Futures orders > Trade history > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "um-futures")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2025",
    &[
        ("UID?", Text("account")),
        ("Time(UTC+00:00)", Time("time")),
        ("Futures Trading Pair", Symbol("symbol")),
        ("Direction", Position("side")),
        ("Order Type", Ignored),
        ("Filled Qty (Cont.)", Ignored),
        ("Filled Qty (Crypto)", Size("quantity")),
        ("Filled Qty (Amount)", Size("quote_total")),
        ("Filled Price", Decimal("price")),
        ("Trading Fee", Decimal("fee")),
        ("Fee-payment Crypto", Text("fee_asset")),
        ("Role", Text("maker")),
        ("Closing PNL", Decimal("realized_profit")),
    ],
)];
