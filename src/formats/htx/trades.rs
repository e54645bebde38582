//! HTX (Huobi) trade history. From 2023 it says where the order came from: `web`, and others.

use crate::formats::Cell::{Amount, Decimal, Ignored, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "htx-trades",
    exchange: "HTX",
    title: "HTX (Huobi) trade history",
    export: "Orders > Exchange orders > Trade history > Export",
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
            ("Time", Time("time")),
            ("Type", Ignored),
            ("Pair", Symbol("symbol")),
            ("Side", Side("side")),
            ("Price", Decimal("price")),
            ("Amount", Decimal("quantity")),
            ("Total", Decimal("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
        ],
    ),
    Generation::new(
        "from 2023",
        &[
            ("uid", Text("account")),
            ("symbol", Symbol("symbol")),
            ("deal_type", Side("side")),
            ("order_type", Text("origin")),
            ("account_type", Ignored),
            ("price", Decimal("price")),
            ("volume", Decimal("quantity")),
            ("amount", Decimal("quote_total")),
            ("fee_amount", Decimal("fee")),
            ("fee_currency", Text("fee_asset")),
            ("fee_point_currency", Ignored),
            ("fee_point_volume", Ignored),
            ("deal_time", Time("time")),
        ],
    ),
];
