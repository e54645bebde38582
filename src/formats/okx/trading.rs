//! OKX trading account history: one record per leg, with the change of the balance it made.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "okx-trading",
    exchange: "OKX",
    title: "OKX trading account history",
    export: "Assets > Order center > Trading account bills > Export",
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
            ("id", Text("reference")),
            ("Order id", Text("tx_id")),
            ("Time", Time("time")),
            ("Trade Type", Text("wallet")),
            ("Instrument", Text("remark")),
            ("Type", Text("operation")),
            ("Amount", Ignored),
            ("Unit", Ignored),
            ("PL", Ignored),
            ("Fee", Ignored),
            ("Position Change", Ignored),
            ("Position Balance", Ignored),
            ("Balance Change", Decimal("change")),
            ("Balance", Ignored),
            ("Unit", Text("asset")),
        ],
    ),
    Generation::new(
        "from 2024",
        &[
            ("id", Text("reference")),
            ("Order id", Text("tx_id")),
            ("Time", Time("time")),
            ("Trade Type", Text("wallet")),
            ("Symbol", Text("remark")),
            ("Action", Text("operation")),
            ("Amount", Ignored),
            ("Trading Unit", Ignored),
            ("Filled Price", Ignored),
            ("Filled Price Unit?", Ignored),
            ("PnL", Ignored),
            ("Fee", Ignored),
            ("Fee Unit", Ignored),
            ("Position Change", Ignored),
            ("Position Balance", Ignored),
            ("Position Unit?", Ignored),
            ("Balance Change", Decimal("change")),
            ("Balance", Ignored),
            ("Balance Unit", Text("asset")),
            ("Filled_price-USD?", Ignored),
            ("Pnl-USD?", Ignored),
            ("Fee-USD?", Ignored),
            ("Balance-USD?", Ignored),
            ("Balance_change-USD?", Ignored),
        ],
    ),
    Generation::new(
        "first",
        &[
            ("time", Time("time")),
            ("type", Text("operation")),
            ("size", Decimal("change")),
            ("balance", Ignored),
            ("fee", Ignored),
            ("currency", Text("asset")),
        ],
    ),
];
