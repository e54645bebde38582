//! Records that could not be read: each costs itself alone and is kept with its place and raw text.

use super::records::Place;
use crate::sources::sha256;

/// Of a longer raw text only so many bytes are kept, with its length and hash.
const RAW_LIMIT: usize = 4096;

/// What is wrong with a cell or record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `time`, `number`, `side`, `text`, `fields`, `quote`, `missing`.
    pub kind: &'static str,
    /// What is wrong, in words.
    pub message: String,
    /// The reason for which the record is known and left out on purpose, when nothing is wrong with it.
    pub skip: Option<&'static str>,
}

impl Fault {
    /// A fault of a kind, in words.
    pub fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), skip: None }
    }

    /// No fault: the record is left out for a reason.
    pub fn skip(reason: &'static str) -> Self {
        Self { kind: "skip", message: reason.to_owned(), skip: Some(reason) }
    }
}

/// A rejected record.
#[derive(Clone, Debug)]
pub struct Reject {
    /// Where it stands.
    pub place: Place,
    /// The header of the column at fault, if one is.
    pub column: Option<String>,
    /// What is wrong.
    pub fault: Fault,
    /// Its raw text, cut when long.
    pub raw: String,
    /// When it happened, as far as that could be read.
    pub time: Option<i64>,
}

/// What stands for a secret in a report.
const LEFT_OUT: &str = "[left out: looks like a secret, which should not be in an export]";

/// Whether a cell looks like an API secret or a private key: 64 or more base64-like characters in one run, or PEM. Hashes
/// are of that length too, but in hex.
fn is_secret(cell: &str) -> bool {
    let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-');
    cell.contains("PRIVATE KEY-----")
        || (cell.len() >= 64 && cell.chars().all(base64) && !cell.chars().all(|c| c.is_ascii_hexdigit()))
}

/// The raw text of a record for a report: without secrets, at most 4 KiB, then length and hash. `open` says which columns
/// hold such runs rightfully: keys, transactions, addresses.
pub fn raw_text(raw: &[u8], delimiter: u8, open: impl Fn(usize) -> bool) -> String {
    let text = String::from_utf8_lossy(raw);
    let cells = text.split(char::from(delimiter)).enumerate();
    if cells.clone().any(|(at, cell)| !open(at) && is_secret(cell.trim_matches(['"', ' ']))) {
        let shown: Vec<&str> = cells
            .map(|(at, cell)| if !open(at) && is_secret(cell.trim_matches(['"', ' '])) { LEFT_OUT } else { cell })
            .collect();
        return cut(shown.join(&char::from(delimiter).to_string()).as_bytes());
    }
    cut(raw)
}

fn cut(raw: &[u8]) -> String {
    if raw.len() <= RAW_LIMIT {
        return String::from_utf8_lossy(raw).into_owned();
    }
    let head = String::from_utf8_lossy(&raw[..RAW_LIMIT]);
    format!("{head}… ({} bytes, SHA-256 {})", raw.len(), sha256(raw))
}
