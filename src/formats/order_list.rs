//! Orders as an exchange's API gives them, saved as a table, known by the names their columns go under.
//!
//! Only with the client order ids, which no export of the website has: they tell who made an order.

use super::Cell::{Decimal, Side, Symbol, Text, Time};
use super::{Format, Shape, Synonyms};
use crate::tables::Table;

pub(super) static FORMAT: Format = Format {
    id: "order-list",
    exchange: "",
    title: "orders as the exchange's API gives them, with client order ids",
    export: "your own program or a library (for example allOrders of Binance), saved as CSV",
    table: Table::Orders,
    shape: Shape::Synonyms(&SYNONYMS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static SYNONYMS: Synonyms = Synonyms {
    columns: &[
        (
            Time("created"),
            &[
                "time",
                "created",
                "created at",
                "create time",
                "created time",
                "order time",
                "timestamp",
                "datetime",
                "ctime",
            ],
        ),
        (Time("updated"), &["update time", "updated", "updated at", "updated time", "last update", "utime"]),
        (Symbol("symbol"), &["symbol", "pair", "instrument", "trading pair", "inst id"]),
        (Side("side"), &["side", "order side"]),
        (Text("type"), &["type", "order type", "ord type"]),
        (Decimal("price"), &["price", "order price", "limit price", "px"]),
        (Decimal("quantity"), &["orig qty", "quantity", "qty", "order qty", "orig quantity", "size", "sz"]),
        (Decimal("executed"), &["executed qty", "executed", "filled", "filled qty", "cum exec qty", "acc fill sz"]),
        (Decimal("average_price"), &["avg price", "average price", "avg px"]),
        (Decimal("quote_total"), &["cummulative quote qty", "cum quote", "quote total", "cum exec value"]),
        (Text("status"), &["status", "order status", "state"]),
        (Text("order_id"), &["order id", "ord id"]),
        (Text("client_order_id"), &["client order id", "client oid", "cl ord id", "order link id"]),
        (Text("origin"), &["origin", "source", "create type", "channel"]),
        (Text("market"), &["market type", "category"]),
        (Text("key"), &["api key", "key name", "key"]),
        (Text("account"), &["account", "sub account", "uid"]),
    ],
    needs: &[&["created"], &["symbol"], &["side"], &["order_id"], &["client_order_id"], &["status"]],
    headed: &[],
    refuses_unless_named: &[],
    refuses: &["ip", "source ip", "operation", "endpoint", "user agent", "ft_order_side", "trade id", "commission"],
};
