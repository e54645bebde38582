//! Splits text into records, each with its number, line and byte.
//!
//! A record is what it is to `csv`, which the tests hold it to; done by hand, since most records never need to be split
//! into fields. On top of that stands what `csv` leaves silent: blank lines are counted, and a quote that is never closed,
//! or that swallows other lines, costs its own line alone; reading goes on with the next. What is decided at a place
//! depends on the [`REACH`] bytes behind it alone, so that a text may be cut before any record.

use memchr::{memchr, memchr_iter, memchr2, memchr3, memrchr, memrchr2};

use super::line::{Lines, Row, Rows};

/// No field of an export is longer than this many lines; a quote that spans more was never meant to.
const MOST_LINES: u64 = 200;
/// Nor does a record with a quote hold more bytes than this.
const MOST_BYTES: usize = 1 << 20;
/// What is decided about a record with quotes depends on so many bytes from its start.
pub const REACH: usize = MOST_BYTES + 2;

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its number among the data records, from 1; 0 for the header.
    pub record: u64,
    /// The line it starts on, from 1.
    pub line: u64,
    /// The byte of the file it starts at, from 0; of the decoded text where the file is UTF-16.
    pub byte: u64,
}

/// What was found at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A record; `quoted` when a quote is in it, else its fields stand between delimiters.
    Record {
        /// Whether a quote is in it.
        quoted: bool,
    },
    /// A line with nothing on it.
    Blank,
    /// A line whose quotes do not close where they should.
    Unclosed,
}

/// A reader of records over a text.
pub struct Records<'a> {
    text: &'a [u8],
    delimiter: u8,
    at: usize,
    line: u64,
    record: u64,
    /// Fields that a record should have; a longer record over several lines is a misplaced quote.
    width: usize,
    /// The records that stand in the text from this place on.
    lines: Lines,
    base: usize,
}

impl<'a> Records<'a> {
    /// Starts at the first byte of a text; the first record read has the number 0.
    pub fn new(text: &'a [u8], delimiter: u8) -> Self {
        Self::at(text, delimiter, 0, 1)
    }

    /// Starts in the middle of a file, with the numbers of the first record and line.
    pub fn at(text: &'a [u8], delimiter: u8, record: u64, line: u64) -> Self {
        Self { text, delimiter, at: 0, line, record, width: usize::MAX, lines: Lines::default(), base: 0 }
    }

    /// Tells how many fields the header has.
    pub fn expect_width(&mut self, width: usize) {
        self.width = width;
    }

    /// Counts records anew: the next one is the header.
    pub fn begin(&mut self) {
        self.record = 0;
    }

    /// The numbers that the next record and line have.
    pub fn position(&self) -> (u64, u64) {
        (self.record, self.line)
    }

    /// The next piece with its place and its raw bytes, or `None` at the end.
    #[inline]
    pub fn piece(&mut self) -> Option<(Place, &'a [u8], Piece)> {
        self.look_ahead();
        if let Some(line) = self.lines.next() {
            return Some(self.line(line));
        }
        let piece = self.find(&self.text[self.at..])?;
        if let (_, raw, Piece::Record { quoted }) = piece {
            self.lines.look(raw, self.delimiter, quoted);
        }
        Some(piece)
    }

