//! Opens a file as an export: its text, delimiter, header, format and zone.

use std::borrow::Cow;

use super::damage;
use super::opening::{NotRead, Opening, opening};
use super::records::{Piece, Records, split};
use super::reshape;
use crate::formats::header::HeaderCell;
use crate::formats::recognise::Recognised;
use crate::formats::{Cell, FILL, Format, Shape};
use crate::settings::ZoneOption;
use crate::sources::{Bytes, File, Text, decode, decode_assumed, file_name, is_wide, json, sha256, sha256_of_file};
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
    /// Its name in the archive or workbook that it was taken from.
    pub member: Option<String>,
    /// The bytes of the file before its text: the byte order mark.
    pub mark: Vec<u8>,
    /// How many they are; none where the text was decoded.
    pub skipped: u64,
    /// The byte between two fields.
    pub delimiter: u8,
    /// The header's cells as written, without empty ones at the end.
    pub header: Vec<String>,
    /// So many fields a record may have: those without a name count.
    pub most_fields: usize,
    /// The line of each record, where it is not that of the text that is read.
    pub lines: Vec<u64>,
    /// Records and blank lines before the header, and how many of them are records.
    pub before: (usize, u64),
    /// Whether fills stand below their orders, under headers of their own.
    pub two_level: bool,
    /// What it is.
    pub recognised: Recognised,
    /// The field that holds a list, which may stand without quotes.
    pub list: Option<usize>,
    /// Whose account it is, where that is said before the header.
    pub account: Option<String>,
    /// The asset of its records, where the name of the file says it.
    pub asset: Option<String>,
    /// The account that the expectations bind it to, where it says none itself.
    pub bound: Option<String>,
    /// What a reader should know of how it was opened.
    pub notes: Vec<String>,
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
    /// How often this part is there already: another time it is of another export of that name.
    pub again: u32,
}

