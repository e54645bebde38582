//! Measures the rules of behaviour on made-up accounts: how often each rule speaks up in accounts where nothing happened,
//! and how much of a theft its incident holds: `cargo run --release --example rates -- SEEDS [MAKER-FILLS-A-DAY [WHAT]]`, where
//! WHAT is `clean`, `maker` (of these alone), `thefts`, `takeovers` or `scalps`. A folder holds orders or trades, and for
//! all but makers of over 2,000 fills a day also a ledger, deposits, withdrawals and P2P orders.

#[path = "../tests/it/market.rs"]
mod market;
#[path = "../tests/it/takeovers.rs"]
mod takeovers;
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
use takeovers::{P2pHabit, Story};
use thefts::Hand;
use traders::{END, Form, Look, Style};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const DAYS: i64 = 90;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: u32| args.get(at).map_or(Ok(default), |text| text.parse());
    let (seeds, fills) = (u64::from(number(0, 20)?), number(1, 20_000)?);
    let what = |name: &str| args.get(2).is_none_or(|wanted| wanted == name);
    let mut out = std::io::stdout();
    let forms = [Form::Orders, Form::Trades];
    for style in [Style::Grid, Style::Maker(fills), Style::Dca, Style::DayTrader, Style::Holder] {
        let wanted = what("clean") || (what("maker") && matches!(style, Style::Maker(_)));
        for form in forms.into_iter().filter(|_| wanted) {
            writeln!(out, "{style:?} {form:?}: {}", clean(style, form, seeds)?)?;
        }
    }
    for kind in thefts::ALL {
        for form in forms.into_iter().filter(|_| what("thefts")) {
            writeln!(out, "{kind:?} {form:?}: {}", stolen(kind, form, seeds)?)?;
        }
    }
    if what("takeovers") {
        writeln!(out, "takeovers at the vendor: {}", told(seeds, takeovers::takeover)?)?;
        writeln!(out, "cash-outs by P2P: {}", told(seeds, takeovers::cash_out)?)?;
    }
    for shape in takeovers::SCALPS.into_iter().filter(|_| what("scalps")) {
        for form in forms {
            writeln!(out, "scalp {shape:?} {form:?}: {}", scalps(shape, form, seeds)?)?;
        }
    }
    Ok(())
}

fn look(seed: u64, form: Form) -> Look {
    Look { form, offset_hours: [0, 2, -6, 9][seed as usize % 4], old: seed % 3 == 1 }
}

fn report(files: &[(String, String)]) -> Outcome<Report> {
    let folder = tempfile::tempdir()?;
    let exports = folder.path().join("exports");
    std::fs::create_dir(&exports)?;
    for (name, text) in files {
        std::fs::write(exports.join(name), text)?;
    }
    let settings = Settings { paths: vec![exports], ..Settings::default() };
    loganalyze::analyze(&settings, &Progress::new(true)).map_err(|failure| failure.message.into())
}

/// In how many accounts a rule spoke up, and how loud.
fn clean(style: Style, form: Form, seeds: u64) -> Outcome<String> {
    let mut tally = Tally::default();
    for seed in 0..seeds {
        let mut rng = Rng::with_seed(seed + 5000);
        let market = Market::new(&mut rng, END - DAYS * DAY, DAYS);
        let orders = traders::orders(style, &mut rng, &market, DAYS);
        let look = look(seed, form);
        tally.rows += orders.len();
        let mut story = Story::default();
        let whole = !matches!(style, Style::Maker(fills) if fills > 2_000);
        story.write_orders(&mut rng, orders, look, whole);
        if whole {
            let habit = [P2pHabit::Seller, P2pHabit::Buyer, P2pHabit::Merchant][seed as usize % 3];
            let history = takeovers::p2p_history(&mut rng, habit, 0);
            story.write_p2p(&mut rng, history, look);
            story.files.extend(takeovers::movements(&mut rng, look));
        }
        tally.add(&report(&story.files)?);
    }
    Ok(tally.told(seeds))
}

/// What rules said of accounts.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<(&'static str, &'static str), u64>,
    alarms: u64,
    rows: usize,
}

impl Tally {
    fn add(&mut self, report: &Report) {
        let told: BTreeSet<_> = report.findings.iter().map(|f| (f.rule, f.severity.name())).collect();
        self.alarms += u64::from(report.findings.iter().any(|f| f.severity >= Severity::High));
        told.into_iter().for_each(|key| *self.counts.entry(key).or_default() += 1);
    }

    fn told(&self, seeds: u64) -> String {
        let Self { counts, alarms, rows } = self;
        let counts: Vec<String> = counts.iter().map(|((rule, severity), n)| format!("{rule} {severity} {n}")).collect();
        format!(
            "{} orders; high or critical in {alarms} of {seeds}; {}",
            *rows as u64 / seeds.max(1),
            counts.join(", ")
        )
    }
}

/// The same of accounts with a listing day's scalp that ends about even.
fn scalps(shape: takeovers::Scalp, form: Form, seeds: u64) -> Outcome<String> {
    let mut tally = Tally::default();
    for seed in 0..seeds {
        let mut rng = Rng::with_seed(seed + 7000);
        let market = Market::new(&mut rng, END - DAYS * DAY, DAYS);
        let style = [Style::DayTrader, Style::Holder, Style::Dca, Style::Grid][seed as usize % 4];
        let mut orders = traders::orders(style, &mut rng, &market, DAYS);
        let at = thefts::moment(&mut rng);
        orders.extend(takeovers::listing_day(&mut rng, &market, shape, at));
        tally.rows += orders.len();
        let mut story = Story::default();
        story.write_orders(&mut rng, orders, look(seed, form), false);
        tally.add(&report(&story.files)?);
    }
    Ok(tally.told(seeds))
}

/// How takeovers were found.
fn told(seeds: u64, make: fn(u64) -> Story) -> Outcome<String> {
    let (mut good, mut missed) = (0, Vec::new());
    for seed in 0..seeds {
        let story = make(seed);
        let report = report(&story.files)?;
        let file = |source: u32| {
            let path = report.sources.iter().find(|info| info.id == source).map_or("", |info| info.path.as_str());
            path.rsplit('/').next().unwrap_or_default().to_owned()
        };
        let grave: Vec<_> = report.episodes.iter().filter(|e| e.severity >= Severity::High).collect();
        let inside: BTreeSet<(String, u64)> =
            grave.iter().flat_map(|e| &e.evidence).map(|place| (file(place.source), place.record)).collect();
        let hits = inside.intersection(&story.foreign).count() as f64;
        let (recall, precision) = (hits / story.foreign.len() as f64, hits / inside.len() as f64);
        if grave.len() == 1 && recall >= 0.98 && precision >= 0.95 {
            good += 1;
        } else {
            missed.push(format!("{seed} {}: {} episodes, {recall:.3}, {precision:.3}", story.name, grave.len()));
        }
    }
    Ok(format!("{good} of {seeds}; {}", missed.join("; ")))
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
        let report = report(&export.files)?;
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
