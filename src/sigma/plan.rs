//! Conditions as polars expressions.

use polars::prelude::*;

use super::condition::Condition;
use super::matcher::Match;

/// Whether each record of a frame fits, where these of its columns hold texts.
pub fn expr(condition: &Condition<Match>, texts: &[&'static str]) -> Expr {
    let join = |list: &[Condition<Match>], with: fn(Expr, Expr) -> Expr, empty: bool| {
        list.iter().map(|one| expr(one, texts)).reduce(with).unwrap_or_else(|| lit(empty))
    };
    match condition {
        Condition::Part(part) => part.expr(texts),
        Condition::All(list) => join(list, Expr::and, true),
        Condition::Any(list) => join(list, Expr::or, false),
        Condition::Not(one) => expr(one, texts).not(),
    }
}
