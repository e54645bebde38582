//! Trading at hours that the account never used.

use polars::prelude::*;

use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::marks::{self, Mark};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{HOUR, Zone};

pub(super) static RULE: Rule = Rule {
    id: "hour-outlier",
    title: "trading at an hour never used",
    severity: "low in any case",
    confidence: Confidence::Low,
    subject: Subject::Account,
    message: "{count:order} on {hour} o'clock ({zone}), hours of the week in which none of {before} orders before the window fell",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "A person sleeps, and thieves prefer that you do.",
    logic: "At least `orders` orders of the window in one hour of the week, in the zone of the expectations, in which and beside which none of at least `before` orders before the window fell. Only for accounts that keep hours: `unused` of the day's hours hold none of those orders.",
    benign: &["you were travelling", "a new bot"],
    next: &[Step::AddToExpectations],
    sources: "rare hours of logins, as Elastic's and Splunk's detections use them; counts: own proposal",
    thresholds: &[
        Threshold { name: "orders", default: 5.0, unit: "orders", source: "own proposal" },
        Threshold {
            name: "before",
            default: 200.0,
            unit: "orders",
            source: "own proposal: more than one an hour of the week",
        },
        Threshold { name: "unused", default: 6.0, unit: "hours of the day", source: "own proposal" },
    ],
    plan,
};

const WEEK: usize = 7 * 24;
const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let deals = &data.deals;
    let zone = data.expectations.map_or(Zone::UTC, |expectations| expectations.zone);
    // 1970 began on a Thursday.
    let hour = |time: i64| zone.local(time).div_euclid(HOUR).rem_euclid(WEEK as i64) as usize;
    let mut before = [0usize; WEEK];
    let mut inside: Vec<Vec<usize>> = vec![Vec::new(); WEEK];
    for (at, deal) in deals.all.iter().enumerate() {
        if deal.time < data.window.start {
            before[hour(deal.time)] += 1;
        } else if data.window.holds(deal.time) {
            inside[hour(deal.time)].push(at);
        }
    }
    let total: usize = before.iter().sum();
    let unused = (0..24).filter(|of_day| (0..7).all(|day| before[day * 24 + of_day] == 0)).count();
    let keeps_hours = total as f64 >= thresholds.value("before") && unused as f64 >= thresholds.value("unused");
    let never = |at: usize| [at + WEEK - 1, at, at + 1].iter().all(|near| before[near % WEEK] == 0);
    let marks = inside
        .into_iter()
        .enumerate()
        .filter(|(at, inside)| keeps_hours && never(*at) && inside.len() as f64 >= thresholds.value("orders"))
        .map(|(at, inside)| Mark {
            subject: "main".to_owned(),
            severity: Severity::Low,
            deals: inside,
            details: vec![
                ("hour", format!("{} {}", DAYS[at / 24], at % 24)),
                ("zone", zone.to_string()),
                ("before", total.to_string()),
            ],
        });
    marks::hits(data, marks.collect())
}
