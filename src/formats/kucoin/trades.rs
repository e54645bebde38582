//! KuCoin fills, those of its trading bots among them. The offset of the times stands in the name of their column and differs
//! from file to file; user ids are masked in some files and not in others.

use crate::formats::Cell::{Decimal, Ignored, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-trades",
    exchange: "KuCoin",
    title: "KuCoin spot fills",
    export: "Orders > Spot > Trade history > Export (Filled Orders)",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "2018",
        &[
            ("uid", Text("account")),
            ("symbol", Symbol("symbol")),
            ("direction", Side("side")),
            ("deal_price", Decimal("price")),
            ("amount", Decimal("quantity")),
            ("deal_value", Decimal("quote_total")),
            ("created_at", Time("time")),
        ],
    ),
    Generation::new(
        "2019, no symbol of its own",
        &[
            ("oid", Text("order_id")),
            ("symbol", Symbol("symbol")),
            ("dealPrice", Decimal("price")),
            ("dealValue", Decimal("quote_total")),
            ("amount", Decimal("quantity")),
            ("fee", Decimal("fee")),
            ("direction", Side("side")),
            ("createdDate", Time("time")),
        ],
    ),
    Generation::new(
        "2019",
        &[
            ("uid", Text("account")),
            ("symbol", Symbol("symbol")),
            ("order_type", Ignored),
            ("price", Decimal("price")),
            ("amount_coin", Decimal("quantity")),
            ("direction", Side("side")),
            ("funds", Decimal("quote_total")),
            ("fee", Decimal("fee")),
            ("created_at", Time("time")),
        ],
    ),
    Generation::new(
        "2019, with an asset beside each amount",
        &[
            ("Time", Time("time")),
            ("Pair", Symbol("symbol")),
            ("Side", Side("side")),
            ("FilledPrice", Decimal("price")),
            ("FilledPriceCoin", Ignored),
            ("Amount", Decimal("quantity")),
            ("AmountCoin", Ignored),
            ("Volume", Decimal("quote_total")),
            ("VolumeCoin", Ignored),
            ("Fee", Decimal("fee")),
            ("FeeCoin", Text("fee_asset")),
        ],
    ),
    Generation::new(
        "to 2021",
        &[
            ("tradeCreatedAt", Time("time")),
            ("orderId?", Text("order_id")),
            ("symbol", Symbol("symbol")),
            ("side", Side("side")),
            ("price", Decimal("price")),
            ("size", Decimal("quantity")),
            ("funds", Decimal("quote_total")),
            ("fee", Decimal("fee")),
            ("liquidity?", Text("maker")),
            ("feeCurrency", Text("fee_asset")),
            ("orderType?", Ignored),
        ],
    ),
    Generation::new(
        "from 2022",
        &[
            ("UID", Text("account")),
            ("Account Type", Ignored),
            ("Order ID", Text("order_id")),
            ("Symbol", Symbol("symbol")),
            ("Side", Side("side")),
            ("Order Type", Ignored),
            ("Avg. Filled Price", Decimal("price")),
            ("Filled Amount", Decimal("quantity")),
            ("Filled Volume", Decimal("quote_total")),
            ("Filled Volume (USDT)", Ignored),
            ("Filled Time", Time("time")),
            ("Fee", Decimal("fee")),
            ("Tax?", Ignored),
            ("Maker/Taker", Text("maker")),
            ("Fee Currency", Text("fee_asset")),
            ("Account Mode?", Ignored),
        ],
    ),
    Generation::new(
        "from a bot",
        &[
            ("UID", Text("account")),
            ("Account Type", Ignored),
            ("Order ID", Text("order_id")),
            ("Symbol", Symbol("symbol")),
            ("Side", Side("side")),
            ("Order Type", Ignored),
            ("Filled Price", Decimal("price")),
            ("Filled Amount", Decimal("quantity")),
            ("Filled Volume", Decimal("quote_total")),
            ("Filled Volume (USDT)", Ignored),
            ("Time Filled", Time("time")),
            ("Fee", Decimal("fee")),
            ("Fee Currency", Text("fee_asset")),
            ("Tax", Ignored),
        ],
    ),
];
