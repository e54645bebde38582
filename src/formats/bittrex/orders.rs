//! Bittrex order history. Pairs have the quote asset first, dates the month.

use crate::formats::Cell::{Decimal, Ignored, Reversed, Side, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bittrex-orders",
    exchange: "Bittrex",
    title: "Bittrex order history",
    export: "Orders > Order history > Download (until 2023)",
    table: Table::Orders,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation {
        name: "2014 to 2018",
        columns: &[
            ("OrderUuid", Text("order_id")),
            ("Exchange", Reversed("symbol")),
            ("Type", Side("side")),
            ("Quantity", Decimal("quantity")),
            ("Limit", Decimal("price")),
            ("CommissionPaid", Ignored),
            ("Price", Decimal("quote_total")),
            ("Opened", TimeAs("created", Layout::MONTH_FIRST)),
            ("Closed", TimeAs("updated", Layout::MONTH_FIRST)),
        ],
        fixed: &[],
    },
    Generation {
        name: "to 2020",
        columns: &[
            ("Uuid", Text("order_id")),
            ("Exchange", Reversed("symbol")),
            ("TimeStamp", TimeAs("created", Layout::MONTH_FIRST)),
            ("OrderType", Side("side")),
            ("Limit", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("QuantityRemaining", Ignored),
            ("Commission", Ignored),
            ("Price", Decimal("quote_total")),
            ("PricePerUnit", Decimal("average_price")),
            ("IsConditional", Ignored),
            ("Condition", Ignored),
            ("ConditionTarget", Ignored),
            ("ImmediateOrCancel", Ignored),
            ("Closed", TimeAs("updated", Layout::MONTH_FIRST)),
        ],
        fixed: &[],
    },
    Generation {
        name: "with time in force",
        columns: &[
            ("Uuid", Text("order_id")),
            ("Exchange", Reversed("symbol")),
            ("TimeStamp", TimeAs("created", Layout::MONTH_FIRST)),
            ("OrderType", Side("side")),
            ("Limit", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("QuantityRemaining", Ignored),
            ("Commission", Ignored),
            ("Price", Decimal("quote_total")),
            ("PricePerUnit", Decimal("average_price")),
            ("IsConditional", Ignored),
            ("Condition", Ignored),
            ("ConditionTarget", Ignored),
            ("ImmediateOrCancel", Ignored),
            ("Closed", TimeAs("updated", Layout::MONTH_FIRST)),
            ("TimeInForceTypeId", Ignored),
            ("TimeInForce", Ignored),
        ],
        fixed: &[],
    },
    Generation {
        name: "2021",
        columns: &[
            ("Uuid", Text("order_id")),
            ("Exchange", Reversed("symbol")),
            ("Closed (UTC)", TimeAs("updated", Layout::MONTH_FIRST)),
            ("Opened (UTC)", TimeAs("created", Layout::MONTH_FIRST)),
            ("Type", Text("type")),
            ("Time In Force", Ignored),
            ("Bid/Ask", Side("side")),
            ("Quantity", Decimal("quantity")),
            ("Remaining", Ignored),
            ("Price", Decimal("quote_total")),
            ("Avg. Price per Share", Decimal("average_price")),
        ],
        fixed: &[],
    },
];
