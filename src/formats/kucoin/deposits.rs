//! KuCoin deposits. An export of some years holds withdrawals, too, and says in the remarks which is which.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Part, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-deposits",
    exchange: "KuCoin",
    title: "KuCoin deposits",
    export: "Assets > Funding > Deposit history > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "chain")],
    file_words: &["deposit"],
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
            ("Remark", Text("tag")),
            ("Fee?", Decimal("fee")),
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
            ("Deposit Address?", Text("address")),
            ("Transfer Network", Text("network")),
            ("Status", Text("status")),
            ("Remarks", Text("tag")),
        ],
    )
    .with_parts(&[Part {
        column: "Remarks",
        words: &["withdrawal", "withdraw"],
        table: Table::Transfers,
        columns: &[
            ("UID", Text("account")),
            ("Time", Time("time")),
            ("Coin", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Fee", Decimal("fee")),
            ("Hash?", Text("tx_id")),
            ("Deposit Address?", Text("address")),
            ("Transfer Network", Text("network")),
            ("Status", Text("status")),
        ],
        fixed: &[("direction", "out")],
    }]),
];
