//! Bybit deposits, withdrawals and other changes of the funding account's balance, and of the spot account's before the unified
//! account (AssetChangeDetails_fund, AssetChangeDetails_spot). What was done is said best by the description; the type of most
//! is only the product's.

use crate::formats::Cell::{Decimal, Flow, Ignored, Text, Time};
use crate::formats::{Format, Generation, Part, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bybit-transfers",
    exchange: "Bybit",
    title: "Bybit deposits and withdrawals",
    export: "Assets > Funding account > History > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

/// What its legs tell besides.
const TOLD: &[Table] = &[Table::Trades, Table::Transfers];

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2021",
        &[
            ("Uid?", Text("account")),
            ("Type", Text("operation")),
            ("Coin", Text("asset")),
            ("Amount", Flow("change")),
            ("Wallet Balance", Ignored),
            ("Time(UTC)", Time("time")),
        ],
    )
    .telling(TOLD),
    Generation::new(
        "from 2021",
        &[
            ("Uid?", Text("account")),
            ("Date & Time(UTC)", Time("time")),
            ("Coin", Text("asset")),
            ("QTY", Decimal("change")),
            ("Type", Text("remark")),
            ("Account Balance", Ignored),
            ("Description", Text("operation")),
        ],
    )
    .with_parts(&[Part {
        column: "Type",
        words: &["deposit", "withdraw", "withdrawal"],
        table: Table::Ledger,
        columns: &[
            ("Uid?", Text("account")),
            ("Date & Time(UTC)", Time("time")),
            ("Coin", Text("asset")),
            ("QTY", Decimal("change")),
            ("Type", Text("operation")),
            ("Description", Text("remark")),
        ],
        fixed: &[],
    }])
    .telling(TOLD),
];
