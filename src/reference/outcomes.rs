//! What a logged status or error code says about a call.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::records;

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Carried out.
    Accepted,
    /// The key, its address or its permission was refused.
    Denied,
    /// A rate limit or firewall: says nothing on the key.
    Refused,
    /// The request was no good; the key was let in.
    Failed,
    /// Not logged, or not known to the exchange itself.
    Unknown,
}

impl Outcome {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Denied => "denied",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the call may have done something.
    pub fn may_have_acted(self) -> bool {
        matches!(self, Self::Accepted | Self::Unknown)
    }

    /// Whether the exchange may have let the caller in: a request that was no good was judged after its key.
    pub fn may_have_entered(self) -> bool {
        self.may_have_acted() || self == Self::Failed
    }
}

static CODES: LazyLock<HashMap<i64, Outcome>> = LazyLock::new(|| {
    let named = |name: &str| match name {
        "accepted" => Outcome::Accepted,
        "denied" => Outcome::Denied,
        "refused" => Outcome::Refused,
        "failed" => Outcome::Failed,
        _ => Outcome::Unknown,
    };
    records(include_str!("../../data/reference/outcomes.csv"))
        .filter_map(|row| Some((row.first()?.parse().ok()?, named(row.get(1)?))))
        .collect()
});

/// The outcome of a call by its status and its error code, as logged; either may be empty.
pub fn outcome(status: &str, code: &str) -> Outcome {
    let by_code = (!code.is_empty()).then(|| single(code));
    let by_status = (!status.is_empty()).then(|| single(status));
    match (by_status, by_code) {
        (None, None) => Outcome::Unknown,
        (Some(one), None) | (None, Some(one)) => one,
        // An error code says more than the status; but no error is no statement.
        (Some(status), Some(Outcome::Accepted | Outcome::Unknown)) => status,
        (Some(_), Some(code)) => code,
    }
}

fn single(text: &str) -> Outcome {
    let text = text.trim().to_lowercase();
    if let Some(number) = number(&text) {
        return match (CODES.get(&number), number) {
            (Some(known), _) => *known,
            (None, 200..=299) => Outcome::Accepted,
            (None, 500..=599) => Outcome::Unknown,
            _ => Outcome::Failed,
        };
    }
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["unknown", "timeout", "pending"]) {
        Outcome::Unknown
    } else if has(&["rate limit", "too many", "banned", "throttl"]) {
        Outcome::Refused
    } else if has(&[
        "den",
        "unauthor",
        "forbid",
        "invalid",
        "not allowed",
        "block",
        "fail",
        "error",
        "reject",
        "no permission",
        "refus",
        "unsuccess",
    ]) || text == "false"
        || text == "no"
    {
        Outcome::Denied
    } else if has(&["success", "ok", "accept", "allow", "complet", "pass", "done", "grant"])
        || text == "true"
        || text == "yes"
    {
        Outcome::Accepted
    } else {
        Outcome::Unknown
    }
}

/// The number a text begins with, or that stands behind `HTTP`.
fn number(text: &str) -> Option<i64> {
    let text = text.strip_prefix("http").map_or(text, |rest| rest.trim_start_matches(['/', '1', '2', '.', ' ', ':']));
    let end = text
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_digit() || (*at == 0 && *c == '-')))
        .map_or(text.len(), |(at, _)| at);
    text[..end].parse().ok()
}
