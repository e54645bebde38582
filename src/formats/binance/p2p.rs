//! Binance P2P (C2C) order history; `Couterparty` is how the real header spells it.

use crate::formats::Cell::{Decimal, Ignored, Side, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-p2p",
    exchange: "Binance",
    title: "Binance P2P order history",
    export: "Orders > P2P Order > Export",
    table: Table::P2p,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation::new(
        "2022",
        &[
            ("Order Number", Text("order_id")),
            ("Order Type", Side("side")),
            ("Asset Type", Text("asset")),
            ("Fiat Type", Text("fiat")),
            ("Total Price", Decimal("total")),
            ("Price", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("Exchange rate", Ignored),
            ("Couterparty", Text("counterparty")),
            ("Status", Text("status")),
            ("Created Time", Time("created")),
        ],
    ),
    Generation::new(
        "2025",
        &[
            ("Order Number", Text("order_id")),
            ("Order Type", Side("side")),
            ("Asset Type", Text("asset")),
            ("Fiat Type", Text("fiat")),
            ("Total Price", Decimal("total")),
            ("Price", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("Exchange rate", Ignored),
            ("Maker Fee", Decimal("fees")),
            ("Taker Fee", Decimal("fees")),
            ("Couterparty", Text("counterparty")),
            ("Status", Text("status")),
            ("Created Time", Time("created")),
        ],
    ),
    Generation::new(
        "2026",
        &[
            ("Order Number", Text("order_id")),
            ("Created Time", Time("created")),
            ("Order Type", Side("side")),
            ("Asset", Text("asset")),
            ("Quantity", Decimal("quantity")),
            ("Total Price", Decimal("total")),
            ("Fiat Type", Text("fiat")),
            ("Counterparty", Text("counterparty")),
            ("Status", Text("status")),
        ],
    ),
];
