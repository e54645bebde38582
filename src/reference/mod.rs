//! Facts about exchanges, from the tables in `data/reference/`.

mod operations;
mod outcomes;

pub use operations::{Class, classify};
pub use outcomes::{Outcome, outcome};

/// The records of a table: comma-separated, comments after `#`, a header first.
fn records(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1).map(|line| line.split(',').collect())
}
