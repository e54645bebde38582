//! Bybit asset changes of the unified account: one record per leg, twenty decimals, `--` where there is no value. Before the
//! unified account the same came without the account and with ids.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
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

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2021",
    &[
        ("Uid?", Text("account")),
        ("Currency", Text("asset")),
        ("Contract", Text("remark")),
        ("Type", Text("operation")),
        ("Direction", Ignored),
        ("Quantity", Ignored),
        ("Position", Ignored),
        ("Filled Price", Ignored),
        ("Funding", Ignored),
        ("Fee Paid", Ignored),
        ("Cash Flow", Ignored),
        ("Change", Decimal("change")),
        ("Wallet Balance", Ignored),
        ("Action?", Ignored),
        ("Fee Rate?", Ignored),
        ("Trade ID|TradeId?", Text("tx_id")),
        ("Order ID|OrderId?", Text("reference")),
        ("Time(UTC)", Time("time")),
    ],
)];
