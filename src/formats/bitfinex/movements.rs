//! Bitfinex deposits and withdrawals; the sign of the amount is the direction.

use crate::formats::Cell::{Charge, Ignored, Signed, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bitfinex-movements",
    exchange: "Bitfinex",
    title: "Bitfinex deposits and withdrawals",
    export: "Reports > Movements > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("kind", "chain")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2020",
        &[
            ("#", Ignored),
            ("DATE", TimeAs("time", Layout::DAY_FIRST)),
            ("CURRENCY", Text("asset")),
            ("STATUS", Text("status")),
            ("AMOUNT", Signed("amount", "direction")),
            ("FEES", Charge("fee", "asset")),
            ("DESCRIPTION", Text("address")),
            ("TRANSACTION ID", Text("tx_id")),
        ],
    ),
    Generation::new(
        "with note",
        &[
            ("#", Ignored),
            ("DATE", TimeAs("time", Layout::DAY_FIRST)),
            ("CURRENCY", Text("asset")),
            ("STATUS", Text("status")),
            ("AMOUNT", Signed("amount", "direction")),
            ("FEES", Charge("fee", "asset")),
            ("DESCRIPTION", Text("address")),
            ("TRANSACTION ID", Text("tx_id")),
            ("NOTE", Text("tag")),
        ],
    ),
    Generation::new(
        "from 2021",
        &[
            ("#", Ignored),
            ("STARTED", TimeAs("time", Layout::DAY_FIRST)),
            ("UPDATED", Ignored),
            ("CURRENCY", Text("asset")),
            ("STATUS", Text("status")),
            ("AMOUNT", Signed("amount", "direction")),
            ("FEES", Charge("fee", "asset")),
            ("DESCRIPTION", Text("address")),
            ("TRANSACTION ID", Text("tx_id")),
            ("NOTE", Text("tag")),
        ],
    ),
];
