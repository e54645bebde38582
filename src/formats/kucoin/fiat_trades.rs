//! KuCoin purchases of crypto with fiat money.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-fiat-trades",
    exchange: "KuCoin",
    title: "KuCoin fiat purchases",
    export: "Orders > Buy crypto orders > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "fiat")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2022",
        &[
            ("Order ID", Text("tx_id")),
            ("Order Type", Ignored),
            ("Currency (Crypto)", Text("received_asset")),
            ("Crypto Quantity,", Decimal("received")),
            ("Price", Ignored),
            ("Currency (Fiat)", Text("asset")),
            ("Fiat Amount", Decimal("amount")),
            ("Fee Currency", Ignored),
            ("Fee", Decimal("fee")),
            ("Status", Text("status")),
            ("Time(UTC+02:00)", Time("time")),
        ],
    ),
    Generation::new(
        "by card",
        &[
            ("Order ID", Text("tx_id")),
            ("Currency (Crypto)", Text("received_asset")),
            ("Crypto Quantity", Decimal("received")),
            ("Currency (Fiat)", Text("asset")),
            ("Fiat Amount", Decimal("amount")),
            ("Fee Currency (Fiat)", Ignored),
            ("Fee (Fiat)", Decimal("fee")),
            ("Fee Currency (Crypto)", Ignored),
            ("Fee (Crypto)", Ignored),
            ("Payment Method", Text("method")),
            ("Status", Text("status")),
            ("Time(UTC+02:00)", Time("time")),
        ],
    ),
];
