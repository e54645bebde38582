//! A list of balances, known by the names its columns go under. No exchange's own CSV is known: this is what people copy off
//! a screen, or a program writes.

use super::Cell::{Decimal, Text, Time};
use super::{Format, Shape, Synonyms};
use crate::tables::Table;

pub(super) static FORMAT: Format = Format {
    id: "balances",
    exchange: "",
    title: "list of balances",
    export: "Wallet > Overview: copy the table of each wallet into a CSV, with the time at which you looked in a column or in the file's name (balances-202611201703(UTC+0).csv); `loganalyze template balances` begins one",
    table: Table::Balances,
    shape: Shape::Synonyms(&SYNONYMS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static SYNONYMS: Synonyms = Synonyms {
    columns: &[
        (Time("time"), &["time", "timestamp", "date", "datetime", "as of", "snapshot time", "utc time"]),
        (Text("account"), &["account", "wallet", "wallet type", "account type", "sub account", "portfolio"]),
        (Text("asset"), &["asset", "coin", "currency", "token", "symbol", "ccy"]),
        (Decimal("free"), &["free", "available", "available balance", "free balance", "avail"]),
        (Decimal("locked"), &["locked", "in order", "in orders", "frozen", "freeze", "on hold", "locked balance"]),
        (Decimal("total"), &["total", "balance", "total balance", "equity", "holdings", "holding"]),
    ],
    needs: &[&["asset"], &["free", "total"]],
    headed: &[],
    // What changes a balance is another table, even where it states the balance after it.
    refuses_unless_named: &[],
    refuses: &[
        "change",
        "amount",
        "operation",
        "type",
        "side",
        "price",
        "fee",
        "fees",
        "status",
        "address",
        "tx id",
        "transaction id",
        "order id",
        "order no",
        "trade id",
        "pair",
        "market",
        "quantity",
        "qty",
        "size",
        "action",
        "operation type",
        "before balance",
        "after balance",
        "remark",
        "remarks",
        "refid",
        "ip",
        "api key",
        "fiat",
    ],
};
