//! MEXC futures order history. `buy short` opens a short position, so it sells.

use crate::formats::Cell::{Decimal, Ignored, Position, Size, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "mexc-futures-orders",
    exchange: "MEXC",
    title: "MEXC futures order history",
    export: "Orders > Futures orders > Order history > Export",
    table: Table::Orders,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "um-futures")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2021",
    &[
        ("UID?", Text("account")),
        ("Time(UTC+08:00)", Time("created")),
        ("Futures Trading Pair", Symbol("symbol")),
        ("Direction", Position("side")),
        ("Leverage", Ignored),
        ("Order Type", Text("type")),
        ("Order Qty (Cont.)", Ignored),
        ("Filled Qty (Cont.)", Ignored),
        ("Order Qty (Crypto)", Size("quantity")),
        ("Filled Qty (Crypto)", Size("executed")),
        ("Order Qty (Amount)", Ignored),
        ("Filled Qty (Amount)", Size("quote_total")),
        ("Order Price", Decimal("price")),
        ("Average Filled Price", Decimal("average_price")),
        ("Closing PNL", Ignored),
        ("Trading Fee", Ignored),
        ("Fee-payment Crypto", Ignored),
        ("Status", Text("status")),
    ],
)];
