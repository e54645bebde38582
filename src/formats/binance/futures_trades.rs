//! Binance futures trade history: the one trade export with both trade and order id. Contracts that are margined in coin
//! (COIN-M) are told by their spelling, and in files of their own by the name of the file.

use crate::formats::Cell::{Amount, Contract, Decimal, Ignored, Side, Text, Time};
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
    Generation::new(
        "to 2023",
        &[
            ("Date", Time("time")),
            ("Symbol", Contract("symbol")),
            ("Side", Side("side")),
            ("Price", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("Amount", Decimal("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
            ("Realized Profit", Decimal("realized_profit")),
            ("Fee Coin?", Text("fee_asset")),
            ("Quote Asset?", Ignored),
        ],
    ),
    Generation::new(
        "from 2024",
        &[
            ("Uid", Text("account")),
            ("Time", Time("time")),
            ("Symbol", Contract("symbol")),
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
    ),
];
