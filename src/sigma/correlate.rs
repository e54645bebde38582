//! Rules over several records: how many, how many different, which of several kinds together, and in which order.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Fault;
use super::yaml::Node;
use crate::rules::Rule;

/// Which numbers satisfy a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    least: u64,
    most: u64,
    except: Vec<u64>,
}

impl Numbers {
    fn from(least: u64) -> Self {
        Self { least, most: u64::MAX, except: Vec::new() }
    }

    /// Reads `gt`, `gte`, `lt`, `lte`, `eq` and `neq`, which must all hold; `None` where there is none of them. What is
    /// wrong is added to the list.
    fn read(condition: &Node, faults: &mut Vec<Fault>) -> Option<Self> {
        let mut numbers: Option<Self> = None;
        for entry in condition.entries().iter().filter(|entry| entry.name != "field") {
            let Some(number) = entry.value.text().and_then(|text| text.parse::<u64>().ok()) else {
                faults.push(entry.value.fault("a whole number is expected"));
                continue;
            };
            let all = numbers.get_or_insert(Self::from(1));
            match entry.name.as_str() {
                "gte" => all.least = all.least.max(number),
                "gt" => all.least = all.least.max(number.saturating_add(1)),
                "lte" => all.most = all.most.min(number),
                "lt" => all.most = all.most.min(number.saturating_sub(1)),
                "eq" => (all.least, all.most) = (all.least.max(number), all.most.min(number)),
                "neq" => all.except.push(number),
                other => faults.push(Fault {
                    line: entry.line,
                    message: format!("`{other}` is not supported; there are gt, gte, lt, lte, eq, neq"),
                }),
            }
        }
        if let Some(Self { least, most, .. }) = &numbers
            && least > most
        {
            faults.push(condition.fault("no number of records satisfies this; without any record there is no group"));
        }
        numbers
    }

    /// Whether more records can never make it false: then it is enough that some of a span satisfy it.
    fn is_open(&self) -> bool {
        self.most == u64::MAX && self.except.is_empty()
    }

    fn hold(&self, number: u64) -> bool {
        (self.least..=self.most).contains(&number) && !self.except.contains(&number)
    }
}

/// What is looked for among the records of a group within a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// So many records.
    Count(Numbers),
    /// So many different values of a kept field.
    Values(Numbers, String),
    /// Records of so many of the rules.
    Together(Numbers),
    /// Records of all the rules, in their order.
    InOrder,
}

impl Sought {
    /// Reads what a correlation looks for; what is wrong is added to the list.
    pub fn read(kind: &str, section: &Node, rules: usize, faults: &mut Vec<Fault>) -> Option<Self> {
        let condition = section.get("condition");
        let numbers = condition.and_then(|condition| Numbers::read(condition, faults));
        if condition.is_some_and(|condition| condition.text().is_some()) {
            let at = condition.unwrap_or(section);
            faults.push(at.fault("a condition over rules is not supported, only gt, gte, lt, lte, eq, neq"));
        }
        let mut missing = |what: &str| {
            faults.push(condition.unwrap_or(section).fault(format!("`{kind}` needs {what}")));
            None
        };
        match (kind, numbers) {
            ("event_count", Some(numbers)) => Some(Self::Count(numbers)),
            ("value_count", Some(numbers)) => match condition.and_then(|node| node.get("field")).and_then(Node::text) {
                Some(field) => Some(Self::Values(numbers, field)),
                None => missing("`field` in its condition"),
            },
            ("event_count" | "value_count", None) => missing("a number in its condition, such as `gte`"),
            ("temporal", numbers) => Some(Self::Together(numbers.unwrap_or(Numbers::from(rules as u64)))),
            ("temporal_ordered", None) => Some(Self::InOrder),
            ("temporal_ordered", Some(_)) => missing("no condition"),
            _ => {
                let known = "event_count, value_count, temporal, temporal_ordered";
                faults.push(
                    section
                        .get("type")
                        .unwrap_or(section)
                        .fault(format!("the type `{kind}` is not supported; there are {known}")),
                );
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
    /// What fits among the events of one group, in order of time; `until` is the end of what the log tells. Finds that share
    /// a record are one.
    ///
    /// Where too many records spoil a find, the spans do not slide: each begins at the first record after the one before, and
    /// one that the log does not hold to its end tells nothing.
    pub fn find(&self, events: &[Event], until: i64) -> Vec<Found> {
        let spans = match &self.sought {
            Sought::Count(numbers) if numbers.is_open() => {
                self.windows(events, |inside| inside.len() as u64 >= numbers.least)
            }
            Sought::Values(numbers, _) if numbers.is_open() => {
                self.counted(events, |event| event.value.as_str(), numbers.least)
            }
            Sought::Together(numbers) if numbers.is_open() => self.counted(events, |event| event.rule, numbers.least),
            Sought::Count(numbers) => self.in_turn(events, until, |inside| numbers.hold(inside.len() as u64)),
            Sought::Values(numbers, _) => {
                self.in_turn(events, until, |inside| numbers.hold(different(inside, |event| event.value.as_str())))
            }
            Sought::Together(numbers) => {
                self.in_turn(events, until, |inside| numbers.hold(different(inside, |event| event.rule)))
            }
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

    /// The spans that follow one another, each begun by a record, and pass a test.
    fn in_turn(&self, events: &[Event], until: i64, fits: impl Fn(&[Event]) -> bool) -> Vec<(usize, usize)> {
        let mut first = 0;
        let mut found = Vec::new();
        while let Some(event) = events.get(first) {
            let next = first + events[first..].partition_point(|other| other.time - event.time <= self.span);
            if event.time.saturating_add(self.span) <= until && fits(&events[first..next]) {
                found.push((first, next - 1));
            }
            first = next;
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

/// How many different keys events have.
fn different<'e, K: std::hash::Hash + Eq>(events: &'e [Event], key: impl Fn(&'e Event) -> K) -> u64 {
    events.iter().map(key).collect::<HashSet<K>>().len() as u64
}

/// Groups events, each with the values of its group.
pub fn groups(events: impl Iterator<Item = (Vec<String>, Event)>) -> BTreeMap<Vec<String>, Vec<Event>> {
    let mut groups: BTreeMap<Vec<String>, BTreeSet<Event>> = BTreeMap::new();
    for (group, event) in events {
        groups.entry(group).or_default().insert(event);
    }
    groups.into_iter().map(|(group, events)| (group, events.into_iter().collect())).collect()
}
