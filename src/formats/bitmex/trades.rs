//! BitMEX executions, whose text says where the order came from. Dates are month first. The quantity is in contracts.

use crate::formats::Cell::{Decimal, Ignored, Side, Symbol, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bitmex-trades",
    exchange: "BitMEX",
    title: "BitMEX trade history",
    export: "History > Trade history > Save as CSV",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "cm-futures")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2017",
    &[
        ("transactTime", TimeAs("time", Layout::MONTH_FIRST)),
        ("account?", Text("account")),
        ("symbol", Symbol("symbol")),
        ("execType", Ignored),
        ("side", Side("side")),
        ("lastQty", Decimal("quantity")),
        ("lastPx", Decimal("price")),
        ("execCost", Ignored),
        ("commission", Ignored),
        ("execComm", Ignored),
        ("ordType", Ignored),
        ("orderQty", Ignored),
        ("leavesQty", Ignored),
        ("price", Ignored),
        ("text", Text("origin")),
        ("orderID", Text("order_id")),
    ],
)];
