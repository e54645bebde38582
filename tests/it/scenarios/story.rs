//! An account with its true story, and what may be changed about it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use loganalyze::report::Report;

use crate::account::{Account, CALL_HEADERS, Incident, Plan, account};
use crate::folder::Folder;

/// A market order: time, id, pair, side, quantity, price.
pub type Placed<'a> = (DateTime<Utc>, u64, &'a str, &'a str, f64, f64);

/// An account with its true story.
pub struct Story {
    pub files: BTreeMap<String, String>,
    /// Ids of the orders that were not the owner's.
    pub foreign: BTreeSet<String>,
    /// Addresses that were not.
    pub ips: BTreeSet<String>,
    /// The verdict that is due, if it is `clear` or not `clear`.
    pub result: Option<&'static str>,
    /// Whether orders of the owner's may be listed: nothing in the exports says that they are his.
    pub silent: bool,
}

pub fn plan(seed: u64, incident: Incident) -> Plan {
    let offsets = [0, 2, -6, 9];
    Plan {
        seed,
        incident,
        call_header: CALL_HEADERS[seed as usize % CALL_HEADERS.len()],
        offset_hours: offsets[seed as usize % offsets.len()],
        iso: !seed.is_multiple_of(3),
        delimiter: ',',
        bom: seed.is_multiple_of(2),
        ..Plan::default()
    }
}

pub fn story(account: &Account) -> Story {
    let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
    Story {
        files: account.files.iter().map(|(name, bytes)| (name.clone(), text(bytes))).collect(),
        foreign: account.orders.iter().filter(|order| order.foreign).map(|order| order.id.to_string()).collect(),
        ips: BTreeSet::new(),
        result: None,
        silent: false,
    }
}

pub fn of(seed: u64, incident: Incident) -> Story {
    story(&account(&plan(seed, incident)))
}

impl Story {
    /// Changes the call log record by record; `None` drops one.
    pub fn calls(&mut self, mut change: impl FnMut(Vec<String>) -> Option<Vec<String>>) {
        let log = self.files.get_mut("api-calls.csv").unwrap();
        let mut lines = log.lines();
        let mut text = format!("{}\r\n", lines.next().unwrap());
        for line in lines {
            if let Some(cells) = change(line.split(',').map(str::to_owned).collect()) {
                text.push_str(&cells.join(","));
                text.push_str("\r\n");
            }
        }
        *log = text;
    }

    /// Adds calls: time, key, address, client, operation, status, pair, side, quantity; in the log's own clock.
    pub fn add(&mut self, plan: &Plan, rows: &[(DateTime<Utc>, [&str; 8])]) {
        let log = self.files.get_mut("api-calls.csv").unwrap();
        for (time, cells) in rows {
            let time = if plan.iso {
                time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
            } else {
                (*time + Duration::hours(plan.offset_hours)).format("%Y-%m-%d %H:%M:%S").to_string()
            };
            log.push_str(&format!("{time},{}\r\n", cells.join(",")));
        }
    }

    /// Adds market orders to the order history.
    pub fn order(&mut self, plan: &Plan, rows: &[Placed]) {
        let name =
            self.files.keys().find(|name| name.contains("Order-History") && name.contains("Spot")).unwrap().clone();
        let history = self.files.get_mut(&name).unwrap();
        for (time, id, pair, side, quantity, price) in rows {
            let time = (*time + Duration::hours(plan.offset_hours)).format("%y-%m-%d %H:%M:%S");
            let (base, total) = (pair.trim_end_matches("USDT"), quantity * price);
            history.push_str(&format!(
                "{time},{id},{pair},Market,{side},0,{quantity}{base},{time},{quantity}{base},{price},{total:.6}USDT,FILLED\r\n"
            ));
        }
    }

    pub fn report(&self) -> Report {
        let files: Vec<(&str, &str)> = self.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Folder::of(&files).report()
    }
}
