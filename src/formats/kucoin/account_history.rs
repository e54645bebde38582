//! KuCoin account history: one record per change of a balance, the side in a column of its own.

use crate::formats::Cell::{Decimal, Ignored, Sign, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-account-history",
    exchange: "KuCoin",
    title: "KuCoin account history",
    export: "Assets > Account history > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "from 2022",
        &[
            ("UID", Text("account")),
            ("Account Type", Text("wallet")),
            ("Currency", Text("asset")),
            ("Side", Sign("change")),
            ("Amount", Decimal("change")),
            ("Fee", Ignored),
            ("Time", Time("time")),
            ("Remark", Text("operation")),
        ],
    )
    .telling(TOLD),
    Generation::new(
        "with type",
        &[
            ("UID", Text("account")),
            ("Account Type", Text("wallet")),
            ("Currency", Text("asset")),
            ("Side", Sign("change")),
            ("Amount", Decimal("change")),
            ("Fee", Ignored),
            ("Time", Time("time")),
            ("Remark", Text("remark")),
            ("Type", Text("operation")),
        ],
    )
    .telling(TOLD),
];

/// What its legs tell besides.
const TOLD: &[Table] = &[Table::Trades, Table::Transfers];
