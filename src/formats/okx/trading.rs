//! OKX trading account history: one record per leg, with the change of the balance it made; the legs of orders tell its fills.
//! What was charged is negative. Of contracts the amount is their number, which says nothing without their size.

use crate::formats::Cell::{Charge, Decimal, Ignored, Size, Symbol, Text, Time, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
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

const FILLS: &[Table] = &[Table::Trades];

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2023",
        &[
            ("id", Text("reference")),
            ("Order id", Text("order_id")),
            ("Time", Time("time")),
            ("Trade Type", Text("wallet")),
            ("Instrument", Symbol("symbol")),
            ("Type", Text("operation")),
            ("Amount", Size("quantity")),
            ("Unit", Text("unit")),
            ("PL", Ignored),
            ("Fee", Charge("fee", "fee_asset")),
            ("Position Change", Ignored),
            ("Position Balance", Ignored),
            ("Balance Change", Decimal("change")),
            ("Balance", Ignored),
            ("Unit", Text("asset")),
        ],
    )
    .telling(FILLS),
    Generation::new(
        "from 2024",
        &[
            ("id", Text("reference")),
            ("Order id", Text("order_id")),
            ("Time", Time("time")),
            ("Trade Type", Text("wallet")),
            ("Symbol", Symbol("symbol")),
            ("Action", Text("operation")),
            ("Amount", Size("quantity")),
            ("Trading Unit", Text("unit")),
            ("Filled Price", Decimal("price")),
            ("Filled Price Unit?", Ignored),
            ("PnL", Ignored),
            ("Fee", Charge("fee", "fee_asset")),
            ("Fee Unit", Text("fee_asset")),
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
    )
    .telling(FILLS),
    Generation::new(
        "first",
        &[
            ("time", TimeAs("time", Layout::BEIJING)),
            ("type", Text("operation")),
            ("size", Decimal("change")),
            ("balance", Ignored),
            ("fee", Ignored),
            ("currency", Text("asset")),
        ],
    )
    .telling(FILLS),
];
