//! Opens a file as an export: its text, delimiter, header, format and zone.

use std::borrow::Cow;

use super::records::{Piece, Records, split};
use crate::formats::Cell;
use crate::formats::header::HeaderCell;
use crate::formats::recognise::{Recognised, Unrecognised, recognise};
use crate::settings::ZoneOption;
use crate::sources::{Bytes, File, decode, file_name, is_wide, sha256, sha256_of_file};
use crate::time::Zone;

/// A file recognised as an export, ready to be read.
pub struct Export {
    /// Its path as shown.
    pub shown: String,
    /// The SHA-256 of its bytes, as far as it is known before they are read.
    pub sha256: Option<String>,
    /// What tells it from other files of its size, where there are such.
    pub digest: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// Its text.
    pub bytes: Bytes,
    /// The encoding of its text.
    pub encoding: &'static str,
    /// The bytes of the file before its text: the byte order mark.
    pub mark: Vec<u8>,
    /// How many they are; none where the text was decoded.
    pub skipped: u64,
    /// The byte between two fields.
    pub delimiter: u8,
    /// The header's cells as written, without empty ones at the end.
    pub header: Vec<String>,
    /// What it is.
    pub recognised: Recognised,
    /// The zone of times that do not say their own.
    pub zone: Zone,
    /// Where the zone came from.
    pub zone_from: &'static str,
    /// When it was made, by its file name, in UTC microseconds.
    pub stamp: Option<i64>,
    /// The export it is a part of: its path without `-partN-ofM`.
    pub export: String,
    /// Which part of how many.
    pub part: Option<(u32, u32)>,
}

/// Delimiters, in the order they are tried.
const DELIMITERS: &[u8] = b",;\t|";

/// Opens a file; `hash` asks for its hash where all of it is read for that.
///
/// # Errors
/// Why it is not read, in words.
pub fn open(mut file: File, zones: &[ZoneOption], hash: bool) -> Result<Export, String> {
    if is_wide(&file.head) {
        file.complete()?;
    }
    let whole = file.is_whole();
    let sha256 = (hash && whole).then(|| sha256(&file.head));
    let text = decode(&file.head)?;
    let name = file_name(&file.shown);
    let (delimiter, header, recognised) = header(&text.bytes, name)?;
    let cells: Vec<HeaderCell> = header.iter().map(|cell| HeaderCell::new(cell)).collect();
    if let Some(reason) = respelled_dates(&text.bytes, delimiter, &recognised) {
        return Err(reason);
    }
    let (zone, zone_from) = zone(&file.shown, name, &cells, &recognised, zones);
    let encoding = text.encoding;
    let decoded = match text.bytes {
        Cow::Owned(text) => Ok(text),
        Cow::Borrowed(rest) => Err(file.head.len() - rest.len()),
    };
    let (bytes, mark) = match decoded {
        Ok(text) => (Bytes::Memory(text), Vec::new()),
        Err(skip) => {
            let mark = file.head[..skip].to_vec();
            let bytes = if whole {
                file.head.drain(..skip);
                Bytes::Memory(file.head)
            } else {
                Bytes::Disk { path: file.path, skip: skip as u64 }
            };
            (bytes, mark)
        }
    };
    Ok(Export {
        stamp: stamp(name).and_then(|local| zone.to_utc(local).earliest()),
        export: without_part(&file.shown).0,
        part: without_part(&file.shown).1,
        shown: file.shown,
        sha256,
        digest: None,
        size: file.size,
        bytes,
        encoding,
        skipped: mark.len() as u64,
        mark,
        delimiter,
        header,
        recognised,
        zone,
        zone_from,
    })
}

impl Export {
    /// Works out what tells it from other files of its size.
    pub fn identify(&mut self) {
        if self.sha256.is_none()
            && let Bytes::Disk { path, .. } = &self.bytes
        {
            // A file that cannot be read now is found out when it is read.
            self.digest = sha256_of_file(path).ok();
        } else if let (None, Bytes::Memory(text)) = (&self.sha256, &self.bytes) {
            self.digest = Some(sha256(text));
        } else {
            self.digest = self.sha256.clone();
        }
    }

    /// Whether it holds the very bytes of another.
    pub fn copies(&self, other: &Self) -> bool {
        self.size == other.size && self.digest.is_some() && self.digest == other.digest
    }
}

