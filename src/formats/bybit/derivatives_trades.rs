//! Bybit derivatives trade history: fills, and the funding that was paid or received between them.

use crate::formats::Cell::{Decimal, Ignored, Less, Position, Symbol, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Part, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bybit-derivatives-trades",
    exchange: "Bybit",
    title: "Bybit derivatives trade history",
    export: "Orders > Derivatives orders > Trade history > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "um-futures")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2025",
    &[
        ("Uid?", Text("account")),
        ("Market", Symbol("symbol")),
        ("Filled Type", Ignored),
        ("Filled Quantity", Decimal("quantity")),
        ("Filled Price", Decimal("price")),
        ("Order Price", Ignored),
        ("Fee Rate", Ignored),
        ("Trading Fee", Decimal("fee")),
        ("feeCoin?", Text("fee_asset")),
        ("ExecFeeV2?", Ignored),
        ("Direction", Position("side")),
        ("Order Type", Ignored),
        // So spelled by the exchange.
        ("Trasaction ID|Transaction ID", Text("trade_id")),
        ("Order No.", Text("order_id")),
        ("Transaction Time(UTC+0)", TimeAs("time", Layout::MINUTES)),
    ],
)
.with_parts(&[Part {
    column: "Filled Type",
    words: &["funding"],
    table: Table::Ledger,
    columns: &[
        ("Uid?", Text("account")),
        ("Market", Text("remark")),
        ("Filled Type", Text("operation")),
        ("Trading Fee", Less("change")),
        ("feeCoin?", Text("asset")),
        ("Transaction Time(UTC+0)", TimeAs("time", Layout::MINUTES)),
    ],
    fixed: &[("wallet", "Derivatives")],
}])];
