//! KuCoin withdrawals.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-withdrawals",
    exchange: "KuCoin",
    title: "KuCoin withdrawals",
    export: "Assets > Funding > Withdrawal history > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "chain")],
    file_words: &["withdraw"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation {
        name: "to 2021",
        columns: &[
            ("Time", Time("time")),
            ("Coin", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Type", Ignored),
            ("Wallet Address", Text("address")),
            ("Remark", Text("tag")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "2021, with network",
        columns: &[
            ("Time", Time("time")),
            ("Coin", Text("asset")),
            ("Network", Text("network")),
            ("Amount", Decimal("amount")),
            ("Type", Ignored),
            ("Wallet Address/Account", Text("address")),
            ("Remark", Text("tag")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "from 2022",
        columns: &[
            ("UID", Ignored),
            ("Account Type", Ignored),
            ("Time(UTC+02:00)", Time("time")),
            ("Coin", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Fee", Decimal("fee")),
            ("Withdrawal Address/Account", Text("address")),
            ("Transfer Network", Text("network")),
            ("Status", Text("status")),
            ("Remarks", Text("tag")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "without remarks",
        columns: &[
            ("UID", Ignored),
            ("Account Type", Ignored),
            ("Time(UTC+02:00)", Time("time")),
            ("Coin", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Fee", Decimal("fee")),
            ("Withdrawal Address/Account", Text("address")),
            ("Transfer Network", Text("network")),
            ("Status", Text("status")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "with hash",
        columns: &[
            ("UID", Ignored),
            ("Account Type", Ignored),
            ("Time(UTC+02:00)", Time("time")),
            ("Coin", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Fee", Decimal("fee")),
            ("Hash", Text("tx_id")),
            ("Withdrawal Address/Account", Text("address")),
            ("Transfer Network", Text("network")),
            ("Status", Text("status")),
            ("Remarks", Text("tag")),
        ],
        fixed: &[],
        parts: &[],
    },
];
