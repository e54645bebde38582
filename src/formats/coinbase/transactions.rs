//! Coinbase transaction history: one record per purchase, sale, conversion or transfer. Quantities had no sign before 2025.

use crate::formats::Cell::{BaseAsset, Decimal, Direction, Flow, Ignored, OfAsset, QuoteAsset, Side, Size, Text, Time};
use crate::formats::{Format, Generation, Part, Piece, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "coinbase-transactions",
    exchange: "Coinbase",
    title: "Coinbase transaction history",
    export: "Profile > Statements > Generate custom statement > CSV",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

/// Purchases and sales, with their price.
const TRADES: Part = Part {
    column: "Transaction Type",
    words: &["buy", "sell", "advanced trade buy", "advanced trade sell", "advance trade buy", "advance trade sell"],
    table: Table::Trades,
    columns: &[
        ("ID?", Text("trade_id")),
        ("Timestamp", Time("time")),
        ("Transaction Type", Side("side")),
        ("Asset", BaseAsset("symbol")),
        ("Quantity Transacted", Size("quantity")),
        ("Spot Price Currency|Price Currency", QuoteAsset("symbol")),
        ("Spot Price at Transaction|Price at Transaction", Decimal("price")),
        ("Subtotal", Size("quote_total")),
        ("Fees|Fees and/or Spread", Decimal("fee")),
    ],
    fixed: &[("market", "spot")],
};

/// What was bought and sold, where the columns are named for the currency it was paid in.
const NAMED_TRADES: Part = Part {
    columns: &[
        ("Timestamp", Time("time")),
        ("Transaction Type", Side("side")),
        ("Asset", BaseAsset("symbol")),
        ("Quantity Transacted", Size("quantity")),
        ("??? Spot Price at Transaction", Decimal("price")),
        ("??? Subtotal", OfAsset(Piece::Quote)),
        ("??? Fees", OfAsset(Piece::Fee)),
    ],
    ..TRADES
};

/// What came from elsewhere and went there.
const TRANSFERS: Part = Part {
    column: "Transaction Type",
    words: &["send", "receive", "withdrawal", "deposit"],
    table: Table::Transfers,
    columns: &[
        ("ID?", Text("tx_id")),
        ("Timestamp", Time("time")),
        ("Transaction Type", Direction("direction")),
        ("Asset", Text("asset")),
        ("Quantity Transacted", Size("amount")),
        ("Notes", Text("tag")),
        ("Recipient Address?", Text("address")),
    ],
    fixed: &[("kind", "chain")],
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "2020, currency in the header",
        &[
            ("Timestamp", Time("time")),
            ("Transaction Type", Text("operation")),
            ("Asset", Text("asset")),
            ("Quantity Transacted", Flow("change")),
            ("??? Spot Price at Transaction", Ignored),
            ("??? Subtotal", Ignored),
            ("??? Total (inclusive of fees)", Ignored),
            ("??? Fees", Ignored),
            ("Notes", Text("remark")),
        ],
    )
    .with_parts(&[NAMED_TRADES, TRANSFERS]),
    Generation::new(
        "2021, no currency",
        &[
            ("Timestamp", Time("time")),
            ("Transaction Type", Text("operation")),
            ("Asset", Text("asset")),
            ("Quantity Transacted", Flow("change")),
            ("Spot Price at Transaction", Ignored),
            ("Subtotal", Ignored),
            ("Total (inclusive of fees)", Ignored),
            ("Fees", Ignored),
            ("Notes", Text("remark")),
        ],
    )
    .with_parts(&[TRANSFERS]),
    Generation::new(
        "from 2021",
        &[
            ("ID?", Text("reference")),
            ("Timestamp", Time("time")),
            ("Transaction Type", Text("operation")),
            ("Asset", Text("asset")),
            ("Quantity Transacted", Flow("change")),
            ("Spot Price Currency|Price Currency", Ignored),
            ("Spot Price at Transaction|Price at Transaction", Ignored),
            ("Subtotal", Ignored),
            ("Total (inclusive of fees)|Total (inclusive of fees and/or spread)|Total", Ignored),
            ("Fees|Fees and/or Spread", Ignored),
            ("Notes", Text("remark")),
            ("Sender Address?", Ignored),
            ("Recipient Address?", Text("address")),
        ],
    )
    .with_parts(&[TRADES, TRANSFERS]),
];
