//! KuCoin margin loans: what was borrowed. The account history has the same amounts among its entries.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-loans",
    exchange: "KuCoin",
    title: "KuCoin margin borrowings",
    export: "Orders > Margin > Borrowings > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "loan")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2022",
    &[
        ("UID", Text("account")),
        ("Account Type", Text("method")),
        ("Order ID", Text("tx_id")),
        ("Coin", Text("asset")),
        ("Amount", Decimal("amount")),
        ("Interest", Decimal("fee")),
        ("Repaid", Ignored),
        ("Daily Interest", Ignored),
        ("Term", Ignored),
        ("Time Filled", Time("time")),
        ("Maturity Date", Ignored),
        ("Repayment Time", Ignored),
        ("Status", Text("status")),
    ],
)];
