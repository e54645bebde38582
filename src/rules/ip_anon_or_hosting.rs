//! Calls and logins from addresses on the user's lists of Tor, VPN and hosting addresses.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::plan::{call_hits, hits, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::address::parse_ip;
use crate::dataset::Dataset;
use crate::expectations::Expectations;
use crate::intel::Kind;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "ip-anon-or-hosting",
    title: "Tor, VPN or hosting address",
    severity: "medium; high for Tor",
    confidence: Confidence::Low,
    subject: Subject::Ip,
    message: "{count:call or login} from {ip}, which is on the lists for {lists} (key {key})",
    needs: &[Table::Calls, Table::Events],
    needs_expectations: true,
    why: "Stolen keys are tried through addresses that hide who calls.",
    logic: "A call of the window that was not stopped by a limit, or a login or security event, from an address on a list under [intel] of the expectations and in no network of the key (for events: in no network at all).",
    benign: &["most bots run on hosting addresses: list the bot's network", "your own VPN"],
    next: &[Step::AddToExpectations, Step::DeleteKey],
    sources: "Elastic detection-rules, discovery_new_terms_vpn_asn_discovery_api_calls; Sigma okta_user_session_start_via_anonymised_proxy; Panther's Tor helper",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(expectations) = data.expectations.filter(|e| !e.intel.lists.is_empty()) else { return Ok(None) };
    let joined = |frame: LazyFrame, table: Table| -> PolarsResult<LazyFrame> {
        let frame = frame.filter(col("in_window"));
        let listed = listed(frame.clone(), expectations, table)?;
        Ok(frame.join(listed, [col("ip")], [col("ip")], JoinArgs::new(JoinType::Inner)))
    };
    let level = || severity_if(col("hidden"), Severity::High, Severity::Medium);
    let mut parts = Vec::new();
    if let Some(calls) = data.table(Table::Calls) {
        let open = calls.filter(col("ip_verdict").neq(lit("expected")).and(col("outcome").neq(lit("refused"))));
        parts.push(call_hits(joined(open, Table::Calls)?, col("ip"), level(), &[("lists", col("lists"))]).drop(
            Selector::ByName { names: ["client", "operation", "class"].map(PlSmallStr::from).into(), strict: true },
        ));
    }
    if let Some(events) = data.table(Table::Events) {
        let details = [("ip", col("ip")), ("key", col("key")), ("lists", col("lists"))];
        let times = [col("time"), col("time")];
        parts.push(hits(joined(events, Table::Events)?, col("ip"), level(), Table::Events, times, lit(1u64), &details));
    }
    if parts.is_empty() { Ok(None) } else { concat(parts, UnionArgs::default()).map(Some) }
}

/// The addresses of a frame that are on lists: `ip`, `lists` in words, and whether it is one that hides best.
fn listed(frame: LazyFrame, expectations: &Expectations, table: Table) -> PolarsResult<LazyFrame> {
    let found = frame.select([col("ip")]).unique(None, UniqueKeepStrategy::Any).collect()?;
    let texts: BTreeSet<&str> = found.column("ip")?.str()?.iter().flatten().collect();
    let own = |ip| {
        table == Table::Events && expectations.networks.iter().any(|net| net.cidrs.iter().any(|c| c.contains(&ip)))
    };
    let rows: Vec<(&str, Vec<Kind>)> = texts
        .into_iter()
        .filter_map(|text| parse_ip(text).filter(|ip| !own(*ip)).map(|ip| (text, expectations.intel.about(ip).lists)))
        .filter(|(_, lists)| !lists.is_empty())
        .collect();
    let words = |lists: &[Kind]| lists.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" and ");
    let frame = df!(
        "ip" => rows.iter().map(|(text, _)| *text).collect::<Vec<_>>(),
        "lists" => rows.iter().map(|(_, lists)| words(lists)).collect::<Vec<_>>(),
        "hidden" => rows.iter().map(|(_, lists)| lists.contains(&Kind::Tor)).collect::<Vec<_>>(),
    )?;
    Ok(frame.lazy())
}
