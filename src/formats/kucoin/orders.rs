//! KuCoin spot order history.

use crate::formats::Cell::{Decimal, Ignored, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-orders",
    exchange: "KuCoin",
    title: "KuCoin spot order history",
    export: "Orders > Spot > Order history > Export",
    table: Table::Orders,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2021",
        &[
            ("orderCreatedAt", Time("created")),
            ("id", Text("order_id")),
            ("clientOid", Text("client_order_id")),
            ("symbol", Symbol("symbol")),
            ("side", Side("side")),
            ("type", Text("type")),
            ("stopPrice", Ignored),
            ("price", Decimal("price")),
            ("size", Decimal("quantity")),
            ("dealSize", Decimal("executed")),
            ("dealFunds", Decimal("quote_total")),
            ("averagePrice", Decimal("average_price")),
            ("fee", Ignored),
            ("feeCurrency", Ignored),
            ("remark", Ignored),
            ("tags", Text("origin")),
            ("orderStatus", Text("status")),
        ],
    ),
    Generation::new(
        "from 2022",
        &[
            ("UID", Text("account")),
            ("Account Type", Ignored),
            ("Order ID", Text("order_id")),
            ("Order Time", Time("created")),
            ("Symbol", Symbol("symbol")),
            ("Side", Side("side")),
            ("Order Type", Text("type")),
            ("Order Price?", Decimal("price")),
            ("Order Amount?", Decimal("quantity")),
            ("Avg. Filled Price", Decimal("average_price")),
            ("Filled Amount", Decimal("executed")),
            ("Filled Volume", Decimal("quote_total")),
            ("Filled Volume (USDT)", Ignored),
            ("Filled Time", Time("updated")),
            ("Fee", Ignored),
            ("Fee Currency", Ignored),
            ("Tax?", Ignored),
            ("Status", Text("status")),
            ("Account Mode?", Ignored),
        ],
    ),
];
