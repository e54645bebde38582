//! The orders, P2P orders and transfers of the report, each with its place in the evidence.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::{DataFrame, PolarsResult};

use super::{Examined, OrderInfo, Orders, P2p, P2pInfo, TransferInfo, Transfers};
use crate::attribution::{Attributed, OrderVerdict};
use crate::columns;
use crate::dataset::{Dataset, key_label};
use crate::decimal::Decimal;
use crate::engine::{Evidence, Findings, place};
use crate::matching::Inventory;
use crate::tables::Table;
use crate::time::Timestamp;

/// Reads single cells of a frame.
struct Rows<'a>(&'a DataFrame);

impl Rows<'_> {
    fn text(&self, name: &str, row: u32) -> Option<String> {
        columns::texts(self.0, name).ok()?.get(row as usize).map(str::to_owned)
    }

    fn time(&self, name: &str, row: u32) -> Timestamp {
        Timestamp(columns::times(self.0, name).ok().and_then(|times| times.get(row as usize)).unwrap_or(0))
    }

    fn decimal(&self, name: &str, row: u32) -> Option<String> {
        let units = columns::decimals(self.0, name).ok()?.get(row as usize)?;
        Some(Decimal(units).to_string())
    }

    fn place(&self, row: u32) -> Evidence {
        place(self.0, row).unwrap_or(Evidence { source: 0, record: 0, line: 0 })
    }
}

impl Orders {
    /// The orders of two accounts.
    pub(super) fn join(mut self, other: Self) -> Self {
        self.total += other.total;
        for (verdict, count) in other.by_verdict {
            *self.by_verdict.entry(verdict).or_default() += count;
        }
        self.unrecognized.extend(other.unrecognized);
        self.ui_unverified.extend(other.ui_unverified);
        self
    }
}

impl P2p {
    /// The P2P orders of two accounts.
    pub(super) fn join(mut self, other: Self) -> Self {
        self.total += other.total;
        self.unrecognized.extend(other.unrecognized);
        self
    }
}

impl Transfers {
    /// The transfers of two accounts.
    pub(super) fn join(mut self, other: Self) -> Self {
        self.total += other.total;
        self.unrecognized.extend(other.unrecognized);
        self
    }
}

pub fn orders(one: &Examined<'_>, inventory: &Inventory) -> Orders {
    let data = &one.data;
    let attribution = &data.attribution;
    // Every order of a grave incident is listed, whoever seems to have made it.
    let incidents: HashMap<u32, &str> = one
        .episodes
        .iter()
        .filter(|episode| episode.is_grave())
        .flat_map(|episode| episode.order_rows().map(|row| (row, episode.id.as_str())))
        .collect();
    let listed = |wanted: &dyn Fn(OrderVerdict, Option<&str>) -> bool| {
        let mut listed = Vec::new();
        let Some(view) = &data.orders else { return listed };
        let rows = Rows(view);
        for order in &attribution.orders {
            for row in &order.order.rows {
                let episode = incidents.get(row).copied();
                if wanted(order.verdict, episode) {
                    listed.push(order_info(data, inventory, &rows, (order, *row), episode));
                }
            }
        }
        listed
            .sort_by(|a, b| (a.time, &a.symbol, &a.order_id, a.place).cmp(&(b.time, &b.symbol, &b.order_id, b.place)));
        listed
    };
    Orders {
        total: attribution.by_verdict.values().sum(),
        by_verdict: attribution.by_verdict.iter().map(|(verdict, count)| (verdict.name(), *count)).collect(),
        unrecognized: listed(&|verdict, episode| episode.is_some() || verdict.is_unrecognized()),
        ui_unverified: listed(&|verdict, _| verdict == OrderVerdict::UiUnverified),
    }
}

