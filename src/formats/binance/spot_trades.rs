//! Binance spot trade history: no trade id, no order id; equal records are different fills.

use crate::formats::Cell::{Amount, Base, Decimal, Ignored, Quote, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-spot-trades",
    exchange: "Binance",
    title: "Binance spot trade history",
    export: "Orders > Spot Order > Trade History > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &["trade"],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation::new(
        "2017 to 2021",
        &[
            ("Date", Time("time")),
            ("Market", Symbol("symbol")),
            ("Type", Side("side")),
            ("Price", Decimal("price")),
            ("Amount", Decimal("quantity")),
            ("Total", Decimal("quote_total")),
            ("Fee", Decimal("fee")),
            ("Fee Coin", Text("fee_asset")),
        ],
    ),
    Generation::new(
        "from 2021",
        &[
            ("Date|Time|Čas|Tiempo", Time("time")),
            ("Pair|Pár|Par", Symbol("symbol")),
            ("Side|Strana|Lado", Side("side")),
            ("Price|Cena|Precio", Decimal("price")),
            ("Executed|Quantity|Provedeno|Ejecutado", Base("quantity")),
            ("Amount|Částka|Cantidad", Quote("quote_total")),
            ("Fee|Poplatek|Tarifa", Amount("fee", "fee_asset")),
        ],
    ),
    Generation::new(
        "report centre, 2026",
        &[
            ("Date", Time("time")),
            ("Pair", Symbol("symbol")),
            ("Base Asset", Ignored),
            ("Quote Asset", Ignored),
            ("Type", Side("side")),
            ("Price", Decimal("price")),
            ("Amount", Decimal("quantity")),
            ("Total", Decimal("quote_total")),
            ("Fee", Decimal("fee")),
            ("Fee Coin", Text("fee_asset")),
        ],
    ),
];
