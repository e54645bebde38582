//! Bybit asset changes of the unified account: one record per leg, twenty decimals, `--` where there is no value. Before the
//! unified account the same came without the account and with ids, and what was paid in fees had no sign; now it is negative.
//! The legs of trades tell the fills.

use crate::formats::Cell::{Charge, Decimal, Ignored, Size, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bybit-unified",
    exchange: "Bybit",
    title: "Bybit unified account, asset changes",
    export: "Assets > Unified trading > Transaction log > Export (AssetChangeDetails)",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2023",
        &[
            ("Time", Time("time")),
            ("Currency", Text("asset")),
            ("Contract", Symbol("symbol")),
            ("Type", Text("operation")),
            ("Direction", Text("side")),
            ("Quantity", Size("quantity")),
            ("Position", Ignored),
            ("Filled Price", Decimal("price")),
            ("Funding", Ignored),
            ("Fee Paid", Decimal("fee")),
            ("Cash Flow", Ignored),
            ("Change", Decimal("change")),
            ("Wallet Balance", Ignored),
            ("Fee Rate", Ignored),
            ("Trade ID", Text("trade_id")),
            ("Order ID", Text("order_id")),
        ],
    )
    .telling(&[Table::Trades]),
    Generation::new(
        "from 2023",
        &[
            ("Uid?", Text("account")),
            ("Currency", Text("asset")),
            ("Contract", Symbol("symbol")),
            ("Type", Text("operation")),
            ("Direction", Text("side")),
            ("Quantity", Size("quantity")),
            ("Position?", Ignored),
            ("Filled Price", Decimal("price")),
            ("Funding?", Ignored),
            ("Fee Paid", Charge("fee", "fee_asset")),
            ("Cash Flow", Ignored),
            ("Change", Decimal("change")),
            ("Wallet Balance", Ignored),
            ("Action", Ignored),
            ("OrderId?", Text("order_id")),
            ("TradeId?", Text("trade_id")),
            ("Time(UTC)", Time("time")),
        ],
    )
    .telling(&[Table::Trades]),
];
