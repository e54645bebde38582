//! KuCoin futures: what each closed position won or lost. One cell of the header begins with a comma.

use crate::formats::Cell::{Decimal, Ignored, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-realized-profit",
    exchange: "KuCoin",
    title: "KuCoin futures profit and loss",
    export: "Orders > Futures > Realized PNL > Export",
    table: Table::Positions,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "2021",
        &[
            ("Contract", Symbol("symbol")),
            ("Realized PNL", Decimal("realized_profit")),
            ("Close Time", Time("time")),
            ("PNL Details", Text("status")),
        ],
    ),
    Generation::new(
        "from 2022",
        &[
            ("UID", Text("account")),
            ("Account Type", Ignored),
            ("Symbol", Symbol("symbol")),
            ("Close Type", Text("status")),
            ("Realized PNL", Decimal("realized_profit")),
            ("Total Realized PNL", Ignored),
            ("Total Funding Fees", Ignored),
            ("Total Trading Fees", Ignored),
            ("Position Opening Time", Time("time")),
            ("Position Closing Time", Time("closed")),
        ],
    ),
];
