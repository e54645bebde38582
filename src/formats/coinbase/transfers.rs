//! Coinbase transfers report of the years before 2018. The column that holds the quantity is named for the coin.

use crate::formats::Cell::{Decimal, Direction, Ignored, OfAsset, QuoteAsset, Side, Text, Time};
use crate::formats::{Format, Generation, Part, Piece, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "coinbase-transfers",
    exchange: "Coinbase",
    title: "Coinbase transfers report (before 2018)",
    export: "Reports > Transfers (until 2018)",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "to 2018",
    &[
        ("Timestamp", Time("time")),
        ("Type", Direction("direction")),
        ("*", Ignored),
        ("Subtotal", Ignored),
        ("Fees", Decimal("fee")),
        ("Total", Decimal("amount")),
        ("Currency", Text("asset")),
        ("Price Per Coin", Ignored),
        ("Payment Method", Text("method")),
        ("ID", Text("tx_id")),
        ("Share", Ignored),
    ],
)
.with_fixed(&[("kind", "fiat")])
.with_parts(&[Part {
    column: "Type",
    words: &["buy", "sell"],
    table: Table::Trades,
    columns: &[
        ("Timestamp", Time("time")),
        ("Type", Side("side")),
        ("*", OfAsset(Piece::Base)),
        ("Subtotal", Decimal("quote_total")),
        ("Fees", Decimal("fee")),
        ("Currency", QuoteAsset("symbol")),
        ("Price Per Coin", Decimal("price")),
        ("ID", Text("trade_id")),
    ],
    fixed: &[("market", "spot")],
}])];
