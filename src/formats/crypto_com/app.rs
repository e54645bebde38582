//! Crypto.com App transactions: one record per purchase, exchange or transfer, signed.

use crate::formats::Cell::{Decimal, Direction, Ignored, Size, Text, Time};
use crate::formats::{Format, Generation, Part, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "crypto-com-app",
    exchange: "Crypto.com",
    title: "Crypto.com App transactions",
    export: "App > Accounts > History > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2019",
    &[
        ("Timestamp (UTC)", Time("time")),
        ("Transaction Description", Text("remark")),
        ("Currency", Text("asset")),
        ("Amount", Decimal("change")),
        ("To Currency", Ignored),
        ("To Amount", Ignored),
        ("Native Currency", Ignored),
        ("Native Amount", Ignored),
        ("Native Amount (in USD)", Ignored),
        ("Transaction Kind", Text("operation")),
        ("Transaction Hash?", Text("tx_id")),
    ],
)
.with_parts(&[
    Part {
        column: "Transaction Kind",
        words: &["crypto_withdrawal", "crypto_deposit"],
        table: Table::Transfers,
        columns: &[
            ("Timestamp (UTC)", Time("time")),
            ("Currency", Text("asset")),
            ("Amount", Size("amount")),
            ("Transaction Kind", Direction("direction")),
            ("Transaction Hash?", Text("tx_id")),
            ("Transaction Description", Text("tag")),
        ],
        fixed: &[("kind", "chain")],
    },
    // One record tells both sides of an exchange.
    Part {
        column: "To Currency",
        words: &[],
        table: Table::Transfers,
        columns: &[
            ("Timestamp (UTC)", Time("time")),
            ("Currency", Text("asset")),
            ("Amount", Size("amount")),
            ("To Currency", Text("received_asset")),
            ("To Amount", Size("received")),
            ("Transaction Kind", Text("method")),
        ],
        fixed: &[("kind", "convert")],
    },
])];
