//! The calls that fit the user's rules. They are not kept when a log is read, so rules over them are refused, by name.

use polars::prelude::DataFrame;

/// The calls that fit the rules over calls.
#[derive(Default)]
pub struct MatchedCalls {
    found: Vec<(usize, Result<Option<DataFrame>, String>)>,
}

impl MatchedCalls {
    /// Those of a rule, by its place among the detections.
    pub fn of(&self, detection: usize) -> Result<Option<DataFrame>, String> {
        let unread = || Err("rules over single calls are not run by this version".to_owned());
        self.found.iter().find(|(at, _)| *at == detection).map_or_else(unread, |(_, found)| found.clone())
    }
}
