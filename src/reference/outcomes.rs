//! What a logged status or error code says about a call.

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
    const ALL: &[Self] = &[Self::Accepted, Self::Denied, Self::Refused, Self::Failed, Self::Unknown];

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

/// A status or error code, and what it says.
#[derive(Clone, Debug)]
pub struct Code {
    /// The number, or the beginning of the text in lower case.
    code: Result<i64, String>,
    outcome: Outcome,
}

impl Code {
    pub(super) fn read(cells: &[&str]) -> Result<Self, String> {
        let [code, outcome, ..] = cells else { return Err("too few columns".to_owned()) };
        match Outcome::ALL.iter().find(|known| known.name() == *outcome) {
            Some(outcome) => {
                let code = code.parse().map_err(|_| code.to_lowercase());
                Ok(Self { code, outcome: *outcome })
            }
            None => {
                let all: Vec<&str> = Outcome::ALL.iter().map(|known| known.name()).collect();
                Err(format!("`{outcome}` is no outcome; known are {}", all.join(", ")))
            }
        }
    }
}

/// The outcome of a call by its status and its error code, as logged; either may be empty.
pub fn outcome(codes: &[Code], status: &str, code: &str) -> Outcome {
    let by_code = (!code.is_empty()).then(|| single(codes, code));
    let by_status = (!status.is_empty()).then(|| single(codes, status));
    match (by_status, by_code) {
        (None, None) => Outcome::Unknown,
        (Some(one), None) | (None, Some(one)) => one,
        // An error code says more than the status; but no error is no statement.
        (Some(status), Some(Outcome::Accepted | Outcome::Unknown)) => status,
        (Some(_), Some(code)) => code,
    }
}

fn single(codes: &[Code], text: &str) -> Outcome {
    let text = text.trim().to_lowercase();
    if let Some(number) = number(&text) {
        let known = codes.iter().find(|known| known.code == Ok(number)).map(|known| known.outcome);
        return match (known, number) {
            (Some(known), _) => known,
            (None, 200..=299) => Outcome::Accepted,
            (None, 500..=599) => Outcome::Unknown,
            _ => Outcome::Failed,
        };
    }
    let begins = |known: &&Code| known.code.as_ref().is_err_and(|start| text.starts_with(start.as_str()));
    if let Some(known) = codes.iter().find(begins) {
        return known.outcome;
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
