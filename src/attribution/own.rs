//! What the user's own bots recorded: an order that no call explains may stand in their books.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use super::{Attributed, OrderVerdict};
use crate::tables::Table;
use crate::time::SECOND;

/// A record may be written so long before or after its order.
const NEAR: i64 = 60 * SECOND;

/// What a bot says it did.
struct OwnRecord {
    time: i64,
    tool: String,
    quantity: Option<i128>,
}

/// Records of the user's own bots.
#[derive(Default)]
pub struct OwnRecords {
    records: Vec<OwnRecord>,
    by_id: HashMap<String, usize>,
    by_kind: HashMap<(String, String), Vec<usize>>,
}

impl OwnRecords {
    /// Reads them from their table.
    ///
    /// # Errors
    /// When the frame lacks a column, which would be a fault of this program.
    pub fn new(frames: &BTreeMap<Table, DataFrame>) -> PolarsResult<Self> {
        let mut own = Self::default();
        let Some(frame) = frames.get(&Table::OwnRecords) else { return Ok(own) };
        let text = |name: &str| -> PolarsResult<&StringChunked> { frame.column(name)?.str() };
        let (tool, symbol, side) = (text("tool")?, text("symbol")?, text("side")?);
        let (id, client, times) = (text("order_id")?, text("client_order_id")?, frame.column("time")?.i64()?);
        let quantity = frame.column("quantity")?.decimal()?.physical();
        for row in 0..frame.height() {
            let Some(time) = times.get(row) else { continue };
            let at = own.records.len();
            let ids = [id.get(row), client.get(row)].into_iter().flatten().filter(|id| !id.is_empty());
            own.by_id.extend(ids.map(|id| (id.to_owned(), at)));
            let kind = [symbol, side].map(|column| column.get(row).unwrap_or_default().to_owned());
            own.by_kind.entry(kind.into()).or_default().push(at);
            let tool = tool.get(row).unwrap_or_default().to_owned();
            own.records.push(OwnRecord { time, tool, quantity: quantity.get(row) });
        }
        Ok(own)
    }

    /// Explains what no call does: by an id, else by pair, side, quantity and time, each record once.
    pub fn explain(&self, orders: &mut [Attributed]) {
        if self.records.is_empty() {
            return;
        }
        let mut used = vec![false; self.records.len()];
        let open = [OrderVerdict::Unexplained, OrderVerdict::NotCovered, OrderVerdict::UiUnverified];
        for attributed in orders.iter_mut().filter(|order| open.contains(&order.verdict)) {
            let order = &attributed.order;
            let named = [&order.order_id, &order.client_order_id]
                .into_iter()
                .flatten()
                .find_map(|id| self.by_id.get(id.as_str()));
            let alike = || {
                let kind = (order.symbol.to_string(), order.side.to_string());
                let near = self.by_kind.get(&kind).into_iter().flatten().filter(|at| {
                    let record = &self.records[**at];
                    !used[**at] && record.quantity == order.quantity && (record.time - order.time).abs() <= NEAR
                });
                near.min_by_key(|at| ((self.records[**at].time - order.time).abs(), **at))
            };
            let Some(&at) = named.or_else(alike) else { continue };
            used[at] = true;
            let tool = &self.records[at].tool;
            let by = if tool.is_empty() { String::new() } else { format!(" ({tool})") };
            let how = if named.is_some() { "by its id" } else { "by pair, side, quantity and time" };
            attributed.verdict = OrderVerdict::OwnRecord;
            attributed.reason = format!("your own bot{by} recorded it, {how}").into();
            attributed.in_gap = false;
        }
    }
}
