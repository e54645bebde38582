//! KuCoin P2P orders, which name no counterparty.

use crate::formats::Cell::{Decimal, Ignored, Side, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-p2p",
    exchange: "KuCoin",
    title: "KuCoin P2P order history",
    export: "Orders > P2P orders > Export",
    table: Table::P2p,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2022",
    &[
        ("Order ID", Text("order_id")),
        ("Currency (Fiat)", Text("fiat")),
        ("Currency (Crypto)", Text("asset")),
        ("Side", Side("side")),
        ("Price", Decimal("price")),
        ("Crypto Quantity", Decimal("quantity")),
        ("Fiat Amount", Decimal("total")),
        ("Status", Text("status")),
        ("Tax", Ignored),
        ("Time", Time("created")),
    ],
)];