    /// The record that was given last, with the ends of its fields.
    pub fn row(&self) -> Row<'_> {
        self.rows().row(self.lines.number().wrapping_sub(1))
    }

    /// Looks at what comes next, when all that was looked at has been given. Gives whether there are new lines that need no
    /// closer look.
    #[inline]
    pub fn look_ahead(&mut self) -> bool {
        self.lines.are_over() && {
            self.base = self.at;
            self.lines.read(&self.text[self.at..], self.delimiter)
        }
    }

    /// The records that were looked at together.
    #[inline]
    pub fn rows(&self) -> Rows<'_> {
        Rows::new(&self.text[self.base..], &self.lines)
    }

    /// The number of the next record among them.
    #[inline]
    pub fn number(&self) -> usize {
        self.lines.number()
    }

    /// The place of the next record.
    #[inline]
    pub fn place(&self) -> Place {
        Place { record: self.record, line: self.line, byte: self.at as u64 }
    }

    /// Leaves out some of the records that were looked at.
    #[inline]
    pub fn skip(&mut self, records: usize) {
        if records > 0 {
            self.at = self.base + self.lines.skip(records);
            self.record += records as u64;
            self.line += records as u64;
        }
    }

    /// Takes a line by its start and its end behind the base.
    #[inline]
    fn line(&mut self, (start, end): (usize, usize)) -> (Place, &'a [u8], Piece) {
        let piece = if end == start { Piece::Blank } else { Piece::Record { quoted: false } };
        let length = if self.text[self.base + end] == b'\r' { 2 } else { 1 };
        self.take(end - start + length, end - start, 1, piece)
    }

    fn find(&mut self, rest: &'a [u8]) -> Option<(Place, &'a [u8], Piece)> {
        match rest {
            [] => return None,
            [b'\r', b'\n', ..] => return Some(self.take(2, 0, 1, Piece::Blank)),
            [b'\n' | b'\r', ..] => return Some(self.take(1, 0, 1, Piece::Blank)),
            _ => {}
        }
        let plain = Piece::Record { quoted: false };
        Some(match memchr3(b'\n', b'\r', b'"', rest) {
            None => self.take(rest.len(), rest.len(), 1, plain),
            Some(end) if rest[end] != b'"' => self.take(end + end_length(&rest[end..]), end, 1, plain),
            Some(quote) => {
                let (end, breaks, piece) = match quoted_end(rest, quote, self.delimiter, self.width) {
                    Some((end, breaks)) => (end, breaks, Piece::Record { quoted: true }),
                    None => (memchr2(b'\n', b'\r', rest).unwrap_or(rest.len()), 0, Piece::Unclosed),
                };
                self.take(end + end_length(&rest[end..]), end, breaks + 1, piece)
            }
        })
    }

    /// Goes on behind `length` bytes, of which `body` are the record.
    #[inline]
    fn take(&mut self, length: usize, body: usize, lines: u64, piece: Piece) -> (Place, &'a [u8], Piece) {
        let place = self.place();
        let raw = &self.text[self.at..self.at + body];
        self.at += length;
        self.line += lines;
        // Blank lines before the header are not records of it.
        self.record += u64::from(piece != Piece::Blank || self.record > 0);
        (place, raw, piece)
    }
}

/// The length of a line's end: LF, CRLF, a lone CR, or nothing at the end of the text.
fn end_length(text: &[u8]) -> usize {
    match text {
        [] => 0,
        [b'\r', b'\n', ..] => 2,
        _ => 1,
    }
}

/// Where a record ends in which a quote stands, and the line breaks in it; `None` when its quotes do not close within
/// reason. A quote opens at the start of a field alone; elsewhere it is text.
fn quoted_end(text: &[u8], first_quote: usize, delimiter: u8, width: usize) -> Option<(usize, u64)> {
    let (mut quote, mut breaks) = (first_quote, 0);
    let end = loop {
        let mut behind = quote + 1;
        if quote == 0 || text[quote - 1] == delimiter {
            behind = closing(text, behind, &mut breaks)? + 1;
            // Over several lines a quote closes a field before a delimiter or the end, or was never meant to.
            let loose = text.get(behind).is_some_and(|next| ![delimiter, b'\n', b'\r'].contains(next));
            if loose && breaks > 0 {
                return None;
            }
        }
        match memchr3(b'\n', b'\r', b'"', &text[behind..]) {
            None => break text.len(),
            Some(at) if text[behind + at] != b'"' => break behind + at,
            Some(at) => quote = behind + at,
        }
    };
    let fits = || breaks == 0 || field_ends(&text[..end], delimiter, true).count() <= width;
    (end <= MOST_BYTES && fits()).then_some((end, breaks))
}

