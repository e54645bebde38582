//! The names of fields in rules: ECS for events, FIX for orders and fills, and the canonical columns of every table.

use crate::tables::{Kind, Table};

/// Where the values of a field come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A column of the table.
    Column(Kind),
    /// Made from others: a text.
    Made,
}

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in rules.
    pub name: &'static str,
    /// The column of the frame that holds it.
    pub column: &'static str,
    /// Where its values come from.
    pub source: Source,
}

const fn text(name: &'static str, column: &'static str) -> Field {
    Field { name, column, source: Source::Column(Kind::Text) }
}
const fn number(name: &'static str, column: &'static str) -> Field {
    Field { name, column, source: Source::Column(Kind::Decimal) }
}
const fn time(name: &'static str, column: &'static str) -> Field {
    Field { name, column, source: Source::Column(Kind::Time) }
}
const fn made(name: &'static str, column: &'static str) -> Field {
    Field { name, column, source: Source::Made }
}

/// What the operation of a call does: `trade`, `withdraw`, `read-account`, …
pub const CLASS: &str = "class";
/// What became of it in our words: accepted, denied, refused, failed or unknown.
pub const OUTCOME: &str = "decided_outcome";
/// What became of it in those of ECS: success, failure or unknown.
pub const ECS_OUTCOME: &str = "ecs_outcome";
/// The name of the key as reports call it.
pub const KEY_LABEL: &str = "key_label";
/// Whether its address is expected: expected, unrecognized, unreviewed, unusable or not-stated.
pub const IP_VERDICT: &str = "ip_verdict";
/// Whether its key is: expected, deleted, unknown, unreviewed or not-stated.
pub const KEY_VERDICT: &str = "key_verdict";
/// Whether its client is: expected, unexpected or not-stated.
pub const TOOL_VERDICT: &str = "tool_verdict";

/// What explains an order: explained, unexplained, suspicious-source, …
pub const VERDICT: &str = "verdict";
/// The address, client and key of the call that made it.
pub const CALL: [&str; 3] = ["call_ip", "call_client", "call_key"];

/// The HTTP method, whether it is logged apart or before the path.
pub const METHOD: &str = "request_method";
/// The path alone.
pub const PATH: &str = "request_path";

const CALLS: &[Field] = &[
    time("@timestamp", "time"),
    text("source.ip", "ip"),
    text("client.ip", "ip"),
    text("source.geo.country_iso_code", "country"),
    text("source.geo.country_name", "country"),
    text("source.geo.city_name", "city"),
    text("source.geo.location.lat", "latitude"),
    text("source.geo.location.lon", "longitude"),
    text("user_agent.original", "client"),
    text("event.action", "operation"),
    made("url.path", PATH),
    made("http.request.method", METHOD),
    text("http.response.status_code", "status"),
    text("error.code", "code"),
    text("event.code", "code"),
    text("user.name", "account"),
    text("cloud.account.id", "account"),
    made("event.outcome", ECS_OUTCOME),
    made("api.key", KEY_LABEL),
    made("loganalyze.class", CLASS),
    made("loganalyze.outcome", OUTCOME),
    made("loganalyze.ip_verdict", IP_VERDICT),
    made("loganalyze.key_verdict", KEY_VERDICT),
    made("loganalyze.tool_verdict", TOOL_VERDICT),
    text("Symbol", "symbol"),
    text("Side", "side"),
    number("OrderQty", "quantity"),
    number("Price", "price"),
    text("OrderID", "order_id"),
    text("ClOrdID", "client_order_id"),
    text("key", "key"),
    text("key_name", "key_name"),
];

const EVENTS: &[Field] = &[
    time("@timestamp", "time"),
    text("source.ip", "ip"),
    text("client.ip", "ip"),
    text("user_agent.original", "device"),
    text("event.action", "action"),
    text("source.geo.name", "location"),
    text("source.geo.location.lat", "latitude"),
    text("source.geo.location.lon", "longitude"),
    text("user.name", "account"),
    text("cloud.account.id", "account"),
    made("event.outcome", ECS_OUTCOME),
    text("api.key", "key"),
];

