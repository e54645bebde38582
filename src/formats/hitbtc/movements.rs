//! HitBTC deposits, withdrawals and transfers of the main account. The first form does not name the asset.

use crate::formats::Cell::{Flow, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
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
        ],
    ),
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
    ),
];
