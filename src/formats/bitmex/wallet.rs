//! BitMEX wallet history in satoshi-scaled or plain units, as the file has them; the asset is not named.

use crate::formats::Cell::{Flow, Ignored, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
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
        ("amount", Flow("change")),
        ("fee", Ignored),
        ("address", Text("address")),
        ("transactStatus", Text("remark")),
        ("walletBalance", Ignored),
    ],
)];
