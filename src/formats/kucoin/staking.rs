//! KuCoin Earn: rewards that came in.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-staking",
    exchange: "KuCoin",
    title: "KuCoin Earn history",
    export: "Assets > Earn > Profit history > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("operation", "Staking Rewards")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2022",
    &[
        ("UID", Ignored),
        ("Account Type", Text("wallet")),
        ("Order ID", Text("reference")),
        ("Time(UTC+02:00)", Time("time")),
        ("Staked Coin", Ignored),
        ("Product Type", Ignored),
        ("Product Name", Text("remark")),
        ("Earnings Coin", Text("asset")),
        ("Earnings Type", Ignored),
        ("Remarks", Ignored),
        ("Amount", Decimal("change")),
        ("Amount（USDT）", Ignored),
        ("Fee", Ignored),
    ],
)];
