//! KuCoin lendings: what was lent to others, with the interest it brought.

use crate::formats::Cell::{Ignored, Less, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-lendings",
    exchange: "KuCoin",
    title: "KuCoin lendings",
    export: "Orders > Margin > Lendings > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("operation", "Lending")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2022",
    &[
        ("UID", Text("account")),
        ("Account Type", Text("wallet")),
        ("Order ID", Text("reference")),
        ("Coin", Text("asset")),
        ("Amount", Less("change")),
        ("Interest", Ignored),
        ("User Repayment", Ignored),
        ("Insurance Fund Repayment", Ignored),
        ("Daily Interest", Ignored),
        ("Term", Ignored),
        ("Time Filled", Time("time")),
        ("Repayment Time", Ignored),
        ("Status", Text("remark")),
    ],
)];
