//! Deribit transaction log: trades, deposits, withdrawals and every other change of the balance of one currency, which only the
//! name of the file says.

use crate::formats::Cell::{Decimal, Direction, Ignored, Side, Size, Symbol, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Part, Shape};
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
        ("Amount|Size|Base Amount", Ignored),
        ("Base Amount?", Ignored),
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
)
.named("transaction_log-{account}-{asset}-")
.with_parts(&[
    Part {
        column: "Type",
        words: &["trade"],
        table: Table::Trades,
        columns: &[
            ("Date", TimeAs("time", Layout::MINUTES)),
            ("Instrument", Symbol("symbol")),
            ("Side", Side("side")),
            ("Amount|Size|Base Amount", Size("quantity")),
            ("Price", Decimal("price")),
            ("Fee Paid|Fee Charged", Decimal("fee")),
            ("Trade ID", Text("trade_id")),
            ("Order ID", Text("order_id")),
        ],
        fixed: &[("market", "cm-futures")],
    },
    Part {
        column: "Type",
        words: &["deposit", "withdrawal"],
        table: Table::Transfers,
        columns: &[
            ("ID", Text("tx_id")),
            ("Date", TimeAs("time", Layout::MINUTES)),
            ("Type", Direction("direction")),
            ("Change", Size("amount")),
            ("Info", Text("address")),
        ],
        fixed: &[("kind", "chain")],
    },
])];
