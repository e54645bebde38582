//! Kraken ledger: one record per leg, the fee of a leg taken off it. Each deposit and withdrawal stands in it twice, first
//! pending, without an id of its own.

use crate::formats::Cell::{Decimal, Ignored, Needed, Taken, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kraken-ledger",
    exchange: "Kraken",
    title: "Kraken ledger",
    export: "Documents > New export > Ledgers (a ZIP with ledgers.csv)",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2013",
    &[
        ("txid", Needed("tx_id", "pending half of a Kraken pair")),
        ("refid", Text("reference")),
        ("time", Time("time")),
        ("type", Text("operation")),
        ("subtype?", Text("remark")),
        ("aclass", Ignored),
        ("subclass?", Ignored),
        ("asset", Text("asset")),
        ("wallet?", Text("wallet")),
        ("amount", Decimal("change")),
        ("fee", Taken("change", "fee")),
        ("balance", Ignored),
        ("amountusd?", Ignored),
    ],
)
.telling(&[Table::Trades, Table::Transfers])];
