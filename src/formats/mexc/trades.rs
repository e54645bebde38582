//! MEXC spot trade history.

use crate::formats::Cell::{Amount, Decimal, Side, Size, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "mexc-trades",
    exchange: "MEXC",
    title: "MEXC spot trade history",
    export: "Orders > Spot orders > Trade history > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2021",
    &[
        ("UID?", Text("account")),
        ("Pairs|Paare", Symbol("symbol")),
        ("Time|Zeit", Time("time")),
        ("Side|Seite", Side("side")),
        ("Filled Price|Realisierter Preis", Decimal("price")),
        ("Executed Amount|Ausgeführter Betrag", Size("quantity")),
        ("Total|Gesamt", Size("quote_total")),
        ("Fee|Gebühr", Amount("fee", "fee_asset")),
        ("Role|Rolle", Text("maker")),
    ],
)];
