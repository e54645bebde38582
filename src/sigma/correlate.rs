//! Rules over several records: how many, how many different, which of several kinds together, and in which order.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Fault;
use super::yaml::Node;
use crate::rules::Rule;

/// What is looked for among the records of a group within a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// At least so many records.
    Count(u64),
    /// At least so many different values of a kept field.
    Values(u64, String),
    /// Records of at least so many of the rules.
    Together(u64),
    /// Records of all the rules, in their order.
    InOrder,
}

impl Sought {
    /// Reads what a correlation looks for; what is wrong is added to the list.
    pub fn read(kind: &str, section: &Node, rules: usize, faults: &mut Vec<Fault>) -> Option<Self> {
        let condition = section.get("condition");
        let mut least = None;
        for entry in condition.map(Node::entries).unwrap_or_default() {
            let number = entry.value.text().and_then(|text| text.parse::<u64>().ok());
            match (entry.name.as_str(), number) {
                ("gte", Some(number)) => least = Some(number),
                ("gt", Some(number)) => least = Some(number + 1),
                ("gte" | "gt", None) => faults.push(entry.value.fault("a whole number is expected")),
                ("field", _) => {}
                (other, _) => faults.push(Fault {
                    line: entry.line,
                    message: format!(
                        "`{other}` is not supported, only `gt` and `gte`: too few records cannot be told from a log that ends"
                    ),
                }),
            }
        }
        if condition.is_some_and(|condition| condition.text().is_some()) {
            faults.push(section.fault("a condition over rules is not supported, only `gt` and `gte`"));
        }
        let mut missing = |what: &str| {
            faults.push(section.fault(format!("`{kind}` needs {what}")));
            None
        };
        match (kind, least) {
            ("event_count", Some(least)) => Some(Self::Count(least)),
            ("value_count", Some(least)) => match condition.and_then(|node| node.get("field")).and_then(Node::text) {
                Some(field) => Some(Self::Values(least, field)),
                None => missing("`field` in its condition"),
            },
            ("event_count" | "value_count", None) => missing("`gt` or `gte` in its condition"),
            ("temporal", least) => Some(Self::Together(least.unwrap_or(rules as u64))),
            ("temporal_ordered", None) => Some(Self::InOrder),
            ("temporal_ordered", Some(_)) => missing("no condition"),
            _ => {
                let known = "event_count, value_count, temporal, temporal_ordered";
                faults.push(section.fault(format!("the type `{kind}` is not supported; there are {known}")));
                None
            }
        }
    }
}

/// A rule over the records that other rules find.
#[derive(Clone)]
pub struct Correlation {
    /// What is found.
    pub rule: &'static Rule,
    /// The rules whose records are looked at, by their place among the detections.
    pub rules: Vec<usize>,
    /// What is looked for.
    pub sought: Sought,
    /// The fields whose values the records of a group share.
    pub group_by: Vec<String>,
    /// How long it may take, in microseconds.
    pub span: i64,
}

/// A record that one of the rules found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// When.
    pub time: i64,
    /// Which of the rules found it.
    pub rule: usize,
    /// Its place among the records of that rule.
    pub row: usize,
    /// The value that is counted, where one is.
    pub value: String,
}

/// Records that fit together: from the first to the last, with their places in the list of events.
pub type Found = Vec<usize>;

impl Correlation {
    /// What fits among the events of one group, in order of time. Finds that share a record are one.
    pub fn find(&self, events: &[Event]) -> Vec<Found> {
        let spans = match &self.sought {
            Sought::Count(least) => self.windows(events, |inside| inside.len() as u64 >= *least),
            Sought::Values(least, _) => self.counted(events, |event| event.value.as_str(), *least),
            Sought::Together(least) => self.counted(events, |event| event.rule, *least),
            Sought::InOrder => self.in_order(events),
        };
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (first, last) in spans {
            match merged.last_mut() {
                Some((_, end)) if first <= *end => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        merged.into_iter().map(|(first, last)| (first..=last).collect()).collect()
    }

    /// The windows that end at each event and pass a test, in order.
    fn windows(&self, events: &[Event], fits: impl Fn(&[Event]) -> bool) -> Vec<(usize, usize)> {
        let mut first = 0;
        let mut found = Vec::new();
        for last in 0..events.len() {
            while events[last].time - events[first].time > self.span {
                first += 1;
            }
            if fits(&events[first..=last]) {
                found.push((first, last));
            }
        }
        found
    }

    /// The windows that end at each event and hold at least so many different keys.
    fn counted<'e, K: std::hash::Hash + Eq>(
        &self,
        events: &'e [Event],
        key: impl Fn(&'e Event) -> K,
        least: u64,
    ) -> Vec<(usize, usize)> {
        let mut inside: HashMap<K, u64> = HashMap::new();
        let mut first = 0;
        let mut found = Vec::new();
        for last in 0..events.len() {
            *inside.entry(key(&events[last])).or_default() += 1;
            while events[last].time - events[first].time > self.span {
                let gone = key(&events[first]);
                if let Some(count) = inside.get_mut(&gone) {
                    *count -= 1;
                    if *count == 0 {
                        inside.remove(&gone);
                    }
                }
                first += 1;
            }
            if inside.len() as u64 >= least {
                found.push((first, last));
            }
        }
        found
    }

    /// Chains of one event of each rule in the order of the rules, each begun as late as can be.
    fn in_order(&self, events: &[Event]) -> Vec<(usize, usize)> {
        let mut chains: Vec<Option<usize>> = vec![None; self.rules.len()];
        let mut found = Vec::new();
        for (at, event) in events.iter().enumerate() {
            for link in (0..self.rules.len()).rev().filter(|link| self.rules[*link] == event.rule) {
                let start = if link == 0 { Some(at) } else { chains[link - 1] };
                // Records of the same instant have no order: they are taken in that of the rules.
                chains[link] = start.or(chains[link]);
                let ends = link + 1 == self.rules.len();
                if let Some(start) = start.filter(|start| ends && event.time - events[*start].time <= self.span) {
                    found.push((start, at));
                }
            }
        }
        found
    }
}

/// Groups events, each with the values of its group.
pub fn groups(events: impl Iterator<Item = (Vec<String>, Event)>) -> BTreeMap<Vec<String>, Vec<Event>> {
    let mut groups: BTreeMap<Vec<String>, BTreeSet<Event>> = BTreeMap::new();
    for (group, event) in events {
        groups.entry(group).or_default().insert(event);
    }
    groups.into_iter().map(|(group, events)| (group, events.into_iter().collect())).collect()
}
