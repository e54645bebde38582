//! A login from elsewhere, then a change that gives a hold on the account.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::plan::{event_hit, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::reference::Action;
use crate::tables::Table;
use crate::time::HOUR;

pub(super) static RULE: Rule = Rule {
    id: "login-new-ip-then-key-change",
    title: "login from elsewhere, then a change of keys or security",
    severity: "critical; high without listed networks; medium when the change itself came from an address of yours",
    confidence: Confidence::Medium,
    subject: Subject::Ip,
    message: "a login from {ip}, then {done} ({from})",
    needs: &[Table::Events],
    needs_expectations: false,
    why: "This is how an account is taken over: the thief logs in, and makes himself a key or takes away what would stop him.",
    logic: "A login of the window from an address in none of the networks (without networks: from a network, IPv4 /24 or IPv6 /64, that none of at least `logins` earlier logins came from), and within `hours` after it a key made or changed, a change of the second factor, the password, the e-mail address or phone, or of the withdrawal addresses.",
    benign: &["you travelled, or used a mobile network, and set something up"],
    next: &[Step::DisableAccount, Step::LogOutDevices, Step::ResetPassword, Step::SecureMailbox, Step::DeleteKey],
    sources: "the theft of VIA (2018): phished logins, then keys made on each account; exchanges' own lists of warning signs",
    thresholds: &[
        Threshold { name: "hours", default: 24.0, unit: "hours", source: "own proposal" },
        Threshold { name: "logins", default: 5.0, unit: "earlier logins", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if data.events.is_empty() {
        return Ok(None);
    }
    let span = (thresholds.value("hours") * HOUR as f64) as i64;
    let listed = data.expectations.is_some_and(|e| !e.networks.is_empty());
    let mut earlier: BTreeMap<&str, u64> = BTreeMap::new();
    let mut hits = Vec::new();
    for login in data.events.iter().filter(|event| event.action == Action::Login && !event.prefix.is_empty()) {
        let enough = earlier.values().sum::<u64>() as f64 >= thresholds.value("logins");
        let new = enough && !earlier.contains_key(login.prefix.as_str());
        *earlier.entry(&login.prefix).or_default() += 1;
        let foreign = if listed { login.expected == Some(false) } else { new };
        if !foreign || !data.window.holds(login.time) {
            continue;
        }
        for change in data
            .events
            .iter()
            .filter(|event| event.action.takes_hold() && (login.time..=login.time + span).contains(&event.time))
        {
            let own = change.expected == Some(true) && change.prefix != login.prefix;
            let level = match (own, listed) {
                (true, _) => Severity::Medium,
                (false, true) => Severity::Critical,
                (false, false) => Severity::High,
            };
            let from = if change.ip.is_empty() { "address not logged" } else { change.ip.as_str() };
            let details = vec![login.ip.clone(), change.action.words().to_owned(), from.to_owned()];
            hits.push(event_hit(login, &login.ip, level, details.clone()));
            hits.push(event_hit(change, &login.ip, level, details));
        }
    }
    frame(&hits, &["ip", "done", "from"])
}
