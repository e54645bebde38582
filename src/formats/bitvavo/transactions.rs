//! Bitvavo transaction history: zone, date and time of day in columns of their own; signed amounts.

use crate::formats::Cell::{Clock, Date, Decimal, Ignored, Text, Zone};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bitvavo-transactions",
    exchange: "Bitvavo",
    title: "Bitvavo transaction history",
    export: "Account > Transaction history > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation {
        name: "to 2023",
        columns: &[
            ("Timezone", Zone("time")),
            ("Date", Date("time")),
            ("Time", Clock("time")),
            ("Type", Text("operation")),
            ("Currency", Text("asset")),
            ("Amount", Decimal("change")),
            ("Price (EUR)", Ignored),
            ("EUR received / paid", Ignored),
            ("Fee currency", Ignored),
            ("Fee amount", Ignored),
            ("Status", Text("remark")),
            ("Transaction ID", Text("tx_id")),
            ("Address", Text("address")),
        ],
        fixed: &[],
    },
    Generation {
        name: "from 2023",
        columns: &[
            ("Timezone", Zone("time")),
            ("Date", Date("time")),
            ("Time", Clock("time")),
            ("Type", Text("operation")),
            ("Currency", Text("asset")),
            ("Amount", Decimal("change")),
            ("Quote Currency", Ignored),
            ("Quote Price", Ignored),
            ("Received / Paid Currency", Ignored),
            ("Received / Paid Amount", Ignored),
            ("Fee currency", Ignored),
            ("Fee amount", Ignored),
            ("Status", Text("remark")),
            ("Transaction ID", Text("tx_id")),
            ("Address", Text("address")),
        ],
        fixed: &[],
    },
];
