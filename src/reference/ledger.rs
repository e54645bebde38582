//! What the operations of a ledger mean, by the words that exchanges write.

use std::sync::LazyLock;

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

    /// Of the operations of that word the one of the exchange itself, else that of another, else what the word speaks of.
    pub(super) fn find<'a>(known: &'a [Self], exchange: &str, word: &str) -> Option<&'a Self> {
        let word = squeeze(word);
        let mut found = known.iter().filter(|operation| operation.word == word);
        match found.clone().next() {
            Some(first) => found.find(|operation| operation.exchange == exchange).or(Some(first)),
            None => SPOKEN_OF.iter().find(|spoken| word.contains(&spoken.word)),
        }
    }
}

/// What an operation that no table names means by a word in it, the first that fits: exchanges add operations faster than
/// tables do, and a way out of the account must not go unseen for its new name.
static SPOKEN_OF: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let words = [
        ("liquidation", "liquidation"),
        ("repay", "repay"),
        ("loan", "borrow"),
        ("borrow", "borrow"),
        ("cashback", "reward"),
        ("gift card", "send"),
        ("red packet", "send"),
        ("crypto box", "send"),
        ("pay", "send"),
        ("sub-account", "sub-account"),
        ("universal transfer", "sub-account"),
        ("internal transfer", "sub-account"),
        ("convert", "convert"),
        ("p2p", "p2p"),
        ("c2c", "p2p"),
    ];
    let spoken = |(word, meaning): (&str, &str)| Operation {
        word: squeeze(word),
        exchange: String::new(),
        meaning: meaning.to_owned(),
        flow: Flow::Either,
    };
    words.into_iter().map(spoken).collect()
});