const ORDERS: &[Field] = &[
    time("@timestamp", "created"),
    time("TransactTime", "updated"),
    text("SecurityType", "market"),
    text("Symbol", "symbol"),
    text("Side", "side"),
    text("OrdType", "type"),
    number("Price", "price"),
    number("OrderQty", "quantity"),
    number("CumQty", "executed"),
    number("AvgPx", "average_price"),
    number("GrossTradeAmt", "quote_total"),
    text("OrdStatus", "status"),
    text("OrderID", "order_id"),
    text("ClOrdID", "client_order_id"),
    text("Account", "account"),
    made("loganalyze.verdict", VERDICT),
    made("source.ip", CALL[0]),
    made("user_agent.original", CALL[1]),
    made("api.key", CALL[2]),
];

const TRADES: &[Field] = &[
    time("@timestamp", "time"),
    text("SecurityType", "market"),
    text("Symbol", "symbol"),
    text("Side", "side"),
    number("LastPx", "price"),
    number("LastQty", "quantity"),
    number("GrossTradeAmt", "quote_total"),
    number("Commission", "fee"),
    text("CommCurrency", "fee_asset"),
    text("LastLiquidityInd", "maker"),
    text("ExecID", "trade_id"),
    text("OrderID", "order_id"),
    text("Account", "account"),
];

const P2P: &[Field] = &[
    time("@timestamp", "created"),
    text("OrderID", "order_id"),
    text("Side", "side"),
    text("Currency", "fiat"),
    number("Price", "price"),
    number("OrderQty", "quantity"),
    text("OrdStatus", "status"),
    text("user.name", "account"),
];

const OWN_RECORDS: &[Field] = &[
    time("@timestamp", "time"),
    text("Symbol", "symbol"),
    text("Side", "side"),
    number("OrderQty", "quantity"),
    number("Price", "price"),
    text("OrderID", "order_id"),
    text("ClOrdID", "client_order_id"),
    text("user.name", "account"),
];

const NAMED: &[(Table, &[Field])] = &[
    (Table::Calls, CALLS),
    (Table::Events, EVENTS),
    (Table::Orders, ORDERS),
    (Table::Trades, TRADES),
    (Table::P2p, P2P),
    (Table::Transfers, &[time("@timestamp", "time"), text("user.name", "account"), text("Currency", "asset")]),
    (Table::Ledger, &[time("@timestamp", "time"), text("user.name", "account"), text("event.action", "operation")]),
    (Table::Keys, &[time("@timestamp", "created"), text("user.name", "account"), text("api.key", "name")]),
    (Table::Positions, &[time("@timestamp", "time"), text("Symbol", "symbol"), text("Side", "side")]),
    (Table::OwnRecords, OWN_RECORDS),
    (Table::Balances, &[time("@timestamp", "time"), text("user.name", "account"), text("Currency", "asset")]),
];

/// The named fields of a table, besides its columns.
pub fn named(table: Table) -> &'static [Field] {
    NAMED.iter().find(|(known, _)| *known == table).map_or(&[], |(_, fields)| fields)
}

/// Every field of a table: the named ones, then its columns by their own names.
pub fn all(table: Table) -> Vec<Field> {
    let columns = table.columns().iter().map(|column| Field {
        name: column.name,
        column: column.name,
        source: Source::Column(column.kind),
    });
    let mut fields: Vec<Field> = named(table).to_vec();
    for field in columns {
        if fields.iter().all(|known| known.name != field.name) {
            fields.push(field);
        }
    }
    fields
}

/// The text columns of a table: where words are searched for.
pub fn texts(table: Table) -> Vec<&'static str> {
    table.columns().iter().filter(|column| column.kind == Kind::Text).map(|column| column.name).collect()
}

/// Words of a log source that stand for a table.
const SOURCES: &[(&str, Table)] =
    &[("api", Table::Calls), ("authentication", Table::Events), ("login", Table::Events), ("fills", Table::Trades)];

/// The table that a service or category of a log source stands for.
pub fn table(word: &str) -> Option<Table> {
    let own = Table::ALL.iter().copied().find(|table| table.name() == word);
    own.or_else(|| SOURCES.iter().find(|(name, _)| *name == word).map(|(_, table)| *table))
}
