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

/// A column as formats name it: other names that it goes by behind `|`, and a `?` at the end where it may be absent; `???`
/// in front stands for the code of a currency, `*` for any name or none, and `?` alone for a field behind all that the header
/// names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    names: Vec<String>,
    /// Whether a header may do without it.
    pub optional: bool,
}

impl Known {
    /// Takes a name apart.
    pub fn new(name: &str) -> Self {
        let plain = name.strip_suffix('?');
        let names = plain.unwrap_or(name).split('|').map(|name| HeaderCell::new(name).name).collect();
        Self { names, optional: is_optional(name) }
    }

    /// Whether it stands behind all that the header names.
    pub fn is_nameless(&self) -> bool {
        self.names.iter().all(String::is_empty)
    }

    /// Whether any cell of a header may be this column.
    pub fn is_any(&self) -> bool {
        self.names.iter().any(|known| known == "*")
    }

    /// Whether a cell of a header is this column.
    pub fn is(&self, cell: &HeaderCell) -> bool {
        self.is_any()
            || self.names.iter().any(|known| match known.strip_prefix("???") {
                None => *known == cell.name,
                Some(rest) => {
                    let (code, behind) = cell.name.split_at_checked(3).unwrap_or_default();
                    behind == rest && code.bytes().all(|byte| byte.is_ascii_alphabetic()) && !code.is_empty()
                }
            })
    }
}

/// Whether a header may have a column that formats name so, by how its names begin: a quick look, which rules out most.
pub fn may_have(header: &[HeaderCell], name: &str) -> bool {
    let begins = |cell: &HeaderCell, start: &[u8; 3]| {
        cell.name.as_bytes().first_chunk::<3>().is_some_and(|own| own.eq_ignore_ascii_case(start))
    };
    name.split('|').any(|known| match known.as_bytes().first_chunk::<3>() {
        Some(start) if start.iter().all(u8::is_ascii_alphanumeric) => header.iter().any(|cell| begins(cell, start)),
        _ => true,
    })
}

/// Whether a name squeezed is another, which is.
pub fn squeezes_to(name: &str, squeezed: &str) -> bool {
    letters(name).eq(squeezed.chars())
}

/// Whether a header may do without a column of that name.
pub fn is_optional(name: &str) -> bool {
    name.ends_with('?')
}

/// Whether a name says itself that its times are in UTC: `UTC_Time`, `date_time_utc`, `DateUTC`.
fn is_utc(name: &str) -> bool {
    ["utc_", "utc "].iter().any(|start| name.starts_with(start))
        || [" utc", "_utc", "dateutc", "timeutc"].iter().any(|end| name.ends_with(end))
}

/// Letters and digits only, lower case.
pub fn squeeze(name: &str) -> String {
    letters(name).collect()
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Where a bracket that may hold a zone opens and closes.
fn bracket(text: &str) -> Option<(usize, usize)> {
    let start = text.find('(')?;
    let end = start + text[start..].find(')')?;
    let inner = text[start + 1..end].to_ascii_uppercase();
    (inner.starts_with("UTC") || inner.starts_with("GMT") || inner.starts_with(['+', '-'])).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{ALL, recognise::generations};

    #[test]
    fn the_quick_look_rules_out_no_header_that_has_the_column() {
        let columns = ALL.iter().flat_map(|format| generations(format)).flat_map(|generation| generation.columns);
        for (name, _) in columns {
            for alias in name.trim_end_matches('?').split('|') {
                // A cell as it may stand in a file: with a mark of the byte order, in capitals, among other cells.
                let cells = [alias.to_owned(), format!("\u{feff}{alias}"), alias.to_uppercase()];
                for cell in
                    cells.map(|cell| HeaderCell::new(&cell)).into_iter().filter(|cell| Known::new(name).is(cell))
                {
                    assert!(may_have(&[HeaderCell::new("other"), cell], name), "{name}: {alias}");
                }
            }
        }
    }

    #[test]
    fn a_name_squeezes_to_its_letters_and_digits() {
        let names = ["Source IP", "source.ip", "SOURCE_IP"];
        assert!(names.iter().all(|name| squeezes_to(name, "sourceip") && squeeze(name) == "sourceip"));
        assert!(!squeezes_to("Source IP v6", "sourceip") && !squeezes_to("Source", "sourceip"));
    }
}
