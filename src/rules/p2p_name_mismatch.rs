//! P2P payments in a name other than the counterparty's.

use polars::prelude::*;

use super::plan::{hits, only, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "p2p-name-mismatch",
    title: "P2P payment in another name",
    severity: "high",
    confidence: Confidence::Medium,
    subject: Subject::P2pOrder,
    message: "P2P order {order}: the payment's name is not the verified name of the counterparty",
    needs: &[Table::P2p],
    needs_expectations: false,
    why: "A third person who pays is a victim of the one you deal with, and asks for the money back.",
    logic: "A P2P order of the window, not cancelled, whose export states the name on the payment, which is less alike than `likeness` to the verified name that the export states and to the `real_name` that [[p2p]] gives the counterparty (Jaro-Winkler; case, accents and the order of names do not count). Binance's export states neither.",
    benign: &["a business account: its name can be the `real_name` of a [[p2p]]", "a name written in another script"],
    next: &[Step::DoNotRelease, Step::Report],
    sources: "users' reports of triangle payments; fields: Bybit's P2P API; the limit: own proposal",
    thresholds: &[Threshold { name: "likeness", default: 0.85, unit: "of 1", source: "own proposal" }],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(frame) = data.frames.get(&Table::P2p) else { return Ok(None) };
    let (name, payer) = (frame.column("name")?.str()?, frame.column("payer")?.str()?);
    let nickname = frame.column("counterparty")?.str()?;
    // Several may go by one masked nickname.
    let people = data.expectations.map(|e| e.counterparties.as_slice()).unwrap_or_default();
    let listed = |at: usize| {
        let own = nickname.get(at).into_iter().flat_map(|name| people.iter().filter(|one| one.goes_by(name)));
        own.filter_map(|one| one.real_name.as_deref())
    };
    let unlike = |at: &usize| {
        let Some(payer) = payer.get(*at).map(plain) else { return false };
        let names: Vec<&str> = name.get(*at).into_iter().chain(listed(*at)).collect();
        let like = |name: &&str| strsim::jaro_winkler(&plain(name), &payer) >= thresholds.value("likeness");
        !names.is_empty() && !names.iter().any(like)
    };
    let rows = (0..frame.height()).filter(unlike).map(|at| at as u32).collect();
    let odd = only(frame.clone().lazy(), rows)?.filter(col("in_window").and(col("undone").not()));
    let details = [("order", col("order_id")), ("symbol", col("asset"))];
    let time = || col("created");
    Ok(Some(hits(odd, col("order_id"), severity(Severity::High), Table::P2p, [time(), time()], lit(1u64), &details)))
}

/// A name's words in order, lower case, Latin letters without their accents.
fn plain(name: &str) -> String {
    const ACCENTS: &[(&str, char)] = &[
        ("àáâãäåāăą", 'a'),
        ("çćč", 'c'),
        ("ďđð", 'd'),
        ("èéêëēęě", 'e'),
        ("ğ", 'g'),
        ("ìíîïīıį", 'i'),
        ("łľĺ", 'l'),
        ("ñńň", 'n'),
        ("òóôõöøőō", 'o'),
        ("řŕ", 'r'),
        ("śšşș", 's'),
        ("ťţț", 't'),
        ("ùúûüůűū", 'u'),
        ("ýÿ", 'y'),
        ("źżž", 'z'),
    ];
    let bare = |c: char| ACCENTS.iter().find(|(all, _)| all.contains(c)).map_or(c, |(_, plain)| *plain);
    let lower: String = name.chars().flat_map(char::to_lowercase).map(bare).collect();
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}
