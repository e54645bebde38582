//! MEXC statements of the spot, futures and Earn accounts; a column says whether it came or went.

use crate::formats::Cell::{Decimal, Flow, Ignored, Sign, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "mexc-statement",
    exchange: "MEXC",
    title: "MEXC account statement",
    export: "Wallets > Account statement > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "from 2025",
        &[
            ("UID?", Text("account")),
            ("Creation Time(UTC+00:00)", Time("time")),
            ("Crypto", Text("asset")),
            ("Transaction Type", Text("operation")),
            ("Direction", Sign("change")),
            ("Quantity", Decimal("change")),
        ],
    )
    .telling(&[Table::Transfers]),
    // Its deposits and withdrawals are moves between the account's own wallets.
    Generation::new(
        "futures capital flow",
        &[
            ("UID?", Text("account")),
            ("Time(UTC+00:00)", Time("time")),
            ("Futures Trading Pair", Symbol("symbol")),
            ("Crypto", Text("asset")),
            ("Fund Type", Text("remark")),
            ("Fund Flow Type", Sign("change")),
            ("Amount", Decimal("change")),
        ],
    )
    .with_fixed(&[("wallet", "Futures"), ("operation", "Futures capital flow")]),
    Generation::new(
        "other entries",
        &[
            ("UID?", Text("account")),
            ("Time", Time("time")),
            ("Crypto", Text("asset")),
            ("Type", Text("operation")),
            ("Quantity", Flow("change")),
            ("Status", Ignored),
            ("Remark", Text("remark")),
        ],
    ),
];
