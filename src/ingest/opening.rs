//! Finds the header of a text: its delimiter, what stands before it, and the export it belongs to.

use super::records::{Piece, Records, split};
use super::reshape;
use crate::formats::Format;
use crate::formats::header::HeaderCell;
use crate::formats::recognise::{Recognised, Unrecognised, recognise};
use crate::time::Zone;

/// Delimiters, in the order they are tried.
const DELIMITERS: &[u8] = b",;\t|";

/// The header stands among so many first records.
const MOST_BEFORE: usize = 15;
/// Blank lines among them count up to here.
const MOST_PIECES: usize = 60;

/// How a text begins.
pub struct Opening {
    /// The byte between two fields.
    pub delimiter: u8,
    /// The header's cells as written, without empty ones at the end.
    pub header: Vec<String>,
    /// So many fields a record may have: those without a name count.
    pub most_fields: usize,
    /// What it is.
    pub recognised: Recognised,
    /// Records and blank lines before the header, and how many of them are records.
    pub before: (usize, u64),
    /// What is said in the records before the header.
    pub preamble: Preamble,
    /// Whether each record stands in quotes as a whole.
    pub in_quotes: bool,
}

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRead {
    /// The reason in words.
    pub reason: String,
    /// Its header, where it has one that is not known.
    pub header: Vec<String>,
}

impl From<String> for NotRead {
    fn from(reason: String) -> Self {
        Self { reason, header: Vec::new() }
    }
}

/// What some exchanges say before the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preamble {
    /// The zone of the times.
    pub zone: Option<Zone>,
    /// Whose account it is.
    pub account: Option<String>,
}

/// Finds out how a text begins.
///
/// # Errors
/// Why it is not known.
pub fn opening(text: &[u8], name: &str, own: &[&'static Format]) -> Result<Opening, NotRead> {
    let first = match plain(text, name, own) {
        Ok(opening) => return Ok(opening),
        Err(error) => error,
    };
    // A whole record in quotes is one field that holds delimiters.
    let head = &text[..memchr::memchr_iter(b'\n', text).nth(MOST_PIECES).unwrap_or(text.len())];
    let quoted = text.trim_ascii_start().starts_with(b"\"");
    let bare = quoted.then(|| plain(&reshape::unquoted(head, 0), name, own).ok()).flatten();
    bare.map(|opening| Opening { in_quotes: true, ..opening }).ok_or(first)
}

fn plain(text: &[u8], name: &str, own: &[&'static Format]) -> Result<Opening, NotRead> {
    let mut why: Option<(usize, Unrecognised, Vec<String>)> = None;
    for &delimiter in DELIMITERS {
        let mut records = Records::new(text, delimiter);
        let mut fields = csv::ByteRecord::new();
        let mut preamble = Preamble::default();
        let mut before = (0, 0);
        while let Some((_, raw, piece)) = records.piece() {
            if before.0 >= MOST_PIECES || before.1 as usize >= MOST_BEFORE {
                break;
            }
            if let Piece::Record { quoted } = piece {
                split(raw, delimiter, quoted, &mut fields);
                let header = cells(&fields);
                if !header.is_empty() {
                    let names: Vec<HeaderCell> = header.iter().map(|cell| HeaderCell::new(cell)).collect();
                    match recognise(&names, name, own) {
                        Ok(recognised) => {
                            let most_fields = fields.len().max(recognised.cells.len());
                            let in_quotes = false;
                            return Ok(Opening {
                                delimiter,
                                header,
                                most_fields,
                                recognised,
                                before,
                                preamble,
                                in_quotes,
                            });
                        }
                        Err(error) => {
                            let known = !matches!(error, Unrecognised::Unknown(_));
                            let first = before.1 == 0;
                            if known || first && why.as_ref().is_none_or(|(width, ..)| header.len() > *width) {
                                why = Some((if known { usize::MAX } else { header.len() }, error, header.clone()));
                            }
                        }
                    }
                }
                preamble.read(raw, &header);
                before.1 += 1;
            }
            before.0 += 1;
        }
    }
    Err(why.map_or_else(
        || NotRead::from("no header found".to_owned()),
        |(_, error, header)| NotRead {
            reason: error.reason().to_owned(),
            header: if matches!(error, Unrecognised::Unknown(_)) { header } else { Vec::new() },
        },
    ))
}

/// The cells of a record, without empty ones at the end.
fn cells(fields: &csv::ByteRecord) -> Vec<String> {
    let plain = |cell: &[u8]| String::from_utf8_lossy(cell).trim_matches(['\u{feff}', ' ', '\t']).to_owned();
    let mut cells: Vec<String> = fields.iter().map(plain).collect();
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells
}

impl Preamble {
    /// Takes what a record before the header says: `UID:1,…,Time Zone:UTC+8`, `User,someone,1`.
    fn read(&mut self, raw: &[u8], cells: &[String]) {
        for cell in cells {
            let Some((name, value)) = cell.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_lowercase().as_str() {
                "uid" | "userid" | "user id" if !value.is_empty() => self.account = Some(value.to_owned()),
                "time zone" | "timezone" => self.zone = Zone::parse(value),
                _ => {}
            }
        }
        if raw.starts_with(b"User,") && cells.len() > 1 {
            self.account = cells.last().cloned();
        }
    }
}
