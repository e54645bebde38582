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
            ("Date|Time|Čas|Tiempo|Durée|Tempo", Time("time")),
            ("Pair|Pár|Par|Paire", Symbol("symbol")),
            ("Side|Strana|Lado|Côté", Side("side")),
            ("Price|Cena|Precio|Prix|Preço", Decimal("price")),
            ("Executed|Quantity|Provedeno|Ejecutado|Exécuté|Executado", Base("quantity")),
            ("Amount|Částka|Cantidad|Montant|Quantidade", Quote("quote_total")),
            ("Fee|Poplatek|Tarifa|Frais|Taxa", Amount("fee", "fee_asset")),
        ],
    ),
    Generation::new(
        "report centre, 2026",
        &[
            ("Date|时间", Time("time")),
            ("Pair|交易对", Symbol("symbol")),
            ("Base Asset|基准货币", Ignored),
            ("Quote Asset|计价货币", Ignored),
            ("Type|类型", Side("side")),
            ("Price|价格", Decimal("price")),
            ("Amount|数量", Decimal("quantity")),
            ("Total|成交额", Decimal("quote_total")),
            ("Fee|手续费", Decimal("fee")),
            ("Fee Coin|手续费结算币种", Text("fee_asset")),
        ],
    ),
];
