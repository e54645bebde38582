//! Lines without quotes, a stretch of them at a time: where they end, and where their fields end.

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x64};

use super::records::field_end;

/// A stretch of text that is looked at together: what is found in it fits into the processor's nearest cache.
const STRETCH: usize = 1 << 13;
/// Bytes that are looked at together.
const WORD: usize = 64;
/// Places that are written at a time, needed or not: that is faster than to ask.
const STRIDE: usize = 8;
/// Fields of a record with quotes that are told apart.
const MOST_FIELDS: usize = 64;

/// Some records, and where their fields end.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    lines: Vec<Line>,
    /// The ends of their fields, one after the other; the last of a record is its own.
    ends: Vec<u32>,
    /// So many of them are in use.
    count: usize,
    /// Where the text behind them starts.
    behind: u32,
    /// The record to come.
    next: usize,
}

/// What was found in a text besides the ends of its fields.
#[derive(Clone, Copy, Default)]
struct Found {
    /// Ends of lines.
    stops: usize,
    /// Whether there is any CR.
    returns: bool,
    /// Whether the last byte was one.
    open: bool,
}

/// A record.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: u32,
    end: u32,
    /// Its fields, among the ends.
    fields: (u32, u32),
}

impl Lines {
    /// Goes on to the next record. Gives its start and its end.
    #[inline]
    pub fn next(&mut self) -> Option<(usize, usize)> {
        let line = self.lines.get(self.next)?;
        self.next += 1;
        Some((line.start as usize, line.end as usize))
    }

    /// The number of the record to come.
    #[inline]
    pub fn number(&self) -> usize {
        self.next
    }

    /// Whether there is none to come.
    #[inline]
    pub fn are_over(&self) -> bool {
        self.next >= self.lines.len()
    }

    /// Leaves out some records. Gives where the next starts.
    pub fn skip(&mut self, records: usize) -> usize {
        self.next += records;
        self.lines.get(self.next).map_or(self.behind, |line| line.start) as usize
    }

    /// Looks at the lines that a text begins with, up to one that needs a closer look: with a quote in it, with a CR that
    /// does not belong to its end, long, or without an end. Gives whether there is any.
    pub fn read(&mut self, text: &[u8], delimiter: u8) -> bool {
        self.clear();
        let text = &text[..text.len().min(STRETCH)];
        // At least so many are written in vain.
        self.ends.resize(self.ends.len().max(STRETCH + 2 * STRIDE), 0);
        let (stops, returns) = dispatch!(Level::new(), simd => self.add_words(simd, text, delimiter));
        if stops > 0 && !self.add_alike(text, stops) {
            self.lines.clear();
            self.add_each(text, stops);
        }
        self.behind = self.lines.last().map_or(0, |line| line.end + 1);
        if returns {
            self.without_returns(text);
        }
        stops > 0
    }

    /// Adds so many lines as long as all have as many fields. Gives whether they do.
    fn add_alike(&mut self, text: &[u8], count: usize) -> bool {
        let stop = |end: &&u32| text.get(**end as usize) == Some(&b'\n');
        let Some(width) = self.ends[..self.count].iter().position(|end| stop(&end)).map(|at| at + 1) else {
            return false;
        };
        let (mut start, mut from) = (0, 0);
        for fields in self.ends[..self.count].chunks_exact(width).take(count) {
            let Some(end) = fields.last().filter(stop) else { return false };
            let to = from + width as u32;
            self.lines.push(Line { start, end: *end, fields: (from, to) });
            (start, from) = (end + 1, to);
        }
        self.lines.len() == count
    }

    /// Adds so many lines.
    fn add_each(&mut self, text: &[u8], count: usize) {
        let (mut start, mut from) = (0, 0);
        for (at, end) in (1..).zip(&self.ends[..self.count]) {
            if text[*end as usize] == b'\n' {
                self.lines.push(Line { start, end: *end, fields: (from, at) });
                (start, from) = (end + 1, at);
                if self.lines.len() == count {
                    break;
                }
            }
        }
    }

    /// Leaves out the CR before the end of each line.
    fn without_returns(&mut self, text: &[u8]) {
        for line in &mut self.lines {
            if line.end > line.start && text[line.end as usize - 1] == b'\r' {
                line.end -= 1;
                self.ends[line.fields.1 as usize - 1] = line.end;
            }
        }
    }

    fn clear(&mut self) {
        (self.count, self.next) = (0, 0);
        self.lines.clear();
    }

    /// Adds the ends of all fields of a text, up to the line that needs a closer look. Gives the number of whole lines, and
    /// whether there is a CR in them.
    #[inline(always)]
    fn add_words<S: Simd>(&mut self, simd: S, text: &[u8], delimiter: u8) -> (usize, bool) {
        let (words, rest) = text.as_chunks::<WORD>();
        let (mut found, mut base) = (Found::default(), 0);
        for word in words {
            if !self.add(simd, word, base, delimiter, &mut found) {
                return (found.stops, found.returns);
            }
            base += WORD as u32;
        }
        if !rest.is_empty() {
            // Neither a delimiter nor the end of a line.
            let mut word = [b'.'; WORD];
            word[..rest.len()].copy_from_slice(rest);
            self.add(simd, &word, base, delimiter, &mut found);
        }
        (found.stops, found.returns)
    }

