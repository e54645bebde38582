//! Bybit spot trade history. In 2024 its times were written `14:35 2024-11-16`, to the minute; since 2025 what was charged stands
//! in a column of its own, with its coin, and the old one is empty.

use crate::formats::Cell::{Decimal, Ignored, Side, Symbol, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bybit-spot-trades",
    exchange: "Bybit",
    title: "Bybit spot trade history",
    export: "Orders > Spot orders > Trade history > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2025",
        &[
            ("Uid?", Text("account")),
            ("Spot Pairs", Symbol("symbol")),
            ("Order Type", Ignored),
            ("Direction", Side("side")),
            ("Filled Value", Decimal("quote_total")),
            ("Filled Price", Decimal("price")),
            ("Filled Quantity", Decimal("quantity")),
            ("Fees", Decimal("fee")),
            ("Transaction ID", Text("trade_id")),
            ("Order No.", Text("order_id")),
            ("Timestamp (UTC)", TimeAs("time", Layout::MINUTES)),
        ],
    ),
    Generation::new(
        "with the coin of the fee",
        &[
            ("Uid?", Text("account")),
            ("Spot Pairs", Symbol("symbol")),
            ("Order Type", Ignored),
            ("Direction", Side("side")),
            ("feeCoin", Text("fee_asset")),
            ("ExecFeeV2", Decimal("fee")),
            ("Filled Value", Decimal("quote_total")),
            ("Filled Price", Decimal("price")),
            ("Filled Quantity", Decimal("quantity")),
            ("Fees", Ignored),
            ("Transaction ID", Text("trade_id")),
            ("Order No.", Text("order_id")),
            ("Timestamp (UTC)", TimeAs("time", Layout::MINUTES)),
        ],
    ),
];
