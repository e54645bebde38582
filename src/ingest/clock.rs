//! Reads the times that exports write, by hand: this runs once per record of a log of any length.

use crate::formats::Order;
use crate::time::{DAY, HOUR, MINUTE, SECOND};

/// A time as written, before its zone is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Microseconds since 1970-01-01T00:00:00 on the clock that wrote it.
    pub local: i64,
    /// Seconds east of Greenwich, when the value itself says so.
    pub offset: Option<i32>,
    /// The finest unit written, in microseconds.
    pub grain: i64,
}

/// Reads a time: year first (`2026-01-31 23:59:59`, `26-01-31 …`, `2026/01/31T…`, `31.01.2026 …`), with fraction and
/// offset if any, or an epoch count in seconds, milliseconds or microseconds.
///
/// Two-digit years are `YY-MM-DD`, as Binance writes them. Dates with slashes and the year last are not read: day and
/// month cannot be told apart there.
pub fn parse(text: &[u8]) -> Option<Written> {
    if text.len() >= 10 && text.iter().all(u8::is_ascii_digit) {
        return epoch(text);
    }
    let (days, rest) = date(text)?;
    timed(days, rest)
}

/// Reads a time as a format writes it: with the parts of its date in that order, unless the year stands first in four
/// digits; with the month by its name; or with the time of day in front.
pub fn parse_in(text: &[u8], order: Order) -> Option<Written> {
    if order == Order::Beijing {
        return in_beijing(text);
    }
    if let Some((days, rest)) = named_month(text) {
        return timed(days, rest);
    }
    if text.get(2) == Some(&b':') {
        let at = text.iter().position(|byte| *byte == b' ')?;
        let (days, []) = date(&text[at + 1..])? else { return None };
        return timed(days, &[b" ", &text[..at]].concat());
    }
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if order == Order::Year || digits >= 4 {
        return parse(text);
    }
    let separator = *text.get(digits).filter(|byte| matches!(byte, b'-' | b'/' | b'.'))?;
    let (first, rest) = one_or_two(text)?;
    let (second, rest) = one_or_two(rest.strip_prefix(&[separator])?)?;
    let (year, rest) = year(rest.strip_prefix(&[separator])?)?;
    let (day, month) = if order == Order::Day { (first, second) } else { (second, first) };
    timed(days(year, month, day)?, rest)
}

/// A time that a server in China printed, with `CST` behind it or before the year.
fn in_beijing(text: &[u8]) -> Option<Written> {
    let Some(at) = memchr::memmem::find(text, b"CST") else { return parse(text) };
    let (before, year) = (text[..at].trim_ascii(), text[at + 3..].trim_ascii());
    let written = if year.is_empty() {
        parse(before)
    } else {
        // The name of the day stands in front, and the time of day behind the date.
        let day = before.iter().position(|byte| *byte == b' ')? + 1;
        let time = before.iter().rposition(|byte| *byte == b' ')?;
        let (date, time) = (before.get(day..time)?, &before[time..]);
        parse_in(&[date, b", ", year, time].concat(), Order::Year)
    };
    Some(Written { offset: Some(8 * 3600), ..written? })
}

/// A day and the time of day that follows it.
fn timed(days: i64, rest: &[u8]) -> Option<Written> {
    let rest = match rest {
        [] => return Some(Written { local: days * DAY, offset: None, grain: DAY }),
        [b',', b' ', rest @ ..] | [b' ' | b'T' | b't', rest @ ..] => rest,
        _ => return None,
    };
    let (hour, rest) = one_or_two(rest)?;
    let (minute, rest) = two(rest.strip_prefix(b":")?)?;
    let mut local = days * DAY + minute * MINUTE;
    let mut grain = MINUTE;
    let mut rest = rest;
    let mut second = 0;
    if let [b':', after @ ..] = rest {
        (second, rest) = two(after)?;
        local += second * SECOND;
        grain = SECOND;
        if let [b'.' | b',', after @ ..] = rest {
            let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 || digits > 9 {
                return None;
            }
            let micros =
                after[..digits].iter().chain(b"000000").take(6).fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
            local += micros;
            grain = SECOND / 10i64.pow(digits.min(6) as u32);
            rest = &after[digits..];
        }
    }
    let (hour, rest) = half_day(hour, rest)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(Written { local: local + hour * HOUR, offset: suffix(rest)?, grain })
}

/// The hour of the day, where AM or PM stands behind the time.
fn half_day(hour: i64, rest: &[u8]) -> Option<(i64, &[u8])> {
    let marked = rest.trim_ascii_start();
    let Some((mark, after)) = marked.split_at_checked(2) else { return Some((hour, rest)) };
    let noon = match () {
        () if mark.eq_ignore_ascii_case(b"AM") => 0,
        () if mark.eq_ignore_ascii_case(b"PM") => 12,
        () => return Some((hour, rest)),
    };
    (1..=12).contains(&hour).then_some((hour % 12 + noon, after))
}

