//! What the operations of a ledger mean, by the words that exchanges write.

use std::collections::HashMap;
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
struct Operation {
    meaning: &'static str,
    flow: Flow,
    exchange: &'static str,
}

static OPERATIONS: LazyLock<HashMap<String, Vec<Operation>>> = LazyLock::new(|| {
    let mut known: HashMap<String, Vec<Operation>> = HashMap::new();
    let text = include_str!("../../data/reference/ledger_operations.csv");
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let row: Vec<&'static str> = line.split(',').collect();
        let [operation, meaning, flow, exchange, ..] = row[..] else { continue };
        let flow = match flow {
            "in" => Flow::In,
            "out" => Flow::Out,
            _ => Flow::Either,
        };
        known.entry(squeeze(operation)).or_default().push(Operation { meaning, flow, exchange });
    }
    known
});

/// What an operation means, such as `withdrawal` or `convert`; `None` for a word that is not known.
pub fn meaning(exchange: &str, operation: &str) -> Option<&'static str> {
    find(exchange, operation).map(|found| found.meaning)
}

/// Whether an operation gives or takes; [`Flow::Either`] for a word that is not known.
pub fn flow(exchange: &str, operation: &str) -> Flow {
    find(exchange, operation).map_or(Flow::Either, |found| found.flow)
}

/// The word as the exchange itself uses it, else as another does.
fn find(exchange: &str, operation: &str) -> Option<&'static Operation> {
    let known = OPERATIONS.get(&squeeze(operation))?;
    known.iter().find(|found| found.exchange == exchange).or(known.first())
}
