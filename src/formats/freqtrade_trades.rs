//! Trades as freqtrade keeps them: the order that opened a position. The one that closed it is told by the orders alone.

use super::Cell::{Decimal, Symbol, Time};
use super::{Format, Shape, Synonyms};
use crate::tables::Table;

pub(super) static FORMAT: Format = Format {
    id: "freqtrade-trades",
    exchange: "",
    title: "freqtrade trades",
    export: "freqtrade: the table `trades` of tradesv3.sqlite, or an export of trades, as CSV",
    table: Table::OwnRecords,
    shape: Shape::Synonyms(&SYNONYMS),
    fixed: &[("tool", "freqtrade")],
    file_words: &[],
    by_default: true,
};

static SYNONYMS: Synonyms = Synonyms {
    columns: &[
        (Time("time"), &["open_date", "open_timestamp", "open_date_utc"]),
        (Symbol("symbol"), &["pair"]),
        (Decimal("quantity"), &["amount_requested", "amount"]),
        (Decimal("price"), &["open_rate"]),
    ],
    needs: &[&["time"], &["symbol"], &["quantity"], &["price"]],
    headed: &["openrate"],
    refuses_unless_named: &[],
    refuses: &[],
};
