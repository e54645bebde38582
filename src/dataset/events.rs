//! Logins and changes of security settings, as rules and attribution read them.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult, StringChunked};

use crate::address::{is_private, neighbourhood, parse_ip};
use crate::expectations::Expectations;
use crate::reference::{Action, Outcome, Reference};
use crate::tables::Table;

/// A login or a change of security settings.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its row.
    pub row: u32,
    /// When.
    pub time: i64,
    /// What.
    pub action: Action,
    /// From which address, as logged.
    pub ip: String,
    /// The network of that address, an IPv4 /24 or an IPv6 /64.
    pub prefix: String,
    /// By which device.
    pub device: String,
    /// Which key it is about, by name or id as logged.
    pub key: String,
    /// Whether the address is one of the user's; `None` when nothing says so.
    pub expected: Option<bool>,
}

/// The events that did not fail, in order of time.
///
/// # Errors
/// When the frame lacks a column, which would be a fault of this program.
pub fn events(frames: &BTreeMap<Table, DataFrame>, expectations: Option<&Expectations>) -> PolarsResult<Vec<Event>> {
    let Some(frame) = frames.get(&Table::Events) else { return Ok(Vec::new()) };
    let text = |name: &str| -> PolarsResult<&StringChunked> { frame.column(name)?.str() };
    let (action, ip, device) = (text("action")?, text("ip")?, text("device")?);
    let (key, result, times) = (text("key")?, text("outcome")?, frame.column("time")?.i64()?);
    let reference = expectations.map_or(Reference::built_in(), |e| &e.reference);
    let mut events = Vec::new();
    for row in 0..frame.height() {
        let Some(time) = times.get(row) else { continue };
        if reference.outcome(result.get(row).unwrap_or_default(), "") == Outcome::Denied {
            continue;
        }
        let own = |column: &StringChunked| column.get(row).unwrap_or_default().to_owned();
        let address = parse_ip(ip.get(row).unwrap_or_default());
        let networks = expectations.map(|e| e.networks.as_slice()).unwrap_or_default();
        let listed = address.map(|ip| networks.iter().any(|network| network.holds(ip, time)));
        let unlisted = !networks.is_empty() && address.is_some_and(|ip| !is_private(ip));
        events.push(Event {
            row: row as u32,
            time,
            action: Action::of(action.get(row).unwrap_or_default()),
            ip: address.map_or_else(|| own(ip), |ip| ip.to_string()),
            prefix: address.map_or_else(String::new, |ip| neighbourhood(ip).to_string()),
            device: own(device),
            key: own(key),
            expected: match listed {
                Some(true) => Some(true),
                _ => unlisted.then_some(false),
            },
        });
    }
    events.sort_by_key(|event| (event.time, event.row));
    Ok(events)
}
