//! Binance futures transaction history: profit, commission, funding and transfers of the futures wallet.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-futures-transactions",
    exchange: "Binance",
    title: "Binance futures transaction history",
    export: "Orders > Futures Order > Transaction History > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("wallet", "USD-M Futures")],
    file_words: &[],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[Generation::new(
    "to 2023",
    &[
        ("Date(UTC)", Time("time")),
        ("type", Text("operation")),
        ("Amount", Decimal("change")),
        ("Asset", Text("asset")),
        ("Symbol", Text("remark")),
        ("Transaction ID", Ignored),
    ],
)];
