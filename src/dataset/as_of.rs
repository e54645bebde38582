//! The instant a report speaks of: the newest accepted event, unless one stray record would move it.

use crate::ingest::Source;
use crate::time::DAY;

/// A record so far ahead of everything else that it is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Its source.
    pub source: u32,
    /// Its record.
    pub record: u64,
    /// Its line.
    pub line: u64,
    /// The time it states.
    pub time: i64,
}

/// An `as_of` and how far it can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The instant, in UTC microseconds.
    pub time: i64,
    /// The newest record, when it was not believed.
    pub stray: Option<Stray>,
}

/// A record alone by more than this after all others, or after the day its own file was made, is not believed.
const ALONE: i64 = DAY;
/// With a single source and no date in its name there is less to go by: one record alone by a whole window.
const ALONE_IN_ONE_SOURCE: i64 = 30 * DAY;

/// The newest accepted event over all sources; `None` when no source has one. Exports of one format may overlap and count as
/// one source: the copy of a record does not bear it out, and an older export says nothing against a newer one.
pub fn as_of(sources: &[Source]) -> Option<AsOf> {
    let events = || sources.iter().filter(|source| source.table.holds_events() && source.accepted > 0);
    let newest = events().max_by_key(|source| (source.last(), std::cmp::Reverse(source.id)))?;
    let (time, place) = *newest.newest.first()?;
    let others = events().filter(|source| source.format != newest.format).filter_map(Source::last).max();
    // Of each export the newest record but for the one in question.
    let next_of = |source: &Source| match source.newest.as_slice() {
        [(first, _), rest @ ..] if *first == time => rest.first().map(|(next, _)| *next),
        all => all.first().map(|(first, _)| *first),
    };
    let own = events().filter(|source| source.format == newest.format).filter_map(next_of).max();
    let next = others.max(own);
    let alone = |by: i64| next.is_some_and(|next| time - next > by);
    let after_stamp = newest.stamp.is_some_and(|stamp| time - stamp > ALONE);
    let limit = if others.is_some() || after_stamp { ALONE } else { ALONE_IN_ONE_SOURCE };
    if let (Some(next), true) = (next, alone(limit)) {
        let stray = Stray { source: newest.id, record: place.record, line: place.line, time };
        return Some(AsOf { time: next, stray: Some(stray) });
    }
    Some(AsOf { time, stray: None })
}
