//! Splits the text of a file into records, each with its number, line and byte.
//!
//! `csv` decides what a record is; a line without quotes, the usual case, needs no deciding. On top of that stands what
//! `csv` leaves silent: blank lines are counted, and a quote that is never closed, or that swallows other lines, costs its
//! own line alone; reading goes on with the next.

use memchr::memchr_iter;

/// No field of an export is longer than this many lines; a quote that spans more was never meant to.
const MOST_LINES: u64 = 200;
/// Nor does a record of an export hold more bytes than this.
const MOST_BYTES: usize = 1 << 20;

/// So many records without a quote make it worthwhile to look for lines again.
const CALM: u32 = 1000;

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number among the data records, from 1; 0 for the header.
    pub record: u64,
    /// The line it starts on, from 1.
    pub line: u64,
    /// The byte of the file it starts at, from 0; of the decoded text where the file is UTF-16.
    pub byte: u64,
}

/// What was found at a place.
#[derive(Debug)]
pub enum Piece<'a> {
    /// A record without quotes, which is a line: its fields stand between delimiters.
    Plain,
    /// A record with its fields.
    Record(&'a csv::ByteRecord),
    /// A line with nothing on it.
    Blank,
    /// A line whose quotes do not close where they should.
    Unclosed,
}

impl Piece<'_> {
    /// The fields of a record, given its raw bytes; `None` for what is no record.
    pub fn fields(&self, raw: &[u8], delimiter: u8) -> Option<Vec<Vec<u8>>> {
        match self {
            Self::Plain => Some(raw.split(|byte| *byte == delimiter).map(<[u8]>::to_vec).collect()),
            Self::Record(fields) => Some(fields.iter().map(<[u8]>::to_vec).collect()),
            Self::Blank | Self::Unclosed => None,
        }
    }
}

/// A reader of records over the text of a file.
pub struct Records<'a> {
    text: &'a [u8],
    delimiter: u8,
    at: usize,
    line: u64,
    record: u64,
    fields: csv::ByteRecord,
    reader: csv::Reader<&'a [u8]>,
    /// Where the current `reader` began.
    base: usize,
    /// Where it ends: the whole text, until a quote was found that does not close. From then on only as much as one
    /// record may hold, so that a file full of such quotes takes time in proportion to its length.
    limit: usize,
    /// Records without quotes since the last one with: after enough of them, lines are taken as they stand.
    calm: u32,
    /// Fields that a record should have; a longer record over several lines is a misplaced quote.
    width: usize,
}

impl<'a> Records<'a> {
    /// Starts at the first byte of a text; the first record read has the number 0.
    pub fn new(text: &'a [u8], delimiter: u8) -> Self {
        Self {
            text,
            delimiter,
            at: 0,
            line: 1,
            record: 0,
            fields: csv::ByteRecord::new(),
            reader: reader(text, delimiter),
            base: 0,
            limit: text.len(),
            calm: CALM,
            width: usize::MAX,
        }
    }

    /// Tells how many fields the header has.
    pub fn expect_width(&mut self, width: usize) {
        self.width = width;
    }

    /// The next piece with its place and its raw bytes, or `None` at the end.
    pub fn next(&mut self) -> Option<(Place, &'a [u8], Piece<'_>)> {
        let text = self.text;
        let start = self.at;
        let place = Place { record: self.record, line: self.line, byte: start as u64 };
        match text.get(start..)? {
            [] => None,
            [b'\r', b'\n', ..] => Some(self.blank(place, 2)),
            [b'\n' | b'\r', ..] => Some(self.blank(place, 1)),
            rest if self.calm >= CALM => match plain_line(rest) {
                Some(length) => Some(self.plain(place, length)),
                None => {
                    self.calm = 0;
                    self.restart();
                    self.next()
                }
            },
            _ if start >= self.limit => {
                self.restart();
                self.next()
            }
            _ => {
                // Reading from memory, `csv` cannot fail: any bytes are records to it.
                let more = self.reader.read_byte_record(&mut self.fields).unwrap_or(false);
                let mut end = self.base + self.reader.position().byte() as usize;
                // `csv` stops between the two bytes of a CRLF.
                if end > start && text[end - 1] == b'\r' && text.get(end) == Some(&b'\n') {
                    end += 1;
                }
                if !more || end <= start {
                    return None;
                }
                let raw = &text[start..end];
                // Cut off by the window and not by a line's end.
                if end >= self.limit && self.limit < text.len() && !raw.ends_with(b"\n") && !raw.ends_with(b"\r") {
                    if start > self.base {
                        self.restart();
                        return self.next();
                    }
                    return Some(match plain_line(&text[start..]) {
                        Some(length) => self.plain(place, length),
                        None => self.unclosed(place),
                    });
                }
                if !closes(raw, self.delimiter, &self.fields, self.width) {
                    // Cut off by the window, not by its quotes: read again from its own beginning.
                    if end >= self.limit && self.limit < text.len() && start > self.base {
                        self.restart();
                        return self.next();
                    }
                    return Some(self.unclosed(place));
                }
                self.calm = if memchr::memchr(b'"', raw).is_some() { 0 } else { self.calm + 1 };
                self.line += lines(raw);
                self.at = end;
                self.record += 1;
                Some((place, trim_end(raw), Piece::Record(&self.fields)))
            }
        }
    }

