//! Incidents on a terminal: what they took and brought, what speaks for them, and a timeline.

use super::page::{Page, of_account};
use super::terminal::{color_of, time};
use crate::counted::counted;
use crate::report::{AmountInfo, EpisodeInfo, LossInfo, Report, StretchInfo};
use crate::time::span_words;

/// Incidents told in full before the rest is only counted.
const TOLD: usize = 10;

pub(super) fn episodes(page: &mut Page<'_>, report: &Report) {
    if report.episodes.is_empty() {
        return;
    }
    page.title("INCIDENTS");
    page.lines(
        "",
        "consistent with theft, not proof of it; `loganalyze explain RULE` says what else may cause a finding",
        None,
    );
    for episode in report.episodes.iter().take(TOLD) {
        told(page, episode);
    }
    if report.episodes.len() > TOLD {
        page.lines("", &format!("{} in the JSON output", counted(report.episodes.len() - TOLD, "more incident")), None);
    }
}

fn told(page: &mut Page<'_>, episode: &EpisodeInfo) {
    let span = span_words(episode.last.0 - episode.first.0);
    let text = format!(
        "{} from {} to {} UTC ({span}){}",
        counted(episode.records, "order"),
        time(episode.first),
        time(episode.last),
        of_account(&episode.account)
    );
    page.entry(&episode.severity.name().to_uppercase(), color_of(episode.severity), &text);
    let amounts = |flows: &[AmountInfo]| {
        flows.iter().map(|flow| format!("{} {}", flow.quantity, flow.asset)).collect::<Vec<_>>().join(", ")
    };
    page.lines("    sold      ", &amounts(&episode.sold), None);
    page.lines("    bought    ", &amounts(&episode.bought), None);
    let loss = episode.loss.as_ref().map_or_else(
        || "no estimate: your own prices of before do not tell".to_owned(),
        |loss| format!("{} ({})", lost(loss), loss.method),
    );
    page.lines("    loss      ", &loss, None);
    let keys: Vec<String> = episode.keys.iter().map(|key| page.id(key)).collect();
    for (name, values) in
        [("keys", &keys), ("IPs", &episode.ips), ("clients", &episode.clients), ("logins", &episode.sessions)]
    {
        if !values.is_empty() {
            page.lines(&format!("    {name:<10}"), &values.join(", "), None);
        }
    }
    let total: u32 = episode.points.iter().map(|point| point.points).sum();
    let points: Vec<String> =
        episode.points.iter().map(|point| format!("{} for {}", point.points, point.why)).collect();
    page.lines("    points    ", &format!("{total} = {}", points.join(" + ")), None);
    let rows: Vec<Vec<String>> = episode.timeline.iter().map(row).collect();
    page.table(&["when", "orders", "what", "for", "price"], &["orders", "what", "for"], &rows);
}

/// The loss in the assets that were paid and received, and, where own prices convert them, in one.
fn lost(loss: &LossInfo) -> String {
    let parts: Vec<String> = loss.parts.iter().map(|part| format!("{} {}", part.quantity, part.asset)).collect();
    let is_converted = loss.parts.iter().all(|part| part.asset != loss.asset || part.quantity != loss.amount);
    match (is_converted, parts.is_empty()) {
        (_, true) => format!("{} {}", loss.amount, loss.asset),
        (true, _) => format!("{}, in all {} {}", parts.join(" and "), loss.amount, loss.asset),
        (false, _) => parts.join(" and "),
    }
}

fn row(stretch: &StretchInfo) -> Vec<String> {
    let until = time(stretch.last);
    let when = if stretch.first == stretch.last {
        until
    } else {
        format!("{} to {}", time(stretch.first), until.split(' ').next_back().unwrap_or_default())
    };
    let price = if stretch.price_from == stretch.price_to {
        stretch.price_to.clone()
    } else {
        format!("{} to {}", stretch.price_from, stretch.price_to)
    };
    vec![
        when,
        stretch.orders.to_string(),
        format!("{} {} {}", stretch.side, stretch.quantity, stretch.base),
        format!("{} {}", stretch.total, stretch.quote),
        price,
    ]
}
