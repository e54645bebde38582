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
}

impl Fault {
    /// A fault of a kind, in words.
    pub fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
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

/// The raw text of a record for a report: at most 4 KiB, then length and hash.
pub fn raw_text(raw: &[u8]) -> String {
    if raw.len() <= RAW_LIMIT {
        return String::from_utf8_lossy(raw).into_owned();
    }
    let head = String::from_utf8_lossy(&raw[..RAW_LIMIT]);
    format!("{head}… ({} bytes, SHA-256 {})", raw.len(), sha256(raw))
}
