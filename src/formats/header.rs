//! Header cells: what is said in them besides the name.

use crate::time::Zone;

/// A header cell taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderCell {
    /// The name for comparison: lower case, single blanks, no byte order mark, footnote mark or offset.
    pub name: String,
    /// The zone that the cell states, for example in `Date(UTC+1)` or `UTC_Time`.
    pub zone: Option<Zone>,
}

impl HeaderCell {
    /// Takes a cell apart.
    pub fn new(cell: &str) -> Self {
        let mut text: String = cell.chars().filter(|c| !matches!(c, '\u{feff}' | '¹' | '²' | '³')).collect();
        let mut zone = None;
        if let Some((start, end)) = bracket(&text)
            && let Some(found) = Zone::parse(&text[start + 1..end])
        {
            zone = Some(found);
            text.replace_range(start..=end, "");
        }
        // Some pasted headers end in the letters of a line break.
        let name = text
            .trim_end_matches("\\r")
            .trim_matches(',')
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        if zone.is_none() && is_utc(&name) {
            zone = Some(Zone::UTC);
        }
        Self { name, zone }
    }

    /// The name without anything but letters and digits, for synonyms: `source.ip`, `Source IP` and `source_ip` are one.
    pub fn squeezed(&self) -> String {
        squeeze(&self.name)
    }
}

/// Whether a name says itself that its times are in UTC: `UTC_Time`, `date_time_utc`, `DateUTC`.
fn is_utc(name: &str) -> bool {
    ["utc_", "utc "].iter().any(|start| name.starts_with(start))
        || [" utc", "_utc", "dateutc", "timeutc"].iter().any(|end| name.ends_with(end))
}

/// Letters and digits only, lower case.
pub fn squeeze(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Where a bracket that may hold a zone opens and closes.
fn bracket(text: &str) -> Option<(usize, usize)> {
    let start = text.find('(')?;
    let end = start + text[start..].find(')')?;
    let inner = text[start + 1..end].to_ascii_uppercase();
    (inner.starts_with("UTC") || inner.starts_with("GMT") || inner.starts_with(['+', '-'])).then_some((start, end))
}
