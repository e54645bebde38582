//! Bittrex order history. Pairs have the quote asset first, dates the month.

use crate::formats::Cell::{BaseAsset, Decimal, Ignored, QuoteAsset, Reversed, Side, Text, TimeAs};
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
    Generation::new(
        "2014 to 2018",
        &[
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
    ),
    Generation::new(
        "2018, market and quote apart",
        &[
            ("UUID", Text("order_id")),
            ("QUOTE", QuoteAsset("symbol")),
            ("MARKET", BaseAsset("symbol")),
            ("ORDERTYPE", Side("side")),
            ("LIMIT", Decimal("price")),
            ("CEILING", Ignored),
            ("QUANTITY", Decimal("quantity")),
            ("FILLED", Decimal("executed")),
            ("PROCEEDS", Decimal("quote_total")),
            ("COMISSIONPAID", Ignored),
            ("OPENED", TimeAs("created", Layout::MONTH_FIRST)),
            ("CLOSED", TimeAs("updated", Layout::MONTH_FIRST)),
            ("TIMEINFORCETYPE", Ignored),
            ("ISCONDITIONAL", Ignored),
            ("CONDITION", Ignored),
            ("CONDITIONTARGET", Ignored),
        ],
    ),
    Generation::new(
        "to 2020",
        &[
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
            ("TimeInForceTypeId?", Ignored),
            ("TimeInForce?", Ignored),
        ],
    ),
    Generation::new(
        "2021",
        &[
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
    ),
];
