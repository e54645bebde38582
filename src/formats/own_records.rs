//! What the user's own bot says it did, known by the names its columns go under.
//!
//! A plain list of trades with neither fee nor trade id is taken for that: an exchange's export has one or the other.

use super::Cell::{Decimal, Side, Symbol, Text, Time};
use super::{Format, Shape, Synonyms};
use crate::tables::Table;

pub(super) static FORMAT: Format = Format {
    id: "own-records",
    exchange: "",
    title: "records of your own bot",
    export: "your bot's own list of orders or trades: time, pair, side, amount, and the ids if it has them",
    table: Table::OwnRecords,
    shape: Shape::Synonyms(&SYNONYMS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static SYNONYMS: Synonyms = Synonyms {
    columns: &[
        (
            Time("time"),
            &[
                "time",
                "timestamp",
                "datetime",
                "date",
                "created at",
                "created",
                "order time",
                "trade time",
                "utc time",
                "ts",
            ],
        ),
        (Symbol("symbol"), &["symbol", "pair", "market", "instrument", "trading pair", "currency pair", "ticker"]),
        (Side("side"), &["side", "order side", "buy sell", "direction", "action", "type"]),
        (Decimal("quantity"), &["quantity", "qty", "amount", "size", "volume", "order amount", "order qty", "filled"]),
        (Decimal("price"), &["price", "order price", "limit price", "average price", "avg price", "rate"]),
        (Text("order_id"), &["order id", "order no", "order number", "exchange order id"]),
        (Text("client_order_id"), &["client order id", "client oid", "cl ord id"]),
        (Text("tool"), &["tool", "bot", "strategy", "bot name", "program"]),
        (Text("account"), &["account", "sub account"]),
    ],
    needs: &[&["time"], &["symbol"], &["side"], &["quantity"]],
    headed: &[],
    refuses_unless_named: &[],
    refuses: &[
        "fee",
        "fees",
        "commission",
        "fee coin",
        "fee currency",
        "fee amount",
        "trade fee",
        "transaction fee",
        "trade id",
        "txid",
        "tx hash",
        "transaction id",
        "total fee",
        "uid",
        "user id",
        "realized profit",
        "realized pnl",
        "pnl",
        "profit",
        "balance",
        "value",
        "status",
        "executed",
        "received quantity",
        "sent quantity",
        "to amount",
        "ip",
        "source ip",
    ],
};
