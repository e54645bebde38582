//! KuCoin futures fills, those of its trading bots among them.

use crate::formats::Cell::{Decimal, Ignored, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-futures-trades",
    exchange: "KuCoin",
    title: "KuCoin futures fills",
    export: "Orders > Futures > Filled orders > Export (Show Order-Splitting)",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "um-futures")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "from 2022",
        &[
            ("UID", Text("account")),
            ("Account Type", Ignored),
            ("Order ID", Text("order_id")),
            ("Filled Time", Time("time")),
            ("Symbol", Symbol("symbol")),
            ("Side", Side("side")),
            ("Filled Amount", Decimal("quantity")),
            ("Filled Price", Decimal("price")),
            ("Filled Volume", Decimal("quote_total")),
            ("Filled Volume (USDT)", Ignored),
            ("Fee Rate", Ignored),
            ("Fee", Decimal("fee")),
            ("Order Type", Ignored),
        ],
    ),
    Generation::new(
        "from a bot",
        &[
            ("UID", Text("account")),
            ("Account Type", Ignored),
            ("Order ID", Text("order_id")),
            ("Time Filled", Time("time")),
            ("Symbol", Symbol("symbol")),
            ("Side", Side("side")),
            ("Order Type", Ignored),
            ("Filled Amount", Decimal("quantity")),
            ("Filled Price", Decimal("price")),
            ("Filled Volume", Decimal("quote_total")),
            ("Filled Volume (USDT)", Ignored),
            ("Fee", Decimal("fee")),
            ("Fee Currency", Text("fee_asset")),
        ],
    ),
];