/// `Jan. 28, 2022`, `January 28, 2022` or `28 Jan 2022`, and what follows.
fn named_month(text: &[u8]) -> Option<(i64, &[u8])> {
    let blank = |text: &[u8]| text.iter().take_while(|byte| matches!(byte, b' ' | b',' | b'.' | b'-')).count();
    let (day, rest) = match one_or_two(text) {
        Some((day, rest)) => (Some(day), &rest[blank(rest)..]),
        None => (None, text),
    };
    let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let month = month(rest.get(..letters)?)?;
    let rest = &rest[letters + blank(&rest[letters..])..];
    let (day, rest) = match day {
        Some(day) => (day, rest),
        None => one_or_two(rest).map(|(day, rest)| (day, &rest[blank(rest)..]))?,
    };
    let (year, rest) = year(rest)?;
    Some((days(year, month, day)?, rest))
}

/// The number of a month by its English name or the first three letters of it.
fn month(name: &[u8]) -> Option<i64> {
    const NAMES: &[&str] = &[
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    let at = NAMES.iter().position(|known| name.len() >= 3 && known.starts_with(&name))?;
    Some(at as i64 + 1)
}

/// A year in four digits, or in two since 2000.
fn year(text: &[u8]) -> Option<(i64, &[u8])> {
    let (first, rest) = two(text)?;
    match two(rest) {
        Some((second, rest)) => Some((first * 100 + second, rest)),
        None => Some((2000 + first, rest)),
    }
}

fn epoch(text: &[u8]) -> Option<Written> {
    let grain = match text.len() {
        10 => SECOND,
        13 => SECOND / 1000,
        16 => 1,
        _ => return None,
    };
    let count = text.iter().fold(0i64, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    Some(Written { local: count * grain, offset: Some(0), grain })
}

/// A date and what follows it, as days since 1970-01-01.
fn date(text: &[u8]) -> Option<(i64, &[u8])> {
    let first = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let separator = *text.get(first).filter(|byte| matches!(byte, b'-' | b'/' | b'.'))?;
    let (year, month, day, rest) = match first {
        4 => {
            let year = text[..4].iter().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
            let (month, rest) = one_or_two(&text[5..])?;
            let (day, rest) = one_or_two(rest.strip_prefix(&[separator])?)?;
            (year, month, day, rest)
        }
        2 if separator == b'-' => {
            let (year, rest) = two(text)?;
            let (month, rest) = two(rest.strip_prefix(b"-")?)?;
            let (day, rest) = two(rest.strip_prefix(b"-")?)?;
            (2000 + year, month, day, rest)
        }
        2 if separator == b'.' => {
            let (day, rest) = two(text)?;
            let (month, rest) = two(rest.strip_prefix(b".")?)?;
            let (century, rest) = two(rest.strip_prefix(b".")?)?;
            let (year, rest) = two(rest)?;
            (century * 100 + year, month, day, rest)
        }
        _ => return None,
    };
    Some((days(year, month, day)?, rest))
}

/// The day of a date, since 1970-01-01; `None` when there is no such date.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let longest = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => return None,
    };
    ((1..=longest).contains(&day)).then(|| days_from_civil(year, month, day))
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar (Howard Hinnant's algorithm of that name).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// A number of two digits, and what follows it.
pub(super) fn two(text: &[u8]) -> Option<(i64, &[u8])> {
    match text {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => Some((i64::from(a - b'0') * 10 + i64::from(b - b'0'), rest)),
        _ => None,
    }
}

fn one_or_two(text: &[u8]) -> Option<(i64, &[u8])> {
    two(text).or(match text {
        [a @ b'0'..=b'9', rest @ ..] => Some((i64::from(a - b'0'), rest)),
        _ => None,
    })
}

/// Reads `Z`, ` UTC`, `+02:00`, `+0200`, `+02` or nothing.
fn suffix(text: &[u8]) -> Option<Option<i32>> {
    let text = text.trim_ascii();
    match text {
        [] => Some(None),
        b"Z" | b"z" | b"UTC" | b"GMT" | b"(UTC)" => Some(Some(0)),
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let (hours, rest) = two(rest)?;
            let minutes = match rest {
                [] => 0,
                _ => match two(rest.strip_prefix(b":").unwrap_or(rest))? {
                    (minutes, []) => minutes,
                    _ => return None,
                },
            };
            let east = (hours * 3600 + minutes * 60) as i32;
            (hours <= 14 && minutes < 60).then_some(Some(if *sign == b'-' { -east } else { east }))
        }
        _ => None,
    }
}