/// Opens a file; `own` are formats of the user's, `hash` asks for its hash where all of it is read for that.
///
/// # Errors
/// Why it is not read, in words.
pub fn open(mut file: File, zones: &[ZoneOption], own: &[&'static Format], hash: bool) -> Result<Export, NotRead> {
    if is_wide(&file.head) || json::is_json(&file.head) || decode_assumed(whole_lines(&file.head)).is_some() {
        file.complete()?;
    }
    let name = file.name().to_owned();
    let mut notes = Vec::new();
    let mut text = decode(&file.head)?;
    if let Some((decoded, encoding)) = decode_assumed(whole_lines(&text.bytes)) {
        text = Text { bytes: Cow::Owned(decoded), encoding };
    }
    if let Some(encoding) = text.encoding.strip_suffix(" (assumed)") {
        notes.push(format!("its text is no UTF-8 and does not say what it is: taken for {encoding}"));
    }
    let mut lines = Vec::new();
    if file.workbook.is_some() {
        text.encoding = "XLSX";
    } else if json::is_json(&text.bytes) {
        let records = json::to_csv(&text.bytes)?;
        lines = records.lines;
        text = Text { bytes: Cow::Owned(records.csv), encoding: "JSON" };
    }
    let mut opening = opening(&text.bytes, &name, own)?;
    let two_level = matches!(opening.recognised.format.shape, Shape::TwoLevel(_));
    let respelled = damage::respelled(&text.bytes, &opening)?;
    if (two_level || opening.in_quotes || respelled) && !file.is_whole() {
        drop(text);
        file.complete()?;
        return open(file, zones, own, hash);
    }
    if respelled {
        notes.push(damage::respelling(&text.bytes, &mut opening)?);
    }
    if opening.in_quotes {
        notes.push("each record stands in quotes as a whole, as a spreadsheet writes it".to_owned());
        text.bytes = Cow::Owned(reshape::unquoted(&text.bytes, 0));
    }
    if two_level {
        text.bytes = Cow::Owned(lay_flat(&text.bytes, &mut opening));
    }
    notes.extend(damage::notes(&text.bytes, &opening));
    let Opening { delimiter, header, most_fields, recognised, before, preamble, .. } = opening;
    let cells: Vec<HeaderCell> = header.iter().map(|cell| HeaderCell::new(cell)).collect();
    let (zone, zone_from) = zone(&file, &cells, &recognised, zones, preamble.zone);
    let whole = file.is_whole();
    let sha256 = if hash && whole { file.workbook.clone().or_else(|| Some(sha256(&file.head))) } else { None };
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
    let (mut account, mut asset) = (None, None);
    if let Some(pattern) = recognised.in_name {
        match said_by(pattern, &name) {
            Some(said) => (account, asset) = said,
            None => notes.push(format!(
                "whose it is and of which asset stands in the name that the exchange gives this file ({pattern}…) and nowhere else; the file was renamed"
            )),
        }
    }
    let place = file.member.as_ref().map_or_else(|| file.shown.clone(), |member| format!("{}/{member}", file.shown));
    Ok(Export {
        stamp: stamp(&name).or_else(|| stamp(file_name(&file.shown))).and_then(|local| zone.to_utc(local).earliest()),
        export: without_part(&place).0,
        part: without_part(&place).1,
        again: 0,
        shown: file.shown,
        member: file.member,
        sha256,
        digest: None,
        size: file.size,
        bytes,
        encoding,
        skipped: mark.len() as u64,
        mark,
        delimiter,
        header,
        most_fields,
        before,
        two_level,
        list: recognised.cells.iter().position(|cell| *cell == Cell::List),
        recognised,
        lines,
        account: preamble.account.or(account),
        asset,
        bound: None,
        notes,
        zone,
        zone_from,
    })
}

/// The text up to the end of its last whole line: a character may be cut in two at the end of what was read.
fn whole_lines(text: &[u8]) -> &[u8] {
    memchr::memrchr(b'\n', text).map_or(text, |end| &text[..=end])
}

/// Lays out fills that stand below their orders.
fn lay_flat(text: &[u8], opening: &mut Opening) -> Vec<u8> {
    let width = opening.header.len();
    let kept = |cell: &Cell| matches!(cell.column(), Some("order_id" | "symbol" | "side"));
    let kept: Vec<usize> = (0..width).filter(|&at| kept(&opening.recognised.cells[at])).collect();
    let flat = reshape::lay_flat(text, opening.delimiter, opening.before.1 + 1, width, &kept);
    opening.header.extend(FILL.iter().map(|name| (*name).to_owned()));
    flat
}

impl Export {
    /// Works out what tells it from other files of its size.
    pub fn identify(&mut self) {
        self.digest = match &self.bytes {
            // A file that cannot be read now is found out when it is read.
            Bytes::Disk { path, .. } => self.sha256.clone().or_else(|| sha256_of_file(path).ok()),
            Bytes::Memory(text) => Some(sha256(text)),
        };
    }

    /// Whether it holds the very bytes of another of its account.
    pub fn copies(&self, other: &Self) -> bool {
        self.size == other.size && self.digest.is_some() && self.digest == other.digest && self.bound == other.bound
    }

    /// Whether the exchange writes its times to the second, as far as its format tells.
    pub fn writes_seconds(&self) -> bool {
        let recognised = &self.recognised;
        let all = recognised.cells.iter().chain(recognised.parts.iter().flat_map(|part| &part.cells));
        let coarse = |cell: &Cell| matches!(cell, Cell::TimeAs(_, layout) if layout.to_the_minute);
        !matches!(recognised.format.shape, Shape::Synonyms(_))
            && recognised.format.table.holds_events()
            && !all.into_iter().any(coarse)
    }

    /// Whether records lack the empty fields at their end: a sheet does not store empty cells.
    pub fn leaves_out_empty(&self) -> bool {
        self.encoding == "XLSX"
    }

    /// The name of the account of records that name none.
    pub fn owner(&self) -> &str {
        self.account.as_deref().or(self.bound.as_deref()).unwrap_or_default()
    }
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

/// The account and the asset that a file's name says by a pattern.
fn said_by(pattern: &str, name: &str) -> Option<(Option<String>, Option<String>)> {
    let mut pieces = pattern.split(['{', '}']);
    let mut rest = name.split_once(pieces.next()?)?.1;
    let (mut account, mut asset) = (None, None);
    while let (Some(column), Some(end)) = (pieces.next(), pieces.next()) {
        let (value, behind) = rest.split_once(end)?;
        let said = if column == "asset" { &mut asset } else { &mut account };
        *said = Some(value.to_owned());
        rest = behind;
    }
    Some((account, asset))
}

/// The zone of a source and where it was found: the option, the header, what stands before it,
/// the file's name, or nowhere.
fn zone(
    file: &File,
    header: &[HeaderCell],
    recognised: &Recognised,
    zones: &[ZoneOption],
    preamble: Option<Zone>,
) -> (Zone, &'static str) {
    if let Some(option) = zones.iter().find(|option| option.matches(&file.shown) || option.matches(file.name())) {
        return (option.zone, "option");
    }
    let main = recognised.format.table.time();
    let stated = header
        .iter()
        .zip(&recognised.cells)
        .find(|(_, cell)| cell.column() == Some(main))
        .and_then(|(cell, _)| cell.zone);
    let named = || zone_in_name(file.name()).or_else(|| zone_in_name(file_name(&file.shown)));
    if let Some(zone) = stated {
        return (zone, "header");
    }
    if let Some(zone) = preamble {
        return (zone, "preamble");
    }
    named().map_or((Zone::UTC, "assumed"), |zone| (zone, "file name"))
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
