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
    Generation {
        name: "2017 to 2021",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Market", Symbol("symbol")),
            ("Type", Side("side")),
            ("Price", Decimal("price")),
            ("Amount", Decimal("quantity")),
            ("Total", Decimal("quote_total")),
            ("Fee", Decimal("fee")),
            ("Fee Coin", Text("fee_asset")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "from 2021",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Pair", Symbol("symbol")),
            ("Side", Side("side")),
            ("Price", Decimal("price")),
            ("Executed", Base("quantity")),
            ("Amount", Quote("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "from 2024",
        columns: &[
            ("Time", Time("time")),
            ("Pair", Symbol("symbol")),
            ("Side", Side("side")),
            ("Price", Decimal("price")),
            ("Executed", Base("quantity")),
            ("Amount", Quote("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "with Quantity",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Pair", Symbol("symbol")),
            ("Side", Side("side")),
            ("Price", Decimal("price")),
            ("Quantity", Base("quantity")),
            ("Amount", Quote("quote_total")),
            ("Fee", Amount("fee", "fee_asset")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "report centre, 2026",
        columns: &[
            ("Date(UTC)", Time("time")),
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
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "Czech",
        columns: &[
            ("Čas", Time("time")),
            ("Pár", Symbol("symbol")),
            ("Strana", Side("side")),
            ("Cena", Decimal("price")),
            ("Provedeno", Base("quantity")),
            ("Částka", Quote("quote_total")),
            ("Poplatek", Amount("fee", "fee_asset")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "Spanish",
        columns: &[
            ("Tiempo", Time("time")),
            ("Par", Symbol("symbol")),
            ("Lado", Side("side")),
            ("Precio", Decimal("price")),
            ("Ejecutado", Base("quantity")),
            ("Cantidad", Quote("quote_total")),
            ("Tarifa", Amount("fee", "fee_asset")),
        ],
        fixed: &[],
        parts: &[],
    },
];
