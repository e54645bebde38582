//! Measures the rules of behaviour on made-up accounts: how often each rule speaks up in accounts where nothing happened,
//! and how much of a theft its incident holds: `cargo run --release --example rates -- SEEDS [MAKER-FILLS-A-DAY]`.

#[path = "../tests/it/market.rs"]
mod market;
#[path = "../tests/it/thefts.rs"]
mod thefts;
#[path = "../tests/it/traders.rs"]
mod traders;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use fastrand::Rng;
use loganalyze::Progress;
use loganalyze::report::Report;
use loganalyze::rules::Severity;
use loganalyze::settings::Settings;
use market::{DAY, Market};
use thefts::Hand;
use traders::{END, Export, Form, Look, Style};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const DAYS: i64 = 90;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: u32| args.get(at).map_or(Ok(default), |text| text.parse());
    let (seeds, fills) = (u64::from(number(0, 20)?), number(1, 20_000)?);
    let mut out = std::io::stdout();
    let styles = [Style::Grid, Style::Maker(fills), Style::Dca, Style::DayTrader, Style::Holder];
    for style in styles {
        for form in [Form::Orders, Form::Trades] {
            writeln!(out, "{style:?} {form:?}: {}", clean(style, form, seeds)?)?;
        }
    }
    for kind in thefts::ALL {
        for form in [Form::Orders, Form::Trades] {
            writeln!(out, "{kind:?} {form:?}: {}", stolen(kind, form, seeds)?)?;
        }
    }
    Ok(())
}

fn look(seed: u64, form: Form) -> Look {
    Look { form, offset_hours: [0, 2, -6, 9][seed as usize % 4], old: seed % 3 == 1 }
}

fn report(export: &Export) -> Outcome<Report> {
    let folder = tempfile::tempdir()?;
    let exports = folder.path().join("exports");
    std::fs::create_dir(&exports)?;
    for (name, text) in &export.files {
        std::fs::write(exports.join(name), text)?;
    }
    let settings = Settings { paths: vec![exports], ..Settings::default() };
    loganalyze::analyze(&settings, &Progress::new(true)).map_err(|failure| failure.message.into())
}

/// In how many accounts a rule spoke up, and how loud.
fn clean(style: Style, form: Form, seeds: u64) -> Outcome<String> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let (mut alarms, mut rows) = (0, 0);
    for seed in 0..seeds {
        let mut rng = Rng::with_seed(seed + 5000);
        let market = Market::new(&mut rng, END - DAYS * DAY, DAYS);
        let orders = traders::orders(style, &mut rng, &market, DAYS);
        rows += orders.len();
        let report = report(&traders::export(&mut rng, orders, look(seed, form)))?;
        let told: BTreeSet<(&str, &str)> = report.findings.iter().map(|f| (f.rule, f.severity.name())).collect();
        alarms += u64::from(report.findings.iter().any(|f| f.severity >= Severity::High));
        told.into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
    }
    let counts: Vec<String> = counts.iter().map(|((rule, severity), n)| format!("{rule} {severity} {n}")).collect();
    Ok(format!("{} orders; high or critical in {alarms} of {seeds}; {}", rows as u64 / seeds, counts.join(", ")))
}

/// How thefts in accounts of every style were found.
fn stolen(kind: thefts::Theft, form: Form, seeds: u64) -> Outcome<String> {
    let styles = [Style::DayTrader, Style::Grid, Style::Holder, Style::Dca, Style::Maker(2_000)];
    let (mut good, mut missed) = (0, Vec::new());
    let (mut worst_recall, mut worst_precision) = (1.0f64, 1.0f64);
    for seed in 0..seeds {
        let mut rng = Rng::with_seed(seed + 9000);
        let market = Market::new(&mut rng, END - DAYS * DAY, DAYS);
        let style = styles[seed as usize % styles.len()];
        let hand = if seed % 2 == 0 { Hand::Market } else { Hand::Crossing };
        let mut orders = traders::orders(style, &mut rng, &market, DAYS);
        let at = thefts::moment(&mut rng);
        orders.extend(thefts::theft(kind, hand, &mut rng, &market, at));
        let export = traders::export(&mut rng, orders, look(seed, form));
        let report = report(&export)?;
        let grave: Vec<_> = report.episodes.iter().filter(|e| e.severity >= Severity::High).collect();
        let inside = |e: &&&loganalyze::report::EpisodeInfo| {
            e.evidence.iter().filter(|place| export.foreign[place.record as usize - 1]).count()
        };
        let Some(found) = grave.iter().max_by_key(inside) else {
            missed.push(format!("{style:?}/{hand:?}: none"));
            continue;
        };
        let hits = inside(&found) as f64;
        let recall = hits / export.foreign.iter().filter(|foreign| **foreign).count() as f64;
        let precision = hits / found.records as f64;
        (worst_recall, worst_precision) = (worst_recall.min(recall), worst_precision.min(precision));
        if grave.len() == 1 && recall >= 0.98 && precision >= 0.95 {
            good += 1;
        } else {
            missed.push(format!("{style:?}/{hand:?}: {} episodes, {recall:.3}, {precision:.3}", grave.len()));
        }
    }
    Ok(format!(
        "{good} of {seeds}; least recall {worst_recall:.3}, least precision {worst_precision:.3}; {}",
        missed.join("; ")
    ))
}