    fn plain(&mut self, place: Place, length: usize) -> (Place, &'a [u8], Piece<'_>) {
        let raw = trim_end(&self.text[self.at..self.at + length]);
        self.at += length;
        self.line += 1;
        self.record += 1;
        (place, raw, Piece::Plain)
    }

    fn blank(&mut self, place: Place, length: usize) -> (Place, &'a [u8], Piece<'_>) {
        self.at += length;
        self.line += 1;
        // Blank lines before the header are not records of it.
        self.record += u64::from(self.record > 0);
        (place, &self.text[place.byte as usize..place.byte as usize], Piece::Blank)
    }

    /// Gives up one line and starts anew on the next.
    fn unclosed(&mut self, place: Place) -> (Place, &'a [u8], Piece<'_>) {
        let rest = &self.text[self.at..];
        let length = memchr::memchr2(b'\n', b'\r', rest)
            .map_or(rest.len(), |at| at + if rest[at..].starts_with(b"\r\n") { 2 } else { 1 });
        self.at += length;
        self.line += 1;
        self.record += 1;
        self.restart();
        (place, trim_end(&rest[..length]), Piece::Unclosed)
    }

    /// Reads on from here, through a window of as many lines and bytes as one record may have.
    fn restart(&mut self) {
        let rest = &self.text[self.at..];
        let head = &rest[..rest.len().min(MOST_BYTES)];
        let lines = memchr::memchr2_iter(b'\n', b'\r', head).nth(2 * MOST_LINES as usize + 2);
        // Never between the two bytes of a CRLF.
        let end = lines.map_or(head.len(), |at| if rest[at..].starts_with(b"\r\n") { at + 2 } else { at + 1 });
        self.base = self.at;
        self.limit = self.at + end;
        self.reader = reader(&self.text[self.at..self.limit], self.delimiter);
    }
}

/// The length, with its end, of a first line that is a record by itself: no quotes, no lone carriage return.
fn plain_line(text: &[u8]) -> Option<usize> {
    let length = memchr::memchr(b'\n', text).map_or(text.len(), |at| at + 1);
    let line = &text[..length];
    let body = line.strip_suffix(b"\n").map_or(line, |body| body.strip_suffix(b"\r").unwrap_or(body));
    memchr::memchr2(b'"', b'\r', body).is_none().then_some(length)
}

fn reader(text: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text)
}

fn lines(raw: &[u8]) -> u64 {
    breaks(raw).max(1)
}

/// Line breaks: LF, CRLF, or a lone CR, which ends a record for `csv` like the others.
fn breaks(raw: &[u8]) -> u64 {
    let lone = memchr_iter(b'\r', raw).filter(|&at| raw.get(at + 1) != Some(&b'\n')).count();
    (memchr_iter(b'\n', raw).count() + lone) as u64
}

fn trim_end(raw: &[u8]) -> &[u8] {
    let end = raw.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |at| at + 1);
    &raw[..end]
}

/// Whether the quotes of a record close within reason. One line without quotes, the usual case, is looked at no further.
fn closes(raw: &[u8], delimiter: u8, fields: &csv::ByteRecord, width: usize) -> bool {
    if memchr::memchr(b'"', raw).is_none() {
        return true;
    }
    let body = trim_end(raw);
    let spans = breaks(body);
    if spans > MOST_LINES || body.len() > MOST_BYTES || (spans > 0 && fields.len() > width) {
        return false;
    }
    let mut quoted = false;
    let mut fresh = true;
    let mut at = 0;
    while at < body.len() {
        let byte = body[at];
        if quoted {
            if byte == b'"' {
                match body.get(at + 1) {
                    Some(b'"') => at += 1,
                    Some(next) if *next != delimiter && spans > 0 => return false,
                    _ => quoted = false,
                }
            }
        } else if byte == b'"' && fresh {
            quoted = true;
        }
        fresh = !quoted && byte == delimiter;
        at += 1;
    }
    !quoted
}
