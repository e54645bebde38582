//! Trades as Hummingbot writes them. Its order id is the one it gave the exchange itself.

use super::Cell::{Decimal, Side, Symbol, Text, Time};
use super::{Format, Shape, Synonyms};
use crate::tables::Table;

pub(super) static FORMAT: Format = Format {
    id: "hummingbot-trades",
    exchange: "",
    title: "Hummingbot trades",
    export: "Hummingbot: export trades, or data/trades_*.csv",
    table: Table::OwnRecords,
    shape: Shape::Synonyms(&SYNONYMS),
    fixed: &[("tool", "Hummingbot")],
    file_words: &[],
    by_default: true,
};

static SYNONYMS: Synonyms = Synonyms {
    columns: &[
        (Time("time"), &["timestamp"]),
        (Symbol("symbol"), &["symbol"]),
        (Side("side"), &["trade_type"]),
        (Decimal("quantity"), &["amount"]),
        (Decimal("price"), &["price"]),
        (Text("client_order_id"), &["order_id"]),
    ],
    needs: &[&["time"], &["symbol"], &["side"], &["client_order_id"]],
    headed: &["configfilepath", "exchangetradeid"],
    refuses_unless_named: &[],
    refuses: &[],
};
