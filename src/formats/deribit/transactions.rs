//! Deribit transaction log: one record per change of the balance of one currency, which the file does not name.

use crate::formats::Cell::{Decimal, Ignored, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "deribit-transactions",
    exchange: "Deribit",
    title: "Deribit transaction log",
    export: "Account > Transaction log > Download CSV",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2019",
    &[
        ("ID", Text("tx_id")),
        ("UserSeq", Text("reference")),
        ("Date", TimeAs("time", Layout::MINUTES)),
        ("Instrument", Text("remark")),
        ("Type", Text("operation")),
        ("Side", Ignored),
        ("Amount?", Ignored),
        ("Size|Base Amount", Ignored),
        ("Position", Ignored),
        ("Price", Ignored),
        ("Mark Price", Ignored),
        ("Index Price?", Ignored),
        ("Cash Flow", Ignored),
        ("Funding", Ignored),
        ("Fee Rate", Ignored),
        ("Fee Paid|Fee Charged", Ignored),
        ("Fee Balance", Ignored),
        ("Change", Decimal("change")),
        ("Balance", Ignored),
        ("Equity", Ignored),
        ("Trade ID", Ignored),
        ("Order ID", Ignored),
        ("Info", Ignored),
        ("Note?", Ignored),
    ],
)];