    /// Adds the places of a word of text. Gives whether the next may be looked at.
    #[inline(always)]
    fn add<S: Simd>(&mut self, simd: S, word: &[u8; WORD], base: u32, delimiter: u8, found: &mut Found) -> bool {
        let word = u8x64::simd_from(simd, *word);
        let mut stops = word.simd_eq(b'\n').to_bitmask();
        let mut ends = word.simd_eq(delimiter).to_bitmask() | stops;
        let mut odd = word.simd_eq(b'"').to_bitmask();
        let returns = word.simd_eq(b'\r').to_bitmask();
        if returns != 0 || found.open {
            odd |= ((returns << 1) | u64::from(found.open)) & !stops;
            found.open = returns >> (WORD - 1) != 0;
            found.returns = true;
        }
        if odd != 0 {
            let before = (1 << odd.trailing_zeros()) - 1;
            (stops, ends) = (stops & before, ends & before);
        }
        found.stops += stops.count_ones() as usize;
        let mut left = ends.count_ones() as usize;
        loop {
            let Some(places) = self.ends[self.count..].first_chunk_mut::<STRIDE>() else { return false };
            for place in places {
                *place = base + ends.trailing_zeros();
                ends &= ends.wrapping_sub(1);
            }
            self.count += left.min(STRIDE);
            if left <= STRIDE {
                return odd == 0;
            }
            left -= STRIDE;
        }
    }

    /// Looks at one record, byte by byte. Of too many fields none is told.
    pub fn look(&mut self, raw: &[u8], delimiter: u8, quoted: bool) {
        self.clear();
        self.ends.resize(self.ends.len().max(MOST_FIELDS), 0);
        let mut next = 0;
        while self.count < MOST_FIELDS && raw.len() <= u32::MAX as usize {
            let end = field_end(raw, next, delimiter, quoted);
            self.ends[self.count] = end as u32;
            self.count += 1;
            if end >= raw.len() {
                let line = Line { start: 0, end: end as u32, fields: (0, self.count as u32) };
                self.lines.push(line);
                break;
            }
            next = end + 1;
        }
        self.next = 1;
    }
}

/// Records that were looked at together.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'r> {
    /// The text that they stand in.
    text: &'r [u8],
    lines: &'r Lines,
}

impl<'r> Rows<'r> {
    /// The records of a text.
    #[inline]
    pub fn new(text: &'r [u8], lines: &'r Lines) -> Self {
        Self { text, lines }
    }

    /// The text that they stand in.
    #[inline]
    pub fn text(self) -> &'r [u8] {
        self.text
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.lines.lines.len()
    }

    /// All of them, in order.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = Row<'r>> {
        self.lines.lines.iter().map(move |line| self.of(line))
    }

    /// Where one of them starts.
    #[inline]
    pub fn start(self, number: usize) -> usize {
        self.lines.lines.get(number).map_or(0, |line| line.start as usize)
    }

    /// One of them; without fields where there is none.
    #[inline]
    pub fn row(self, number: usize) -> Row<'r> {
        self.lines.lines.get(number).map_or(Row { text: self.text, start: 0, ends: &[] }, |line| self.of(line))
    }

    #[inline]
    fn of(self, line: &Line) -> Row<'r> {
        let fields = line.fields.0 as usize..line.fields.1 as usize;
        Row { text: self.text, start: line.start as usize, ends: self.lines.ends.get(fields).unwrap_or_default() }
    }
}

/// A record and where its fields end.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    /// The text that it stands in.
    text: &'r [u8],
    start: usize,
    /// Counted from the start of that text.
    ends: &'r [u32],
}

impl<'r> Row<'r> {
    /// A record that starts at a place of a text, with the ends of its fields there.
    #[inline]
    pub fn new(text: &'r [u8], start: usize, ends: &'r [u32]) -> Self {
        Self { text, start, ends }
    }

    /// How many fields it has; 0 when they are too many to be told apart.
    #[inline]
    pub fn width(&self) -> usize {
        self.ends.len()
    }

    /// The raw text of some neighbouring fields.
    #[inline]
    pub fn fields(&self, first: usize, last: usize) -> Option<&'r [u8]> {
        let (from, to) = self.place(first, last)?;
        self.text.get(from..to)
    }

    /// Where some neighbouring fields stand in the text.
    #[inline(always)]
    pub fn place(&self, first: usize, last: usize) -> Option<(usize, usize)> {
        let from = if first == 0 { self.start } else { *self.ends.get(first - 1)? as usize + 1 };
        Some((from, *self.ends.get(last)? as usize))
    }

    /// The ends of its fields, counted from its own start.
    pub fn ends(&self) -> Vec<u32> {
        self.ends.iter().map(|end| end - self.start as u32).collect()
    }

    /// The text of a field; `None` where quotes stand around it.
    #[inline]
    pub fn plain(&self, field: usize) -> Option<&'r [u8]> {
        self.fields(field, field).filter(|field| field.first() != Some(&b'"'))
    }

    /// Whether it has so many fields, or more that are empty.
    #[inline]
    pub fn is_of_width(&self, width: usize) -> bool {
        self.width() == width || self.is_wider(width)
    }

    #[cold]
    fn is_wider(&self, width: usize) -> bool {
        self.width() > width && self.ends[width - 1..].windows(2).all(|pair| pair[0] + 1 == pair[1])
    }
}
