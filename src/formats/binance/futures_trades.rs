//! Binance USD-M futures trade history: the one trade export with both trade and order id.

use crate::formats::Cell::{Amount, Decimal, Ignored, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-futures-trades",
    exchange: "Binance",
    title: "Binance futures trade history",
    export: "Orders > Futures Order > Trade History > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "um-futures")],
    file_words: &[],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation {
        name: "to 2023",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Symbol", Symbol("symbol")),
            ("Side", Side("side")),
            ("Price", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("Amount", Decimal("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
            ("Realized Profit", Decimal("realized_profit")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "to 2023, with quote asset",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Symbol", Symbol("symbol")),
            ("Side", Side("side")),
            ("Price", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("Amount", Decimal("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
            ("Realized Profit", Decimal("realized_profit")),
            ("Quote Asset", Ignored),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "to 2023, with fee coin",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Symbol", Symbol("symbol")),
            ("Side", Side("side")),
            ("Price", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("Amount", Decimal("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
            ("Realized Profit", Decimal("realized_profit")),
            ("Fee Coin", Text("fee_asset")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "to 2023, with fee coin and quote asset",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Symbol", Symbol("symbol")),
            ("Side", Side("side")),
            ("Price", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("Amount", Decimal("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
            ("Realized Profit", Decimal("realized_profit")),
            ("Fee Coin", Text("fee_asset")),
            ("Quote Asset", Ignored),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "from 2024",
        columns: &[
            ("Uid", Text("account")),
            ("Time", Time("time")),
            ("Symbol", Symbol("symbol")),
            ("Side", Side("side")),
            ("Price", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("Amount", Decimal("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
            ("Realized Profit", Decimal("realized_profit")),
            ("Buyer", Ignored),
            ("Maker", Text("maker")),
            ("Trade ID", Text("trade_id")),
            ("Order ID", Text("order_id")),
        ],
        fixed: &[],
        parts: &[],
    },
];
