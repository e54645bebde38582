//! MEXC P2P orders.

use crate::formats::Cell::{Decimal, Ignored, Side, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "mexc-p2p",
    exchange: "MEXC",
    title: "MEXC P2P order history",
    export: "Orders > P2P orders > Export",
    table: Table::P2p,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "from 2025",
        &[
            ("UID", Text("account")),
            ("P2P Type", Ignored),
            ("User UID", Ignored),
            ("Opponent UID", Text("counterparty")),
            ("Start Time(UTC+00:00)", Time("created")),
            ("End Time(UTC+00:00)", Ignored),
            ("Trading Token", Text("asset")),
            ("Trading Direction", Side("side")),
            ("Status", Text("status")),
            ("Order Quantity", Decimal("quantity")),
            ("Price", Decimal("price")),
            ("Fee", Decimal("fees")),
            ("Settlement Token", Text("fiat")),
            ("Order Amount", Decimal("total")),
        ],
    ),
    Generation::new(
        "sales for fiat by the exchange",
        &[
            ("UID?", Text("account")),
            ("Order ID", Text("order_id")),
            ("Start Time(UTC+00:00)", Time("created")),
            ("End Time(UTC+00:00)", Ignored),
            ("Trading Token", Text("asset")),
            ("Trading Direction", Side("side")),
            ("Status", Text("status")),
            ("Order Quantity", Decimal("quantity")),
            ("Settlement Token", Text("fiat")),
            ("Order Amount", Decimal("total")),
            ("Payment Method", Ignored),
        ],
    ),
];
