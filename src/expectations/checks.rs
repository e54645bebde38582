//! The checks that all parts of `expected.toml` share: every fault gets its line, and a name its nearest valid one.

use std::fmt;

use regex::Regex;
use toml::Spanned;

use super::file::{Text, When};
use super::{DayWindow, Validity};
use crate::rules;
use crate::settings;
use crate::sigma;
use crate::time::{Zone, parse_span};

/// A TOML error with its line and, for an unknown name, the nearest known one.
pub fn syntax(text: &str, shown: &str, error: &toml::de::Error) -> String {
    let place = error.span().map_or(String::new(), |span| place(text, span.start));
    let message = error.message();
    let mut names = message.split('`').skip(1).step_by(2);
    let hint = match names.next() {
        Some(wrong) if message.starts_with("unknown") => {
            nearest(wrong, names).map(|name| format!("; did you mean `{name}`?"))
        }
        _ => None,
    };
    let message = message.lines().next().unwrap_or_default();
    format!("{shown}{place}: {message}{}", hint.unwrap_or_default())
}

fn place(text: &str, byte: usize) -> String {
    let before = &text[..byte.min(text.len())];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!(":{line}:{column}")
}

/// The known name nearest to a wrong one, if any is near.
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (strsim::damerau_levenshtein(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .min()
        .filter(|(distance, name)| *distance <= 1 + name.len() / 3)
        .map(|(_, name)| name)
}

/// Checks one file and gathers what is wrong with it.
pub struct Builder<'a> {
    text: &'a str,
    /// The path as shown.
    pub shown: &'a str,
    /// What is wrong so far.
    pub errors: Vec<String>,
    /// The zone of times written without an offset.
    pub zone: Zone,
}

impl<'a> Builder<'a> {
    /// Starts on a text.
    pub fn new(text: &'a str, shown: &'a str) -> Self {
        Self { text, shown, errors: Vec::new(), zone: Zone::UTC }
    }

    pub fn fault<T>(&mut self, at: &Spanned<T>, message: impl fmt::Display) {
        let place = self.place(at);
        self.errors.push(format!("{place}: {message}"));
    }

    /// File, line and column.
    pub fn place<T>(&self, at: &Spanned<T>) -> String {
        format!("{}{}", self.shown, place(self.text, at.span().start))
    }

    /// The rule of that name; `None` with an error when there is none, without one when it is only planned.
    pub fn rule_name(&mut self, rule: &Text) -> Option<&'static rules::Rule> {
        let id = rule.get_ref().as_str();
        let known = rules::by_id(id);
        // Which rules of the user's own a run has is not known here.
        if known.is_none() && !id.starts_with(sigma::PREFIX) && !rules::PLANNED.contains(&id) {
            let ids = rules::ALL.iter().map(|rule| rule.id).chain(rules::PLANNED.iter().copied());
            let hint = nearest(id, ids).map(|name| format!("; did you mean `{name}`?"));
            self.fault(rule, format!("there is no rule `{id}`{}", hint.unwrap_or_default()));
        }
        known
    }

    pub fn refer(&mut self, names: &[Text], known: &[&str], what: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for name in names {
            let before = found.len();
            found.extend((0..known.len()).filter(|&at| known[at] == name.get_ref()));
            if found.len() == before {
                let hint =
                    nearest(name.get_ref(), known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
                self.fault(name, format!("there is no {what} named `{}`{}", name.get_ref(), hint.unwrap_or_default()));
            }
        }
        found
    }

    pub fn one_of(&mut self, word: &Text, known: &[&str], what: &str) {
        if !known.contains(&word.get_ref().as_str()) {
            let hint = nearest(word.get_ref(), known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
            let all = known.join(", ");
            self.fault(word, format!("`{}` is no {what}; known are {all}{}", word.get_ref(), hint.unwrap_or_default()));
        }
    }

    pub fn span(&mut self, span: &Text) -> Option<i64> {
        let parsed = parse_span(span.get_ref());
        if parsed.is_none() {
            self.fault(span, format!("`{}` is not a span; write one such as `30d`, `12h` or `90m`", span.get_ref()));
        }
        parsed
    }

    pub fn window(&mut self, window: &Text) -> Option<DayWindow> {
        let parsed = DayWindow::parse(window.get_ref());
        if parsed.is_none() {
            self.fault(window, format!("`{}` is not a window; write one such as `06:00-22:00`", window.get_ref()));
        }
        parsed
    }

    pub fn pattern(&mut self, pattern: &Text) -> Option<Regex> {
        Regex::new(pattern.get_ref())
            .map_err(|error| self.fault(pattern, format!("not a usable regular expression: {error}")))
            .ok()
    }

    pub fn positive(&mut self, number: &Spanned<toml::Value>) -> Option<f64> {
        let value = number.get_ref().as_float().or_else(|| number.get_ref().as_integer().map(|whole| whole as f64));
        let value = value.filter(|value| value.is_finite() && *value > 0.0);
        if value.is_none() {
            self.fault(number, "not an amount; write a number above zero, such as `5000`");
        }
        value
    }

    pub fn validity(&mut self, name: &Text, from: Option<&When>, until: Option<&When>) -> Validity {
        let valid =
            Validity { from: from.and_then(|when| self.when(when)), until: until.and_then(|when| self.when(when)) };
        if let (Some(start), Some(end)) = (valid.from, valid.until)
            && end <= start
        {
            self.fault(name, format!("`{}` ends before it begins", name.get_ref()));
        }
        valid
    }

    pub fn when(&mut self, when: &When) -> Option<i64> {
        let text = match when.get_ref() {
            toml::Value::Datetime(time) => time.to_string(),
            toml::Value::String(text) => text.clone(),
            _ => String::new(),
        };
        let time = settings::parse_time(&text, self.zone);
        if time.is_none() {
            self.fault(when, "not a date or time; write `2026-10-20`, or `2026-10-20T14:05:00Z`");
        }
        time
    }
}
