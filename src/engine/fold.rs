//! Folds the hits of a rule into findings.

use std::collections::BTreeSet;

use polars::prelude::{DataFrame, PolarsResult};

use super::hits::{Hit, read};
use super::{Finding, evidence, fingerprint, fixed_severity};
use crate::address::parse_ip;
use crate::counted::counted;
use crate::dataset::Dataset;
use crate::expectations::Suppression;
use crate::ingest::FastSet;
use crate::names::{shorten, shorten_name};
use crate::parallel;
use crate::rules::{Rule, Severity};
use crate::tables::Table;

/// Values of one kind that a message names.
const NAMED: usize = 3;

/// A hit with its subject and the place of the suppression that covers it.
type Ranked<'a, 'h> = (&'a str, Option<usize>, &'h Hit<'a>);

/// Folds the hits of a rule into findings: one per subject, and one more for what suppressions cover.
pub(super) fn fold(
    rule: &'static Rule,
    frame: &DataFrame,
    data: &Dataset<'_>,
    suppressions: &[Suppression],
    jobs: usize,
) -> PolarsResult<Vec<Finding>> {
    let fixed = fixed_severity(rule, data);
    let own: Vec<&Suppression> = suppressions.iter().filter(|s| s.rule == rule.id).collect();
    let hits = read(frame, jobs)?;
    let covered = |hit: &Hit<'_>| own.iter().position(|suppression| covers(suppression, hit));
    let mut ranked: Vec<Ranked<'_, '_>> = hits.iter().map(|hit| (hit.text("subject"), covered(hit), hit)).collect();
    ranked.sort_by_key(|(subject, covered, _)| (*subject, *covered));
    let groups: Vec<&[Ranked<'_, '_>]> = ranked.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).collect();
    let split: FastSet<&str> =
        groups.windows(2).filter(|pair| pair[0][0].0 == pair[1][0].0).map(|pair| pair[0][0].0).collect();
    let finding = |group: &&[Ranked<'_, '_>]| {
        let (subject, covered, _) = group[0];
        let hits: Vec<&Hit<'_>> = group.iter().map(|(_, _, hit)| *hit).collect();
        let top = hits.iter().map(|hit| hit.severity).max().unwrap_or(0);
        let severity = fixed.unwrap_or(Severity::ALL[top.clamp(0, 4) as usize]);
        let count = hits.iter().map(|hit| hit.count).sum();
        // The message speaks of the worst hits where hits differ in severity.
        let part = if covered.is_some() && split.contains(subject) { "\nsuppressed" } else { "" };
        let id = fingerprint(rule, &format!("{subject}{part}"), data);
        let rows = |least: Severity| {
            let grave = |hit: &&&Hit<'_>| fixed.map_or(hit.severity, |fixed| fixed as i32) >= least as i32;
            let mut rows: Vec<(Table, u32)> =
                hits.iter().filter(grave).filter_map(|hit| Some((hit.table?, hit.row?))).collect();
            rows.sort_unstable();
            rows.dedup();
            rows
        };
        let all = rows(Severity::Info);
        Finding {
            id,
            rule,
            severity,
            message: message(rule, count, &hits, &|_, text| text.to_owned()),
            short_message: message(rule, count, &hits, &|name, text| match name {
                "key" | "address" => shorten(text),
                "counterparty" => shorten_name(text),
                _ => text.to_owned(),
            }),
            subject: subject.to_owned(),
            keys: hits.iter().map(|hit| hit.text("key")).filter(|key| !key.is_empty()).map(str::to_owned).collect(),
            first: hits.iter().filter_map(|hit| hit.first).min(),
            last: hits.iter().filter_map(|hit| hit.last).max(),
            count,
            evidence: evidence(&all, hits.iter().filter_map(|hit| hit.place), data),
            rows: all,
            grave: rows(Severity::High),
            suppressed: covered.map(|at| own[at].clone()),
        }
    };
    Ok(parallel::in_parts(&groups, jobs, |_, groups| groups.iter().map(finding).collect()))
}

fn covers(suppression: &Suppression, hit: &Hit<'_>) -> bool {
    let same = |wanted: &Option<String>, name: &str| wanted.as_ref().is_none_or(|wanted| wanted == hit.text(name));
    let inside = suppression.ip.is_none_or(|net| parse_ip(hit.text("ip")).is_some_and(|ip| net.contains(&ip)));
    same(&suppression.key, "key")
        && inside
        && same(&suppression.symbol, "symbol")
        && same(&suppression.order, "order")
        && same(&suppression.address, "address")
}

/// Fills a rule's message: a name in braces stands for the distinct values of that column, `count:` with a noun for how many
/// records there are.
pub(super) fn message(rule: &Rule, count: u64, hits: &[&Hit<'_>], show: &dyn Fn(&str, &str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = rule.message;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        if let Some(noun) = name.strip_prefix("count:") {
            filled.push_str(&counted(count, noun));
        } else {
            let mut texts: Vec<&str> = hits.iter().map(|hit| hit.text(name)).collect();
            texts.sort_unstable();
            texts.dedup();
            let values: BTreeSet<String> =
                texts.into_iter().map(|text| show(name, text)).filter(|text| !text.is_empty()).collect();
            let named: Vec<&str> = values.iter().take(NAMED).map(String::as_str).collect();
            // What is joined to the text before it is a note, and may be empty.
            let joined = !filled.is_empty() && !filled.ends_with([' ', '(']);
            let empty = if joined { "" } else { "(not logged)" };
            filled.push_str(&if named.is_empty() { empty.to_owned() } else { named.join(", ") });
            if values.len() > NAMED {
                filled.push_str(&format!(" and {} more", values.len() - NAMED));
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}
