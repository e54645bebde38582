//! KuCoin Earn: rewards that came in, and what was staked.

use crate::formats::Cell::{Decimal, Ignored, Less, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-staking",
    exchange: "KuCoin",
    title: "KuCoin Earn history",
    export: "Assets > Earn > Profit history > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
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
    )
    .with_fixed(&[("operation", "Staking Rewards")]),
    Generation::new(
        "what was staked",
        &[
            ("UID", Ignored),
            ("Account Type", Text("wallet")),
            ("Staked Time(UTC)", Time("time")),
            ("Staked Coin", Text("asset")),
            ("Product Type", Ignored),
            ("Product Name", Text("remark")),
            ("Maturity Date(UTC)", Ignored),
            ("Amount", Less("change")),
            ("Redemption Time(UTC)", Ignored),
            ("Status", Ignored),
        ],
    )
    .with_fixed(&[("operation", "Staking Purchase")]),
];
