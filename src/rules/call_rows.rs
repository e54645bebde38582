//! Calls as the rules read them that a loop serves better than expressions.

use std::collections::{BTreeMap, HashMap, HashSet};

use polars::prelude::PolarsResult;

use super::Severity;
use super::plan::Hit;
use crate::address::Address;
use crate::columns;
use crate::dataset::Dataset;
use crate::ingest::activity::{Bin, KeyCodes, Use, caller_mark, client_mark, network};
use crate::ingest::calls::{CallLog, Tally, shown};
use crate::matching::{Caller, IpVerdict};
use crate::settings::Window;
use crate::tables::Table;

/// A tally of calls as loops read it.
pub struct CallRow<'a> {
    /// Its row.
    pub row: u32,
    /// The name its key goes by.
    pub key: &'a str,
    /// The network it came from: an IPv4 /24 or an IPv6 /64.
    pub prefix: &'a str,
    /// The place it came from: an IPv4 address or an IPv6 /64.
    pub place: &'a str,
    /// The tally.
    pub tally: &'a Tally,
    log: &'a CallLog,
}

impl<'a> CallRow<'a> {
    /// All that the caller showed; for most rules one text of it is enough.
    pub fn caller(&self) -> Caller<'a> {
        self.log.caller(self.tally)
    }

    fn text(&self, at: usize) -> &'a str {
        self.log.text(self.tally.caller[at])
    }

    /// The key's name, as logged.
    pub fn key_name(&self) -> &'a str {
        self.text(shown::KEY_NAME)
    }

    /// The key's id, as logged.
    pub fn key_id(&self) -> &'a str {
        self.text(shown::KEY)
    }

    /// The address, as logged.
    pub fn ip(&self) -> &'a str {
        self.text(shown::IP)
    }

    /// The client, as logged.
    pub fn client(&self) -> &'a str {
        self.text(shown::CLIENT)
    }

    /// The operation, as logged.
    pub fn operation(&self) -> &'a str {
        self.text(shown::OPERATION)
    }

    /// The status, as logged.
    pub fn status(&self) -> &'a str {
        self.text(shown::STATUS)
    }

    /// The error code, as logged.
    pub fn code(&self) -> &'a str {
        self.text(shown::CODE)
    }

    /// A hit that this tally shows.
    pub fn hit(&self, subject: &str, severity: Severity, details: Vec<String>) -> Hit {
        Hit {
            subject: subject.to_owned(),
            severity,
            at: Some((Table::Calls, self.row)),
            first: Some(self.tally.first),
            last: Some(self.tally.last),
            count: self.tally.count,
            details,
        }
    }

    /// The listed network it came from, else the network its address is in.
    pub fn network(&self, data: &Dataset<'_>) -> String {
        network(data.expectations, &self.tally.verdict, self.ip())
    }

    /// The mark of its place among the bins of its key.
    pub fn mark(&self) -> u64 {
        caller_mark(&self.tally.verdict, Address::new(self.ip()), client_mark(self.client()))
    }

    /// Whether the exchange may have let the caller in.
    pub fn entered(&self) -> bool {
        self.tally.verdict.outcome.may_have_entered()
    }

    /// Whether the call changes money, orders or rights, and may have done so.
    pub fn acted(&self) -> bool {
        self.tally.verdict.class.is_sensitive() && self.tally.verdict.outcome.may_have_acted()
    }

    /// Whether its address is in none of the networks of its key.
    pub fn is_foreign(&self) -> bool {
        self.tally.verdict.ip == IpVerdict::Unrecognized
    }
}

/// All tallies of calls; none without a call log.
pub fn call_rows<'a>(data: &'a Dataset<'_>) -> PolarsResult<Vec<CallRow<'a>>> {
    let Some(frame) = data.frames.get(&Table::Calls) else { return Ok(Vec::new()) };
    let text = |name: &str| columns::texts(frame, name);
    let (keys, prefixes, places) = (text("key")?, text("prefix")?, text("place")?);
    let rows = data.calls.tallies.iter().enumerate().map(|(at, tally)| CallRow {
        row: at as u32,
        key: keys.get(at).unwrap_or_default(),
        prefix: prefixes.get(at).unwrap_or_default(),
        place: places.get(at).unwrap_or_default(),
        tally,
        log: &data.calls,
    });
    Ok(rows.collect())
}

/// The bins of each key's use, by its name, in order of kind and time.
pub type Uses<'a> = BTreeMap<&'a str, Vec<(Use, &'a Bin)>>;

/// The name that each key of the calls goes by.
pub fn key_names<'a>(rows: &[CallRow<'a>]) -> HashMap<KeyCodes, &'a str> {
    let codes = |row: &CallRow<'_>| shown::OF_KEY.map(|at| row.tally.caller[at]);
    rows.iter().map(|row| (codes(row), row.key)).collect()
}

/// When each key was used, by the name it goes by.
pub fn uses<'a>(data: &'a Dataset<'_>, rows: &[CallRow<'a>]) -> Uses<'a> {
    let names = key_names(rows);
    let mut uses = Uses::new();
    let bins: Vec<(KeyCodes, Use, &Bin)> = data.calls.activity.bins().collect();
    for own in bins.chunk_by(|a, b| a.0 == b.0) {
        if let Some(name) = names.get(&own[0].0).filter(|name| !name.is_empty()) {
            uses.entry(name).or_default().extend(own.iter().map(|(_, kind, bin)| (*kind, *bin)));
        }
    }
    for bins in uses.values_mut() {
        bins.sort_by_key(|(kind, bin)| (*kind, bin.first, bin.last, bin.count));
    }
    uses
}

/// Whether a caller's address is none that the expectations list, nor one that cannot be judged.
pub fn is_unlisted(row: &CallRow<'_>) -> bool {
    matches!(row.tally.verdict.ip, IpVerdict::Unrecognized | IpVerdict::Unreviewed) && !row.tally.folded
}

/// The sources of the window, by key and place, that are not listed and made no call before it. Where there are no calls before
/// the window at all, only those from addresses in none of the networks of their key.
pub fn newcomers<'a, 'b>(
    rows: &'b [CallRow<'a>],
    window: Window,
) -> BTreeMap<(&'a str, &'a str), Vec<&'b CallRow<'a>>> {
    let before = |row: &&CallRow<'_>| row.tally.first < window.start && row.entered();
    let known: HashSet<(&str, &str)> = rows.iter().filter(before).map(|row| (row.key, row.place)).collect();
    let mut sources: BTreeMap<(&str, &str), Vec<&CallRow<'_>>> = BTreeMap::new();
    let new = |row: &&CallRow<'_>| {
        window.holds(row.tally.first)
            && row.entered()
            && is_unlisted(row)
            && !known.contains(&(row.key, row.place))
            && (row.is_foreign() || !known.is_empty())
    };
    for row in rows.iter().filter(new) {
        sources.entry((row.key, row.place)).or_default().push(row);
    }
    sources
}
