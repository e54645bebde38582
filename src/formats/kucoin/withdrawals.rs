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
    Generation::new(
        "to 2021",
        &[
            ("Time", Time("time")),
            ("Coin", Text("asset")),
            ("Network?", Text("network")),
            ("Amount", Decimal("amount")),
            ("Type", Ignored),
            ("Wallet Address|Wallet Address/Account", Text("address")),
            ("Remark", Text("tag")),
        ],
    ),
    Generation::new(
        "from 2022",
        &[
            ("UID", Text("account")),
            ("Account Type", Ignored),
            ("Time", Time("time")),
            ("Coin", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Fee", Decimal("fee")),
            ("Hash?", Text("tx_id")),
            ("Withdrawal Address/Account", Text("address")),
            ("Transfer Network", Text("network")),
            ("Status", Text("status")),
            ("Remarks?", Text("tag")),
        ],
    ),
];
