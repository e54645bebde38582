//! Tests of single values, made once from what a rule says and applied to whole columns.

use chrono::{DateTime, Datelike, Timelike};
use ipnet::IpNet;
use polars::prelude::*;
use regex::{Regex, RegexBuilder};

use super::fields::{Field, Source};
use crate::address::parse_ip;
use crate::decimal::Decimal;
use crate::tables::Kind;

/// What a record must be like.
#[derive(Clone, Debug)]
pub enum Match {
    /// A field passes a test.
    Field(Field, Test),
    /// Any text of the record passes a test.
    Anywhere(Test),
}

/// A test of a value.
#[derive(Clone, Debug)]
pub enum Test {
    /// A text looks like this.
    Text(Regex),
    /// A number or time stands so to this one; numbers in units of decimals, times in microseconds.
    Order(Comparison, i128),
    /// An address lies in this network.
    Network(IpNet),
    /// There is a value.
    Exists(bool),
    /// It equals another field of the record.
    Same(Field),
    /// A part of a time, in UTC, stands so to this number.
    Clock(Part, Comparison, i128),
}

/// A part of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Minute,
    Hour,
    Day,
    /// Of the year, as ISO 8601 counts them.
    Week,
    Month,
    Year,
}

impl Part {
    /// Of an instant in microseconds.
    fn of(self, time: i64) -> Option<i64> {
        let time = DateTime::from_timestamp_micros(time)?;
        Some(match self {
            Self::Minute => time.minute().into(),
            Self::Hour => time.hour().into(),
            Self::Day => time.day().into(),
            Self::Week => time.iso_week().week().into(),
            Self::Month => time.month().into(),
            Self::Year => time.year().into(),
        })
    }
}

/// How numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    /// Whether a number stands so to another.
    pub fn holds(self, value: i128, to: i128) -> bool {
        match self {
            Self::Equal => value == to,
            Self::Less => value < to,
            Self::AtMost => value <= to,
            Self::Greater => value > to,
            Self::AtLeast => value >= to,
        }
    }
}

/// Where in a text a pattern must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    Whole,
    Start,
    End,
    Anywhere,
}

/// How a text is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// Where it must stand.
    pub stand: Stand,
    /// Whether case counts.
    pub cased: bool,
    /// Whether dashes and slashes stand for each other.
    pub dashes: bool,
}

/// What the modifier `windash` takes for one.
const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// A pattern with the wildcards `*` and `?`; a backslash takes their meaning from them and from itself.
pub fn wildcard(text: &str, search: Search) -> Result<Regex, String> {
    let mut pattern = String::new();
    if matches!(search.stand, Stand::Whole | Stand::Start) {
        pattern.push_str(r"\A");
    }
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('\\', Some('*' | '?' | '\\')) => {
                let literal = rest.next().map_or(String::new(), |c| c.to_string());
                pattern.push_str(&regex::escape(&literal));
            }
            ('*', _) => pattern.push_str(".*"),
            ('?', _) => pattern.push('.'),
            (dash, _) if search.dashes && DASHES.contains(&dash) => pattern.push_str(r"[-/\u{2013}\u{2014}\u{2015}]"),
            _ => pattern.push_str(&regex::escape(&c.to_string())),
        }
    }
    if matches!(search.stand, Stand::Whole | Stand::End) {
        pattern.push_str(r"\z");
    }
    let built = RegexBuilder::new(&pattern).case_insensitive(!search.cased).dot_matches_new_line(true).build();
    built.map_err(|error| format!("not a usable pattern: {error}"))
}

/// A regular expression with the flags i, m and s. Matching takes linear time whatever the pattern.
pub fn expression(text: &str, flags: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(text)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(flags.contains('s'))
        .build();
    built.map_err(|error| format!("not a usable regular expression: {}", error.to_string().replace('\n', " ")))
}

impl Match {
    /// Whether each record passes, as an expression over a frame with these columns.
    pub fn expr(&self, columns: &[&'static str]) -> Expr {
        match self {
            Self::Field(field, Test::Same(other)) => col(field.column)
                .cast(DataType::String)
                .eq(col(other.column).cast(DataType::String))
                .fill_null(lit(false)),
            Self::Field(field, test) => test.expr(field.column),
            Self::Anywhere(test) => {
                columns.iter().map(|column| test.expr(column)).reduce(Expr::or).unwrap_or_else(|| lit(false))
            }
        }
    }

    /// The fields it looks at; nothing for any text.
    pub fn fields(&self) -> Vec<Field> {
        match self {
            Self::Field(field, Test::Same(other)) => vec![*field, *other],
            Self::Field(field, _) => vec![*field],
            Self::Anywhere(_) => Vec::new(),
        }
    }
}

impl Test {
    fn expr(&self, column: &'static str) -> Expr {
        let test = self.clone();
        let apply = move |column: Column| -> PolarsResult<Column> {
            Ok(Column::new(column.name().clone(), test.all(&column)?))
        };
        col(column).map(apply, |_, field| Ok(polars::prelude::Field::new(field.name().clone(), DataType::Boolean)))
    }

    /// The test for each value of a column; a value that is not there passes only where it is to be absent.
    fn all(&self, column: &Column) -> PolarsResult<Vec<bool>> {
        if let Self::Exists(wanted) = self {
            let empty: Vec<bool> = match column.dtype() {
                DataType::String => column.str()?.iter().map(|text| text.is_none_or(str::is_empty)).collect(),
                _ => column.is_null().iter().map(|null| null.unwrap_or(true)).collect(),
            };
            return Ok(empty.into_iter().map(|empty| empty != *wanted).collect());
        }
        Ok(match column.dtype() {
            DataType::String => column.str()?.iter().map(|text| text.is_some_and(|text| self.text(text))).collect(),
            DataType::Decimal(..) => {
                let values = column.decimal()?.physical().iter();
                values.map(|value| value.is_some_and(|value| self.number(value))).collect()
            }
            DataType::Int64 => {
                let values = column.i64()?.iter();
                values.map(|value| value.is_some_and(|value| self.number(i128::from(value)))).collect()
            }
            _ => vec![false; column.len()],
        })
    }

    fn text(&self, text: &str) -> bool {
        match self {
            Self::Text(pattern) => pattern.is_match(text),
            Self::Network(network) => parse_ip(text).is_some_and(|ip| network.contains(&ip)),
            Self::Order(comparison, to) => {
                Decimal::parse(text.trim().as_bytes()).is_ok_and(|value| comparison.holds(value.0, *to))
            }
            Self::Exists(_) | Self::Same(_) | Self::Clock(..) => false,
        }
    }

    fn number(&self, value: i128) -> bool {
        match self {
            Self::Order(comparison, to) => comparison.holds(value, *to),
            Self::Clock(part, comparison, to) => i64::try_from(value)
                .ok()
                .and_then(|time| part.of(time))
                .is_some_and(|value| comparison.holds(i128::from(value), *to)),
            _ => false,
        }
    }
}

/// Whether a field holds numbers or times and not texts.
pub fn is_measured(field: &Field) -> bool {
    matches!(field.source, Source::Column(Kind::Decimal | Kind::Time))
}
