//! Orders as freqtrade keeps them, with the ids that the exchange gave.

use super::Cell::{Decimal, Side, Symbol, Text, Time};
use super::{Format, Shape, Synonyms};
use crate::tables::Table;

pub(super) static FORMAT: Format = Format {
    id: "freqtrade-orders",
    exchange: "",
    title: "freqtrade orders",
    export: "freqtrade: the table `orders` of tradesv3.sqlite as CSV",
    table: Table::OwnRecords,
    shape: Shape::Synonyms(&SYNONYMS),
    fixed: &[("tool", "freqtrade")],
    file_words: &[],
    by_default: true,
};

static SYNONYMS: Synonyms = Synonyms {
    columns: &[
        (Time("time"), &["order_date", "order_timestamp"]),
        (Symbol("symbol"), &["ft_pair", "symbol", "pair"]),
        (Side("side"), &["ft_order_side", "side"]),
        (Decimal("quantity"), &["ft_amount", "amount"]),
        (Decimal("price"), &["ft_price", "price", "safe_price"]),
        (Text("order_id"), &["order_id"]),
    ],
    needs: &[&["time"], &["symbol"], &["side"], &["order_id"]],
    headed: &["ftorderside"],
    refuses_unless_named: &[],
    refuses: &[],
};
