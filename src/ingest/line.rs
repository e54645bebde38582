//! A line without quotes, seen at one glance: where it ends, and where its fields end.

use memchr::memchr_iter;
use wide::u8x16;

use super::records::field_end;

/// Bytes that are looked at together.
const WORD: usize = 64;
/// Longer lines are looked at byte by byte.
const WORDS: usize = 4;
/// And so are records of more fields.
const MOST_FIELDS: usize = 64;
/// Places that are written at a time, needed or not: that is faster than to ask.
const STRIDE: usize = 8;

/// The ends of the fields of a record.
#[derive(Clone, Debug)]
pub struct Ends {
    places: [u32; MOST_FIELDS + 2 * STRIDE],
    count: usize,
}

impl Default for Ends {
    fn default() -> Self {
        Self { places: [0; MOST_FIELDS + 2 * STRIDE], count: 0 }
    }
}

impl Ends {
    /// The end of each field, in order; the last is that of the record. Empty when there are too many.
    #[inline]
    pub fn places(&self) -> &[u32] {
        &self.places[..self.count]
    }

    /// Looks at a text that begins with a record: gives its length, and the length with the line's end. `None` where that
    /// needs a closer look: the line is long, has many fields or a quote in it, or stands at the end of the text.
    #[inline]
    pub fn glance(&mut self, text: &[u8], delimiter: u8) -> Option<(usize, usize)> {
        self.count = 0;
        let [delimiters, feeds, returns, quotes] = [delimiter, b'\n', b'\r', b'"'].map(u8x16::splat);
        for at in 0..WORDS {
            let word = text.get(at * WORD..(at + 1) * WORD)?.first_chunk::<WORD>()?;
            let (mut fields, mut stops) = (0u64, 0u64);
            for (lane, bytes) in word.as_chunks::<16>().0.iter().enumerate() {
                let bytes = u8x16::new(*bytes);
                let stop = bytes.simd_eq(feeds) | bytes.simd_eq(returns) | bytes.simd_eq(quotes);
                fields |= u64::from(bytes.simd_eq(delimiters).to_bitmask()) << (16 * lane);
                stops |= u64::from(stop.to_bitmask()) << (16 * lane);
            }
            if stops == 0 {
                self.add(fields, at * WORD)?;
                continue;
            }
            let end = stops.trailing_zeros() as usize;
            self.add(fields & ((1 << end) - 1), at * WORD)?;
            let body = at * WORD + end;
            let length = match (word[end], text.get(body + 1)) {
                (b'"', _) => return None,
                (b'\r', None) => return None,
                (b'\r', Some(b'\n')) => 2,
                _ => 1,
            };
            self.places[self.count] = body as u32;
            self.count += 1;
            return Some((body, body + length));
        }
        None
    }

    /// Adds the places of the bits of a mask.
    #[inline]
    fn add(&mut self, mut mask: u64, base: usize) -> Option<()> {
        let mut left = mask.count_ones() as usize;
        loop {
            let places = self.places.get_mut(self.count..self.count + STRIDE)?.first_chunk_mut::<STRIDE>()?;
            for place in places {
                *place = (base + mask.trailing_zeros() as usize) as u32;
                mask &= mask.wrapping_sub(1);
            }
            self.count += left.min(STRIDE);
            left = left.saturating_sub(STRIDE);
            if left == 0 {
                return (self.count <= MOST_FIELDS).then_some(());
            }
        }
    }

    /// Looks at a record byte by byte.
    pub fn look(&mut self, raw: &[u8], delimiter: u8, quoted: bool) {
        self.count = 0;
        if raw.len() > u32::MAX as usize {
            return;
        }
        let mut next = 0;
        while self.count < MOST_FIELDS {
            let end = field_end(raw, next, delimiter, quoted);
            self.places[self.count] = end as u32;
            self.count += 1;
            if end >= raw.len() {
                return;
            }
            next = end + 1;
        }
        self.count = 0;
    }
}

/// Whether nothing but delimiters stands in a text.
pub fn is_bare(text: &[u8], delimiter: u8) -> bool {
    memchr_iter(delimiter, text).count() == text.len()
}
