//! Gemini transaction history, which says for each trade the API session of its order. What came or went, what was charged and
//! what is there then stand in three columns for each asset that the account ever held.

use crate::formats::Cell::{Clock, Date, Direction, Ignored, Side, Symbol, Text};
use crate::formats::{Format, Generation, Part, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "gemini-transactions",
    exchange: "Gemini",
    title: "Gemini transaction history",
    export: "Account > Settings > Export transaction history",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2017",
    &[
        ("Date", Date("time")),
        ("Time (UTC)", Clock("time")),
        ("Type", Text("operation")),
        ("Symbol", Text("asset")),
        ("Specification", Text("remark")),
        ("Liquidity Indicator", Ignored),
        ("Trading Fee Rate (bps)", Ignored),
        ("Trade ID", Ignored),
        ("Order ID", Text("reference")),
        ("Order Date", Ignored),
        ("Order Time", Ignored),
        ("Client Order ID", Ignored),
        ("API Session", Ignored),
        ("Tx Hash", Text("tx_id")),
        ("Deposit Destination?", Ignored),
        ("Deposit Tx Output", Ignored),
        ("Withdrawal Destination", Text("address")),
        ("Withdrawal Tx Output", Ignored),
    ],
)
.with_parts(&[
    Part {
        column: "Type",
        words: &["buy", "sell"],
        table: Table::Trades,
        columns: &[
            ("Date", Date("time")),
            ("Time (UTC)", Clock("time")),
            ("Type", Side("side")),
            ("Symbol", Symbol("symbol")),
            ("Liquidity Indicator", Text("maker")),
            ("Trade ID", Text("trade_id")),
            ("Order ID", Text("order_id")),
            ("Client Order ID", Text("client_order_id")),
            ("API Session", Text("origin")),
        ],
        fixed: &[("market", "spot")],
    },
    Part {
        column: "Type",
        words: &["credit", "debit"],
        table: Table::Transfers,
        columns: &[
            ("Date", Date("time")),
            ("Time (UTC)", Clock("time")),
            ("Type", Direction("direction")),
            ("Symbol", Text("asset")),
            ("Specification", Text("method")),
            ("Tx Hash", Text("tx_id")),
            ("Withdrawal Destination", Text("address")),
        ],
        fixed: &[("kind", "chain")],
    },
])
.with_assets()];
