//! Gate.io spot trade history: amounts with their asset behind them.

use crate::formats::Cell::{Amount, Base, Decimal, Quote, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "gate-trades",
    exchange: "Gate",
    title: "Gate.io spot trade history",
    export: "Orders > Spot order > Trade history > Export (Spot_TradeHistory)",
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
            ("No", Text("trade_id")),
            ("Order id", Text("order_id")),
            ("Time", Time("time")),
            ("Trade type", Side("side")),
            ("Maker/Taker", Text("maker")),
            ("Pair", Symbol("symbol")),
            ("Price", Decimal("price")),
            ("Amount", Base("quantity")),
            ("Fee", Amount("fee", "fee_asset")),
            ("Total", Quote("quote_total")),
        ],
    ),
    Generation::new(
        "from 2021",
        &[
            ("No", Text("trade_id")),
            ("Time", Time("time")),
            ("Trade type", Side("side")),
            ("Role", Text("maker")),
            ("Market", Symbol("symbol")),
            ("Deal price", Decimal("price")),
            ("Deal amount", Base("quantity")),
            ("Total", Quote("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
        ],
    ),
];
