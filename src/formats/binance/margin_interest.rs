//! Binance margin interest: what loans cost by the hour.

use crate::formats::Cell::{Ignored, Less, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-margin-interest",
    exchange: "Binance",
    title: "Binance margin interest",
    export: "Orders > Margin Order > Interest > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("wallet", "Margin"), ("operation", "Margin Interest")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "2022",
    &[
        ("Pair", Ignored),
        ("Coin", Text("asset")),
        ("Amount", Less("change")),
        ("Time", Time("time")),
        ("Interest Type", Text("remark")),
    ],
)];
