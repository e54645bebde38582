//! Instants, zones and spans: microseconds in UTC inside, RFC 3339 outside.

use std::fmt;

use chrono::{DateTime, MappedLocalTime, Offset, SecondsFormat, TimeZone};

/// Microseconds in one second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in one minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in one hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Microseconds in one day.
pub const DAY: i64 = 24 * HOUR;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with as many fractional digits as the value needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_micros(self.0) {
            Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            None => write!(f, "{} microseconds", self.0),
        }
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date-time", "description": "RFC 3339 in UTC"})
    }
}

/// The zone in which a source's times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Seconds east of Greenwich.
    Offset(i32),
    /// A zone with rules of its own, for example daylight saving.
    Named(chrono_tz::Tz),
}

impl Zone {
    /// UTC.
    pub const UTC: Self = Self::Offset(0);

    /// Reads `UTC`, `Z`, `UTC+2`, `UTC--6`, `+05:30`, `GMT+1` or an IANA name such as `Europe/Berlin`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bare = ["UTC", "GMT", "utc", "gmt"].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
        if text.eq_ignore_ascii_case("z") || (bare.is_empty() && !text.is_empty()) || text == "UTCnull" {
            return Some(Self::UTC);
        }
        parse_offset(bare).map(Self::Offset).or_else(|| text.parse().ok().map(Self::Named))
    }

    /// The wall clock at an instant, in microseconds as if it were UTC.
    pub fn local(self, time: i64) -> i64 {
        match self {
            Self::Offset(seconds) => time + i64::from(seconds) * SECOND,
            Self::Named(zone) => DateTime::from_timestamp_micros(time).map_or(time, |at| {
                let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
                time + i64::from(offset) * SECOND
            }),
        }
    }

    /// The UTC instants that a local time in this zone may mean: one, none (skipped by a clock change) or two.
    pub fn to_utc(self, local: i64) -> MappedLocalTime<i64> {
        match self {
            Self::Offset(seconds) => MappedLocalTime::Single(local - i64::from(seconds) * SECOND),
            Self::Named(zone) => match DateTime::from_timestamp_micros(local) {
                None => MappedLocalTime::None,
                Some(time) => zone.from_local_datetime(&time.naive_utc()).map(|time| time.timestamp_micros()),
            },
        }
    }
}

/// `+2`, `-6`, `--6`, `+05:30`, `+0530`: seconds east.
fn parse_offset(text: &str) -> Option<i32> {
    let (sign, digits) = if let Some(rest) = text.strip_prefix("--") {
        (-1, rest)
    } else if let Some(rest) = text.strip_prefix('-') {
        (-1, rest)
    } else {
        (1, text.strip_prefix('+').or_else(|| text.chars().all(|c| c == '0').then_some(text))?)
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None => (digits, "0"),
    };
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i32>().ok())?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Offset(0) => f.write_str("UTC"),
            Self::Offset(seconds) => {
                let minutes = seconds.abs() / 60;
                let sign = if seconds < 0 { '-' } else { '+' };
                write!(f, "UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            Self::Named(zone) => f.write_str(zone.name()),
        }
    }
}

/// Reads a span such as `30d`, `12h`, `2w` or `90m`, in microseconds.
pub fn parse_span(text: &str) -> Option<i64> {
    let text = text.trim();
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let number: i64 = text[..at].parse().ok()?;
    let unit = match &text[at..] {
        "s" => SECOND,
        "m" | "min" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => return None,
    };
    number.checked_mul(unit).filter(|span| *span > 0 && *span < 100_000 * DAY)
}

/// Writes a span in the largest whole unit: `30 days`, `7.5 hours`, `40 seconds`.
pub fn span_words(span: i64) -> String {
    for (unit, name) in [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second")] {
        if span.abs() >= unit {
            let tenths = (span * 10 + unit / 2) / unit;
            let number =
                if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) };
            return format!("{number} {name}{}", if number == "1" { "" } else { "s" });
        }
    }
    "less than a second".to_owned()
}
