//! HitBTC deposits, withdrawals and transfers of the main account. The first form names the asset in a field behind all that
//! its header names. Withdrawals came without a type for a while.

use crate::formats::Cell::{Direction, Flow, Ignored, Size, Text, Time};
use crate::formats::{Cell, Format, Generation, Part, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "hitbtc-movements",
    exchange: "HitBTC",
    title: "HitBTC deposits and withdrawals",
    export: "Reports > Payment history > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "without e-mail",
        &[
            ("Date (UTC)", Time("time")),
            ("Operation id", Text("reference")),
            ("Type", Text("operation")),
            ("Amount", Flow("change")),
            ("Transaction Hash", Text("tx_id")),
            ("Main account balance", Ignored),
            ("?", Text("asset")),
        ],
    )
    .with_parts(&[Part {
        column: "Type",
        words: &["deposit", "withdraw", "withdrawal"],
        table: Table::Transfers,
        columns: &[
            ("Date (UTC)", Time("time")),
            ("Type", Direction("direction")),
            ("Amount", Size("amount")),
            ("Transaction Hash", Text("tx_id")),
            ("?", Text("asset")),
        ],
        fixed: &[("kind", "chain")],
    }]),
    Generation::new(
        "with e-mail",
        &[
            ("Email", Text("account")),
            ("Date (UTC)", Time("time")),
            ("Operation id", Text("reference")),
            ("Type", Text("operation")),
            ("Amount", Flow("change")),
            ("Transaction hash", Text("tx_id")),
            ("Main account balance", Ignored),
            ("Currency", Text("asset")),
        ],
    )
    .with_parts(&[
        Part {
            column: "Type",
            words: &["deposit", "withdraw", "withdrawal"],
            table: Table::Transfers,
            columns: MOVED,
            fixed: &[("kind", "chain")],
        },
        Part {
            column: "Type",
            words: &[""],
            table: Table::Transfers,
            columns: MOVED,
            fixed: &[("kind", "chain"), ("direction", "out")],
        },
    ]),
];

const MOVED: &[(&str, Cell)] = &[
    ("Email", Text("account")),
    ("Date (UTC)", Time("time")),
    ("Type", Direction("direction")),
    ("Amount", Size("amount")),
    ("Transaction hash", Text("tx_id")),
    ("Currency", Text("asset")),
];
