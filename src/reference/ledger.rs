//! What the operations of a ledger mean, by the words that exchanges write.

use crate::formats::header::squeeze;

/// Whether an operation gives or takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The account gains by it.
    In,
    /// The account loses by it.
    Out,
    /// It has legs of both kinds: the sign tells.
    Either,
}

/// What is known of one word.
#[derive(Clone, Debug)]
pub struct Operation {
    word: String,
    exchange: String,
    /// What was done, such as `withdrawal` or `convert`.
    pub meaning: String,
    /// Whether it gives or takes.
    pub flow: Flow,
}

impl Operation {
    pub(super) fn read(cells: &[&str]) -> Result<Self, String> {
        let [word, meaning, flow, exchange, ..] = cells else { return Err("too few columns".to_owned()) };
        let flow = match *flow {
            "in" => Flow::In,
            "out" => Flow::Out,
            "either" => Flow::Either,
            other => return Err(format!("`{other}` is no flow; it is in, out or either")),
        };
        Ok(Self { word: squeeze(word), exchange: (*exchange).to_owned(), meaning: (*meaning).to_owned(), flow })
    }

    /// Of the operations of that word the one of the exchange itself, else that of another.
    pub(super) fn find<'a>(known: &'a [Self], exchange: &str, word: &str) -> Option<&'a Self> {
        let word = squeeze(word);
        let mut found = known.iter().filter(|operation| operation.word == word);
        let first = found.clone().next()?;
        found.find(|operation| operation.exchange == exchange).or(Some(first))
    }
}
