//! Bitvavo transaction history: zone, date and time of day in columns of their own; signed amounts. Until 2023 all prices were
//! in euros. What was paid holds the fee, what was received lacks it, and so does what arrived of a withdrawal.

use crate::formats::Cell::{
    BaseAsset, Clock, Date, Decimal, Direction, Ignored, OfAsset, QuoteAsset, Side, Size, Text, Within, Zone,
};
use crate::formats::{Format, Generation, Part, Piece, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bitvavo-transactions",
    exchange: "Bitvavo",
    title: "Bitvavo transaction history",
    export: "Account > Transaction history > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2021",
    &[
        ("Timezone", Zone("time")),
        ("Date", Date("time")),
        ("Time", Clock("time")),
        ("Type", Text("operation")),
        ("Currency", Text("asset")),
        ("Amount", Decimal("change")),
        ("Quote Currency?", Ignored),
        ("Price (EUR)|Quote Price", Ignored),
        ("Received / Paid Currency?", Ignored),
        ("EUR received / paid|Received / Paid Amount", Ignored),
        ("Fee currency", Ignored),
        ("Fee amount", Ignored),
        ("Status", Text("remark")),
        ("Transaction ID", Text("tx_id")),
        ("Address", Text("address")),
    ],
)
.with_parts(&[
    Part {
        column: "Type",
        words: &["deposit", "withdrawal"],
        table: Table::Transfers,
        columns: &[
            ("Timezone", Zone("time")),
            ("Date", Date("time")),
            ("Time", Clock("time")),
            ("Type", Direction("direction")),
            ("Currency", Text("asset")),
            ("Amount", Size("amount")),
            ("Status", Text("status")),
            ("Transaction ID", Text("tx_id")),
            ("Address", Text("address")),
        ],
        fixed: &[("kind", "chain")],
    },
    // Nothing came of an order that was cancelled.
    Part {
        column: "Status",
        words: &["canceled", "cancelled"],
        table: Table::Ledger,
        columns: &[
            ("Timezone", Zone("time")),
            ("Date", Date("time")),
            ("Time", Clock("time")),
            ("Type", Text("operation")),
            ("Currency", Text("asset")),
            ("Status", Text("remark")),
            ("Transaction ID", Text("tx_id")),
        ],
        fixed: &[],
    },
    Part {
        column: "Type",
        words: &["buy", "sell"],
        table: Table::Trades,
        columns: &[
            ("Timezone", Zone("time")),
            ("Date", Date("time")),
            ("Time", Clock("time")),
            ("Type", Side("side")),
            ("Currency", BaseAsset("symbol")),
            ("Amount", Size("quantity")),
            ("Quote Currency?", QuoteAsset("symbol")),
            ("Price (EUR)|Quote Price", Decimal("price")),
            ("EUR received / paid?", OfAsset(Piece::Quote)),
            ("Received / Paid Amount?", Size("quote_total")),
            ("Fee currency", Text("fee_asset")),
            ("Fee amount", Within("quote_total", "fee")),
            ("Transaction ID", Text("trade_id")),
        ],
        fixed: &[("market", "spot")],
    },
])];
