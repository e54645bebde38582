//! Coinbase account history of the years before 2019: signed amounts of one wallet. One column is named for its coin.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "coinbase-account-history",
    exchange: "Coinbase",
    title: "Coinbase account history (before 2019)",
    export: "Reports > Transaction history (until 2019)",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "to 2019",
    &[
        ("Timestamp", Time("time")),
        ("Balance", Ignored),
        ("Amount", Decimal("change")),
        ("Currency", Text("asset")),
        ("To", Text("address")),
        ("Notes", Text("remark")),
        ("Instantly Exchanged", Ignored),
        ("Transfer Total", Ignored),
        ("Transfer Total Currency", Ignored),
        ("Transfer Fee", Ignored),
        ("Transfer Fee Currency", Ignored),
        ("Transfer Payment Method", Text("operation")),
        ("Transfer ID", Text("reference")),
        ("Order Price", Ignored),
        ("Order Currency", Ignored),
        ("*", Ignored),
        ("Order Tracking Code", Ignored),
        ("Order Custom Parameter", Ignored),
        ("Order Paid Out", Ignored),
        ("Recurring Payment ID", Ignored),
        ("Coinbase ID (visit https://www.coinbase.com/transactions/[ID] in your browser)?", Ignored),
        ("Bitcoin Hash (visit https://www.coinbase.com/tx/[HASH] in your browser for more info)?", Text("tx_id")),
    ],
)
.telling(&[Table::Transfers])];