/// Finds the delimiter with which the first record is a known header.
fn header(text: &[u8], name: &str) -> Result<(u8, Vec<String>, Recognised), String> {
    let mut why: Option<(usize, Unrecognised)> = None;
    for &delimiter in DELIMITERS {
        let Some(header) = first_record(text, delimiter) else { continue };
        let cells: Vec<HeaderCell> = header.iter().map(|cell| HeaderCell::new(cell)).collect();
        match recognise(&cells, name) {
            Ok(recognised) => return Ok((delimiter, header, recognised)),
            Err(error) if why.as_ref().is_none_or(|(width, _)| header.len() > *width) => {
                why = Some((header.len(), error));
            }
            Err(_) => {}
        }
    }
    Err(why.map_or_else(|| "no header found".to_owned(), |(_, error)| error.reason().to_owned()))
}

/// The fields of the records of a text.
pub(super) fn field_lists(text: &[u8], delimiter: u8) -> impl Iterator<Item = csv::ByteRecord> + '_ {
    let mut records = Records::new(text, delimiter);
    std::iter::from_fn(move || records.piece()).filter_map(move |(_, raw, piece)| match piece {
        Piece::Record { quoted } => {
            let mut fields = csv::ByteRecord::new();
            split(raw, delimiter, quoted, &mut fields);
            Some(fields)
        }
        Piece::Blank | Piece::Unclosed => None,
    })
}

/// The cells of the first record, without empty ones at the end.
fn first_record(text: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let fields = field_lists(text, delimiter).next()?;
    let plain = |cell: &[u8]| String::from_utf8_lossy(cell).trim_matches(['\u{feff}', ' ', '\t']).to_owned();
    let mut cells: Vec<String> = fields.iter().map(plain).collect();
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    (!cells.is_empty()).then_some(cells)
}

/// The zone of a source and where it was found: the option, the header, the file's name, or nowhere.
fn zone(
    shown: &str,
    name: &str,
    header: &[HeaderCell],
    recognised: &Recognised,
    zones: &[ZoneOption],
) -> (Zone, &'static str) {
    if let Some(option) = zones.iter().find(|option| option.matches(shown)) {
        return (option.zone, "option");
    }
    let main = recognised.format.table.time();
    let stated = header
        .iter()
        .zip(&recognised.cells)
        .find(|(_, cell)| cell.column() == Some(main))
        .and_then(|(cell, _)| cell.zone);
    match (stated, zone_in_name(name)) {
        (Some(zone), _) => (zone, "header"),
        (None, Some(zone)) => (zone, "file name"),
        (None, None) => (Zone::UTC, "assumed"),
    }
}

/// The offset in a name such as `…-202603230400(UTC--6)_abcd.csv`.
fn zone_in_name(name: &str) -> Option<Zone> {
    let start = name.find("(UTC").or_else(|| name.find("(GMT"))? + 1;
    Zone::parse(&name[start..start + name[start..].find(')')?])
}

/// The minute in a name such as `…-202603230400(UTC--6)…`, on the clock of the file's zone.
fn stamp(name: &str) -> Option<i64> {
    let digits =
        name.split(|c: char| !c.is_ascii_digit()).find(|run| matches!(run.len(), 12 | 14) && run.starts_with("20"))?;
    let part = |from: usize, to: usize| &digits[from..to];
    let time = format!("{}-{}-{} {}:{}:00", part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 12));
    super::clock::parse(time.as_bytes()).map(|written| written.local)
}

/// What tells the parts of one export from other exports: the file name before `-part2-of3`; else the path. With it the
/// two numbers.
fn without_part(shown: &str) -> (String, Option<(u32, u32)>) {
    let whole = || (shown.to_owned(), None);
    let name = file_name(shown);
    let Some(start) = name.rfind("-part") else { return whole() };
    let number = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        text[..end].parse::<u32>().ok().map(|number| (number, end))
    };
    let parsed = number(&name[start + 5..]).and_then(|(part, end)| {
        let (parts, _) = number(name[start + 5 + end..].strip_prefix("-of")?)?;
        Some((part, parts))
    });
    match parsed {
        Some(part) => (name[..start].to_owned(), Some(part)),
        None => whole(),
    }
}

/// Whether the first record's time is one that a spreadsheet wrote, with the year last.
fn respelled_dates(text: &[u8], delimiter: u8, recognised: &Recognised) -> Option<String> {
    let main = recognised.format.table.time();
    let at = recognised.cells.iter().position(|cell| *cell == Cell::Time(main))?;
    let second = field_lists(text, delimiter).nth(1)?;
    let first = String::from_utf8_lossy(second.get(at)?).trim().to_owned();
    let parts: Vec<&str> = first.split(['/', ' ']).collect();
    let year_last = parts.len() >= 3 && parts[0].len() <= 2 && parts[1].len() <= 2 && parts[2].len() == 4;
    (first.contains('/') && year_last).then(|| {
        format!(
            "recognised as {}, but its dates (first: {first}) were re-saved by a spreadsheet: day and month cannot be told apart and seconds may be cut; use the file as the exchange gave it",
            recognised.format.title
        )
    })
}
