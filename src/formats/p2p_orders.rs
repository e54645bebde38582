//! A list of P2P orders, known by the names its columns go under: what other exchanges and hand-made lists hold besides
//! Binance's columns.

use super::Cell::{Decimal, Side, Text, Time};
use super::{Format, Shape, Synonyms};
use crate::tables::Table;

pub(super) static FORMAT: Format = Format {
    id: "p2p-orders",
    exchange: "",
    title: "list of P2P orders",
    export: "the exchange's list of P2P orders, with the times of payment and release and the names, if it shows them",
    table: Table::P2p,
    shape: Shape::Synonyms(&SYNONYMS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static SYNONYMS: Synonyms = Synonyms {
    columns: &[
        (Time("created"), &["created time", "create time", "created", "create date", "order time", "time", "date"]),
        (Text("order_id"), &["p2p order", "p2p order no", "p2p order id", "order number", "order no", "order id"]),
        (Side("side"), &["side", "order type", "trade type", "type"]),
        (Text("asset"), &["asset", "asset type", "coin", "token", "crypto"]),
        (Text("fiat"), &["fiat", "fiat type", "fiat currency", "fiat unit"]),
        (Decimal("total"), &["total price", "total", "fiat amount", "total amount"]),
        (Decimal("price"), &["unit price", "price"]),
        (Decimal("quantity"), &["quantity", "amount", "coin amount", "crypto amount"]),
        (Decimal("fees"), &["fee", "fees", "commission"]),
        (
            Text("counterparty"),
            &["counterparty", "couterparty", "counterparty nickname", "nickname", "target nick name"],
        ),
        (Text("name"), &["counterparty name", "verified name", "real name", "seller real name", "buyer real name"]),
        (Text("payer"), &["payer", "payer name", "payment name", "paid by", "account holder"]),
        (Time("paid"), &["paid time", "paid at", "payment time", "pay time", "paid"]),
        (Time("released"), &["released time", "released at", "release time", "released", "completed time"]),
        (Text("status"), &["status", "order status", "state"]),
    ],
    needs: &[&["created"], &["side"], &["asset"], &["fiat"], &["quantity", "total"]],
    headed: &[],
    refuses_unless_named: &[],
    refuses: &[],
};
