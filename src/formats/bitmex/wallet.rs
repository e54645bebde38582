//! BitMEX wallet history. All amounts are satoshis.

use crate::formats::Cell::{Direction, Ignored, Satoshis, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Part, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bitmex-wallet",
    exchange: "BitMEX",
    title: "BitMEX wallet history",
    export: "Wallet > History > Save as CSV",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "to 2021",
    &[
        ("transactTime", TimeAs("time", Layout::MONTH_FIRST)),
        ("transactType", Text("operation")),
        ("amount", Satoshis("change")),
        ("fee", Ignored),
        // Of a contract's profit its symbol.
        ("address", Text("remark")),
        ("transactStatus", Ignored),
        ("walletBalance", Ignored),
    ],
)
.with_fixed(&[("asset", "BTC")])
.with_parts(&[Part {
    column: "transactType",
    words: &["deposit", "withdrawal"],
    table: Table::Transfers,
    columns: &[
        ("transactTime", TimeAs("time", Layout::MONTH_FIRST)),
        ("transactType", Direction("direction")),
        ("amount", Satoshis("amount")),
        ("address", Text("address")),
        ("transactStatus", Text("status")),
    ],
    fixed: &[("kind", "chain"), ("asset", "BTC")],
}])];