fn order_info(
    data: &Dataset<'_>,
    inventory: &Inventory,
    rows: &Rows<'_>,
    (order, row): (&Attributed, u32),
    episode: Option<&str>,
) -> OrderInfo {
    let (call, tally) = (order.call(&data.calls), order.tally(&data.calls));
    let caller = tally.map(|tally| data.calls.caller(tally));
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let key = tally
        .zip(caller)
        .map(|(tally, caller)| key_label(&caller, tally.verdict.key.index(), data.expectations, inventory));
    OrderInfo {
        account: data.account.clone(),
        order_id: rows.text("order_id", row),
        time: rows.time("time", row),
        market: rows.text("market", row),
        symbol: rows.text("symbol", row),
        side: rows.text("side", row),
        quantity: rows.decimal("quantity", row),
        price: rows.decimal("price", row),
        quote_total: rows.decimal("quote_total", row),
        verdict: order.verdict.name(),
        reason: match episode {
            Some(id) if !order.verdict.is_unrecognized() => format!("belongs to incident {id}; {}", order.reason),
            _ => order.reason.to_string(),
        },
        key: key.as_deref().and_then(known),
        ip: caller.and_then(|caller| known(caller.ip)).or_else(|| order.session.clone()),
        client: caller.and_then(|caller| known(caller.client)),
        call: call.map(|call| Evidence::from(&call.place)),
        delta_ms: call.map(|call| (order.order.time - call.place.time) / 1000),
        candidates: order.candidates,
        episode: episode.map(str::to_owned),
        chance_percent: (order.chance * 100.0).round() as u8,
        place: rows.place(row),
    }
}

/// The rows of a table that findings name, with the rules that do.
fn named(findings: &Findings, table: Table) -> BTreeMap<u32, Vec<&'static str>> {
    let mut named: BTreeMap<u32, Vec<&'static str>> = BTreeMap::new();
    for finding in findings.found.iter().filter(|finding| finding.suppressed.is_none()) {
        for (_, row) in finding.rows.iter().filter(|(of, _)| *of == table) {
            named.entry(*row).or_default().push(finding.rule.id);
        }
    }
    named
}

fn in_window(data: &Dataset<'_>, table: Table) -> PolarsResult<u64> {
    let Some(frame) = data.frames.get(&table) else { return Ok(0) };
    Ok(frame.column("in_window")?.bool()?.sum().unwrap_or(0).into())
}

pub fn p2p(one: &Examined<'_>) -> PolarsResult<P2p> {
    let Examined { data, findings, .. } = one;
    let mut unrecognized = Vec::new();
    if let Some(frame) = data.frames.get(&Table::P2p) {
        let rows = Rows(frame);
        for (row, rules) in named(findings, Table::P2p) {
            unrecognized.push(P2pInfo {
                account: data.account.clone(),
                order_id: rows.text("order_id", row),
                time: rows.time("created", row),
                side: rows.text("side", row),
                asset: rows.text("asset", row),
                fiat: rows.text("fiat", row),
                quantity: rows.decimal("quantity", row),
                price: rows.decimal("price", row),
                total: rows.decimal("total", row),
                counterparty: rows.text("counterparty", row),
                status: rows.text("status", row),
                rules,
                place: rows.place(row),
            });
        }
    }
    unrecognized.sort_by(|a, b| (a.time, &a.order_id, a.place).cmp(&(b.time, &b.order_id, b.place)));
    Ok(P2p { total: in_window(data, Table::P2p)?, unrecognized })
}

pub fn transfers(one: &Examined<'_>) -> PolarsResult<Transfers> {
    let Examined { data, findings, .. } = one;
    let mut unrecognized = Vec::new();
    if let Some(frame) = data.frames.get(&Table::Transfers) {
        let rows = Rows(frame);
        for (row, rules) in named(findings, Table::Transfers) {
            unrecognized.push(TransferInfo {
                account: data.account.clone(),
                time: rows.time("time", row),
                direction: rows.text("direction", row),
                kind: rows.text("kind", row),
                asset: rows.text("asset", row),
                network: rows.text("network", row),
                amount: rows.decimal("amount", row),
                address: rows.text("address", row),
                tx_id: rows.text("tx_id", row),
                status: rows.text("status", row),
                rules,
                place: rows.place(row),
            });
        }
    }
    unrecognized.sort_by(|a, b| (a.time, &a.tx_id, a.place).cmp(&(b.time, &b.tx_id, b.place)));
    Ok(Transfers { total: in_window(data, Table::Transfers)?, unrecognized })
}
