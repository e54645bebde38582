//! Reads the times of a log. Its records mostly share the minute and the layout with the one before; then all but the
//! digits of the seconds is only compared, at once, and those are added up at once.

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x32};

use super::Read;
use super::cells::{text, time};
use super::rejects::Fault;
use crate::time::{MINUTE, Zone};

/// Longer times are read anew each time.
const LONGEST: usize = 32;

/// Reads times in one zone.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: Zone,
    minute: Option<Minute>,
}

/// A minute, and how times in it are written.
#[derive(Clone, Copy, Debug)]
struct Minute {
    /// Its beginning in UTC.
    start: i64,
    /// A time in it, as written.
    text: [u8; LONGEST],
    /// All bits of the bytes that all times in it have.
    shared: [u8; LONGEST],
    /// The length of its times.
    length: usize,
    /// Where the seconds stand in them.
    seconds: usize,
    /// All bits of the digits of the seconds, and of the first five of a fraction; the point is the third byte.
    digits: u64,
    /// Whether the fraction has a sixth.
    sixth: bool,
    /// What holds for all its times: a clock changes between minutes.
    read: Read,
}

impl Minute {
    /// The minute of a time.
    fn of(cell: &[u8], read: Read) -> Option<Self> {
        let mut colons = memchr::memchr_iter(b':', cell);
        let at = colons.next().and(colons.next())? + 1;
        let point = matches!(cell.get(at + 2), Some(b'.' | b','));
        let fraction = cell.iter().skip(at + 3).take_while(|byte| point && byte.is_ascii_digit()).count();
        if !(at + 2..=LONGEST).contains(&cell.len()) || fraction > 6 {
            return None;
        }
        let text = padded(cell);
        let mut shared = [0; LONGEST];
        shared[..cell.len()].fill(u8::MAX);
        shared[at..at + 2].fill(0);
        shared.iter_mut().skip(at + 3).take(fraction).for_each(|bits| *bits = 0);
        let mut digits = [u8::MAX, u8::MAX, 0, 0, 0, 0, 0, 0];
        digits[3..3 + fraction.min(5)].fill(u8::MAX);
        let digits = u64::from_le_bytes(digits);
        let length = cell.len();
        let mut minute = Self { start: 0, text, shared, length, seconds: at, digits, sixth: fraction == 6, read };
        minute.start = read.time? - minute.micros(&[text, [0; LONGEST]].concat())?;
        (minute.start % MINUTE == 0).then_some(minute)
    }

    /// The time between two places of a text, if it is in this minute and written like it. Some bytes must follow it.
    #[inline(always)]
    fn read<S: Simd>(&self, simd: S, text: &[u8], (from, to): (usize, usize)) -> Option<Read> {
        let behind = text.get(from..)?;
        let [cell, own, shared] =
            [behind.first_chunk()?, &self.text, &self.shared].map(|bytes| u8x32::simd_from(simd, *bytes));
        let alike = to.wrapping_sub(from) == self.length && ((cell ^ own) & shared).simd_eq(0).all_true();
        if alike { Some(Read { time: Some(self.start + self.micros(behind)?), ..self.read }) } else { None }
    }

    /// The seconds of a time in microseconds. Digits are added up two, four and eight at a time, as numbers in one word.
    #[inline(always)]
    fn micros(&self, text: &[u8]) -> Option<i64> {
        const EACH: u64 = 0x0101_0101_0101_0101;
        const PAIRS: u64 = 0x00FF_00FF_00FF_00FF;
        let [eight @ .., sixth] = text.get(self.seconds..)?.first_chunk::<9>()?;
        let digits = (u64::from_le_bytes(*eight) ^ (EACH * u64::from(b'0'))) & self.digits;
        let sixth = if self.sixth { sixth.wrapping_sub(b'0') } else { 0 };
        // The highest bit of each byte that is no digit.
        let odd = (((digits & !(EACH << 7)) + EACH * (0x7F - 9)) | digits) & (EACH << 7);
        if odd != 0 || sixth > 9 {
            return None;
        }
        // The point goes, and a zero comes in front.
        let ones = (digits & 0xFFFF) << 8 | digits >> 24 << 24;
        let twos = ones * 10 + (ones >> 8);
        let fours = (twos & PAIRS) * 100 + (twos >> 16 & PAIRS);
        let eights = (fours & 0xFFFF) * 10_000 + (fours >> 32 & 0xFFFF);
        (eights < 60 * 100_000).then(|| (eights * 10) as i64 + i64::from(sixth))
    }
}

/// The bytes of a time, with zeros behind them.
fn padded<const LENGTH: usize>(cell: &[u8]) -> [u8; LENGTH] {
    let mut padded = [0; LENGTH];
    let length = cell.len().min(LENGTH);
    padded[..length].copy_from_slice(&cell[..length]);
    padded
}

impl Clock {
    /// A reader of times in a zone.
    pub fn new(zone: Zone) -> Self {
        Self { zone, minute: None }
    }

    /// The time between two places of a text, if it is in the minute of the one before and written like it.
    #[inline(always)]
    pub fn quick<S: Simd>(&self, simd: S, text: &[u8], place: (usize, usize)) -> Option<Read> {
        self.minute.as_ref()?.read(simd, text, place)
    }

    /// A time in UTC, as [`time`] reads it.
    ///
    /// # Errors
    /// As those of [`time`].
    pub fn time(&mut self, cell: &[u8]) -> Result<Option<Read>, Fault> {
        let text_of = padded::<{ 2 * LONGEST }>(cell);
        if let Some(read) = dispatch!(Level::new(), simd => self.quick(simd, &text_of, (0, cell.len()))) {
            return Ok(Some(read));
        }
        let Some(text) = text(cell)? else { return Ok(None) };
        let read = time(text, self.zone)?;
        self.minute = Minute::of(cell, read);
        Ok(Some(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a fresh reader makes of a time, which has no minute to compare it with.
    fn alone(cell: &str) -> Option<(Option<i64>, i64)> {
        read(&mut Clock::new(Zone::UTC), cell)
    }

    fn read(clock: &mut Clock, cell: &str) -> Option<(Option<i64>, i64)> {
        clock.time(cell.as_bytes()).ok()?.map(|read| (read.time, read.grain))
    }

    #[test]
    fn times_of_one_minute_are_read_as_if_each_stood_alone() {
        let mut random = fastrand::Rng::with_seed(3);
        let mut clock = Clock::new(Zone::UTC);
        for _ in 0..200_000 {
            let fraction = random.usize(0..8);
            let digits: String = (0..fraction).map(|_| random.digit(10)).collect();
            let point = if fraction > 0 { random.choice([".", ","]).unwrap_or_default() } else { "" };
            let end = random.choice(["", "Z", "+02:00"]).unwrap_or_default();
            let mut cell = format!("2026-11-20 23:5{}:{:02}{point}{digits}{end}", random.u8(8..10), random.u8(0..61));
            // Now and then a byte of it is another.
            if random.u8(0..4) == 0 {
                let at = random.usize(0..cell.len());
                cell.replace_range(at..=at, random.choice(["0", "9", ":", "/", " ", "z", "\0"]).unwrap_or_default());
            }
            assert_eq!(read(&mut clock, &cell), alone(&cell), "{cell}");
        }
    }
}
