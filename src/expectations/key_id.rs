//! Ids of keys, which logs and inventories mask in many ways.

/// How the middle of a key id is masked; an id itself hardly has four of one letter in a row.
const MASKS: &[&str] = &["...", "…", "*", "•", "●", "xxxx", "XXXX", "####", "----", "____"];

/// A key id, of which the middle may be masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyId {
    head: String,
    /// `None` when the id is whole.
    tail: Option<String>,
}

impl KeyId {
    /// Reads `Xy12...9fQz`, `Xy12…9fQz`, `Xy12***9fQz`, `Xy12xxxx9fQz` or a whole id.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        let mask = MASKS.iter().filter_map(|mask| Some((text.find(mask)?, mask.chars().next()?))).min();
        match mask {
            None => Self { head: text.to_owned(), tail: None },
            Some((at, sign)) => {
                let tail = text[at..].trim_start_matches(sign).trim_start();
                Self { head: text[..at].trim_end().to_owned(), tail: Some(tail.to_owned()) }
            }
        }
    }

    /// Whether a text shows enough of an id to tell one from another: `***`, `hidden` and `n/a` do not.
    pub fn shows(text: &str) -> bool {
        let id = Self::new(text);
        let tail = id.tail.as_deref().map_or(0, str::len);
        let shown = id.head.len() + tail;
        // A word has no digit, and no letters on both sides of a mask.
        let both = id.head.len() >= 3 && tail >= 3;
        shown >= 4 && (shown > 12 || both || text.bytes().any(|byte| byte.is_ascii_digit()))
    }

    /// Whether two ids, masked or not, can be the same key: what both show agrees, and that is at least four characters.
    pub fn fits(&self, other: &Self) -> bool {
        let starts = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
        let ends = |a: &str, b: &str| a.ends_with(b) || b.ends_with(a);
        match (&self.tail, &other.tail) {
            (None, None) => self.head == other.head,
            (Some(tail), Some(other_tail)) => {
                let shown = self.head.len().min(other.head.len()) + tail.len().min(other_tail.len());
                shown >= 4 && starts(&self.head, &other.head) && ends(tail, other_tail)
            }
            (Some(tail), None) => masked_fits(&self.head, tail, &other.head),
            (None, Some(tail)) => masked_fits(&other.head, tail, &self.head),
        }
    }
}

fn masked_fits(head: &str, tail: &str, whole: &str) -> bool {
    head.len() + tail.len() >= 4
        && whole.len() >= head.len() + tail.len()
        && whole.starts_with(head)
        && whole.ends_with(tail)
}
