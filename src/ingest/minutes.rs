//! Reads the times of a log. Its records mostly share the minute and the layout with the one before; then all but the
//! digits of the seconds is only compared, at once, and those are added up at once. Where calls are few they share the day at
//! least, of which another minute is made.

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x32};

use super::Read;
use super::cells::{YEARS, text, time};
use super::clock::two;
use super::rejects::Fault;
use crate::time::{HOUR, MINUTE, Zone};

/// Longer times are read anew each time.
const LONGEST: usize = 32;

/// Reads times in one zone.
#[derive(Clone, Copy, Debug)]
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

    /// The minute of another time of its day that is written like it; the clock must not change on that day.
    fn beside(&self, cell: &[u8]) -> Option<Self> {
        // The hour and the minute, each in two digits.
        let clock = self.seconds.checked_sub(6)?;
        let minutes = |text: &[u8]| {
            let [(hour, _), (minute, _)] = [two(text.get(clock..)?)?, two(text.get(clock + 3..)?)?];
            (hour < 24 && minute < 60).then_some(hour * HOUR + minute * MINUTE)
        };
        let differs = |at: usize| self.shared[at] == 0 || (clock..clock + 5).contains(&at) && at != clock + 2;
        let alike = cell.len() == self.length && (0..self.length).all(|at| differs(at) || cell[at] == self.text[at]);
        // With AM or PM behind it an hour is another one.
        let halved = self.text[self.seconds..].iter().any(|byte| byte.eq_ignore_ascii_case(&b'm'));
        let is_steady = alike && !halved && !self.text[..clock].last().is_some_and(u8::is_ascii_digit);
        let start = self.start + minutes(cell)? - minutes(&self.text)?;
        (is_steady && YEARS.contains(&start)).then(|| Self { start, text: padded(cell), ..*self })
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
        let quick = |clock: &Self| dispatch!(Level::new(), simd => clock.quick(simd, &text_of, (0, cell.len())));
        if let Some(read) = quick(self) {
            return Ok(Some(read));
        }
        let steady = |minute: &&Minute| matches!(self.zone, Zone::Offset(_)) || minute.read.own_offset;
        if let Some(minute) = self.minute.as_ref().filter(steady).and_then(|minute| minute.beside(cell)) {
            let clock = Self { minute: Some(minute), ..*self };
            if let Some(read) = quick(&clock) {
                *self = clock;
                return Ok(Some(read));
            }
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
    fn alone(zone: Zone, cell: &str) -> Option<Read> {
        read(&mut Clock::new(zone), cell)
    }

    fn read(clock: &mut Clock, cell: &str) -> Option<Read> {
        clock.time(cell.as_bytes()).ok()?
    }

    /// Times like those of a log, now and then with another byte in them.
    fn cell(random: &mut fastrand::Rng, clock: &str) -> String {
        let fraction = random.usize(0..8);
        let digits: String = (0..fraction).map(|_| random.digit(10)).collect();
        let point = if fraction > 0 { random.choice([".", ","]).unwrap_or_default() } else { "" };
        let end = random.choice(["", "Z", "+02:00", " PM", " am"]).unwrap_or_default();
        let mut cell = format!("{clock}:{:02}{point}{digits}{end}", random.u8(0..61));
        if random.u8(0..4) == 0 {
            let at = random.usize(0..cell.len());
            cell.replace_range(at..=at, random.choice(["0", "9", ":", "/", " ", "z", "\0"]).unwrap_or_default());
        }
        cell
    }

    #[test]
    fn times_of_one_minute_are_read_as_if_each_stood_alone() {
        let mut random = fastrand::Rng::with_seed(3);
        let mut clock = Clock::new(Zone::UTC);
        for _ in 0..200_000 {
            let minute = format!("2026-11-20 23:5{}", random.u8(8..10));
            let cell = cell(&mut random, &minute);
            assert_eq!(read(&mut clock, &cell), alone(Zone::UTC, &cell), "{cell}");
        }
    }

    #[test]
    fn times_of_one_day_are_read_as_if_each_stood_alone() {
        let mut random = fastrand::Rng::with_seed(4);
        let zones = ["UTC", "UTC-3", "Europe/Berlin"].map(|name| Zone::parse(name).expect("a zone"));
        for zone in zones {
            let mut clock = Clock::new(zone);
            // Days on which clocks change, and the last before the first year.
            for day in ["2026-03-29 ", "2026-10-25T", "1999-12-31 ", "26-11-20 ", "2026-11-201"].repeat(5) {
                for _ in 0..10_000 {
                    let hour = random.u8(0..26);
                    let hour = if random.bool() { format!("{hour:02}") } else { hour.to_string() };
                    let minute = format!("{day}{hour}:{:02}", random.u8(0..61));
                    let cell = cell(&mut random, &minute);
                    assert_eq!(read(&mut clock, &cell), alone(zone, &cell), "{cell}");
                }
            }
        }
    }
}