/// The quote that closes a field, and the line breaks before it.
fn closing(text: &[u8], mut from: usize, breaks: &mut u64) -> Option<usize> {
    let head = &text[..text.len().min(MOST_BYTES)];
    loop {
        let at = from + memchr(b'"', head.get(from..)?)?;
        *breaks += line_breaks(&text[from..at]);
        if *breaks > MOST_LINES {
            return None;
        }
        if text.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        from = at + 2;
    }
}

/// Line breaks: LF, CRLF, or a lone CR, which ends a record for `csv` like the others.
fn line_breaks(raw: &[u8]) -> u64 {
    let lone = memchr_iter(b'\r', raw).filter(|&at| raw.get(at + 1) != Some(&b'\n')).count();
    (memchr_iter(b'\n', raw).count() + lone) as u64
}

/// The end of the field that starts at a place of a record.
#[inline]
pub fn field_end(raw: &[u8], from: usize, delimiter: u8, quoted: bool) -> usize {
    let mut at = from;
    if quoted && raw.get(from) == Some(&b'"') {
        at += 1;
        while let Some(quote) = memchr(b'"', &raw[at..]) {
            at += quote + 1;
            if raw.get(at) != Some(&b'"') {
                break;
            }
            at += 1;
        }
    }
    memchr(delimiter, &raw[at..]).map_or(raw.len(), |end| at + end)
}

/// The ends of the fields of a record.
fn field_ends(raw: &[u8], delimiter: u8, quoted: bool) -> impl Iterator<Item = usize> + '_ {
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let end = field_end(raw, from?, delimiter, quoted);
        from = (end < raw.len()).then_some(end + 1);
        Some(end)
    })
}

/// Splits a record into its fields, without the quotes around them.
pub fn split(raw: &[u8], delimiter: u8, quoted: bool, fields: &mut csv::ByteRecord) {
    fields.clear();
    let mut from = 0;
    for end in field_ends(raw, delimiter, quoted) {
        match &raw[from..end] {
            [b'"', inside @ ..] if quoted => fields.push_field(&unquoted(inside)),
            field => fields.push_field(field),
        }
        from = end + 1;
    }
}

/// The text of a quoted field, from behind its first quote; what follows the closing one belongs to it.
fn unquoted(inside: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(inside.len());
    let mut from = 0;
    while let Some(quote) = memchr(b'"', &inside[from..]).map(|at| from + at) {
        text.extend_from_slice(&inside[from..quote]);
        from = quote + 1;
        if inside.get(from) != Some(&b'"') {
            break;
        }
        text.push(b'"');
        from += 1;
    }
    text.extend_from_slice(&inside[from..]);
    text
}

/// Where a text that starts with a record may be cut before another: the furthest such place that is certain whatever
/// follows the text; `None` when there is none.
pub fn cut(text: &[u8], delimiter: u8, width: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(quote) = memchr(b'"', &text[at..]).map(|quote| at + quote) {
        let line = memrchr2(b'\n', b'\r', &text[at..quote]).map_or(at, |end| at + end + 1);
        // A quote that does not close may do so further on, and the end of the last record may be half of a CRLF.
        let (mut records, rest) = (Records::new(&text[line..], delimiter), text.len() - line);
        records.expect_width(width);
        let open = records.find(&text[line..]).is_none_or(|(_, _, piece)| piece == Piece::Unclosed);
        if (open && rest < REACH) || records.at + 2 > rest {
            return (line > 0).then_some(line);
        }
        at = line + records.at;
    }
    // Without quotes every line is a record.
    let end = memrchr(b'\n', &text[at..]).or_else(|| {
        // Of lines that end with CR alone the last may still turn out to be half a CRLF.
        memrchr(b'\r', text[at..].strip_suffix(b"\r").unwrap_or(&text[at..]))
    });
    end.map(|end| at + end + 1).or((at > 0).then_some(at))
}
