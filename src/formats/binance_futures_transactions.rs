//! Binance futures transaction history: profit, commission, funding and transfers of the futures wallet.

use super::Cell::{Decimal, Ignored, Text, Time};
use super::{Format, Generation, Shape};
use crate::tables::Table;

pub(super) static FORMAT: Format = Format {
    id: "binance-futures-transactions",
    title: "Binance futures transaction history",
    export: "Orders > Futures Order > Transaction History > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("wallet", "USD-M Futures")],
    file_words: &[],
    by_default: true,
};

pub(super) static GENERATIONS: &[Generation] = &[Generation {
    name: "to 2023",
    columns: &[
        ("Date(UTC)", Time("time")),
        ("type", Text("operation")),
        ("Amount", Decimal("change")),
        ("Asset", Text("asset")),
        ("Symbol", Text("remark")),
        ("Transaction ID", Ignored),
    ],
    fixed: &[],
}];
