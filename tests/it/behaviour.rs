//! Thefts by trade in accounts of several styles, and accounts without one: what the rules of behaviour make of them, from
//! the orders, the trades, or both.

use std::collections::BTreeSet;

use fastrand::Rng;
use loganalyze::report::{EpisodeInfo, Report};
use loganalyze::rules::Severity;

use crate::folder::{Folder, assert_ledger};
use crate::market::{DAY, MINUTE, Market};
use crate::thefts::{self, Hand, Theft, theft};
use crate::traders::{END, Export, Form, Look, Order, Style, export, order, orders, round};

pub const DAYS: i64 = 75;

pub fn market(rng: &mut Rng) -> Market {
    Market::new(rng, END - DAYS * DAY, DAYS)
}

pub fn look(seed: u64, form: Form) -> Look {
    Look { form, offset_hours: [0, 2, -6, 9][seed as usize % 4], old: seed % 3 == 1 }
}

pub fn report(export: &Export) -> Report {
    let folder = Folder::new();
    for (name, text) in &export.files {
        folder.write(name, text.as_bytes());
    }
    let report = folder.report();
    assert_ledger(&report);
    report
}

/// Holds the one episode against the truth: at least 98 % of the foreign records in it, and 95 % of it foreign.
pub fn assert_found(report: &Report, export: &Export, what: &str) -> EpisodeInfo {
    let grave: Vec<&EpisodeInfo> = report.episodes.iter().filter(|e| e.severity >= Severity::High).collect();
    assert_eq!(grave.len(), 1, "{what}: {:?}", told(report));
    let records: BTreeSet<(u32, u64)> = grave[0].evidence.iter().map(|e| (e.source, e.record)).collect();
    let hits = records.iter().filter(|(_, record)| export.foreign[*record as usize - 1]).count() as f64;
    let foreign = export.foreign.iter().filter(|foreign| **foreign).count() as f64;
    let (recall, precision) = (hits / foreign, hits / records.len() as f64);
    let lines: Vec<&str> = export.files[0].1.lines().skip(1).collect();
    let wrong = records.iter().map(|(_, record)| *record as usize - 1).filter(|at| !export.foreign[*at]);
    let wrong: Vec<&str> = wrong.map(|at| lines[at]).take(9).collect();
    assert!(
        recall >= 0.98 && precision >= 0.95,
        "{what}: recall {recall:.3}, precision {precision:.3}: {:?}\nwrong {wrong:#?}",
        told(report)
    );
    grave[0].clone()
}

pub fn told(report: &Report) -> Vec<String> {
    let episodes = report
        .episodes
        .iter()
        .map(|e| format!("{} {} {} to {} {:?}", e.severity.name(), e.records, e.first, e.last, e.rules));
    let findings = report.findings.iter().map(|f| format!("{} {} {}", f.severity.name(), f.rule, f.subject.value));
    episodes.chain(findings).collect()
}

fn stolen(
    style: Style,
    kind: Theft,
    hand: Hand,
    seed: u64,
    form: Form,
    more: &dyn Fn(&mut Rng, &Market, i64) -> Vec<Order>,
) -> (Report, Export) {
    let mut rng = Rng::with_seed(seed * 1000 + 7);
    let market = market(&mut rng);
    let mut all = orders(style, &mut rng, &market, DAYS);
    let at = thefts::moment(&mut rng);
    all.extend(more(&mut rng, &market, at));
    all.extend(theft(kind, hand, &mut rng, &market, at));
    let export = export(&mut rng, all, look(seed, form));
    (report(&export), export)
}

fn nothing(_: &mut Rng, _: &Market, _: i64) -> Vec<Order> {
    Vec::new()
}

#[test]
fn every_theft_is_one_incident_in_every_form() {
    for (number, kind) in thefts::ALL.into_iter().enumerate() {
        for (form, style) in
            [(Form::Orders, Style::DayTrader), (Form::Trades, Style::Grid), (Form::Both, Style::Holder)]
        {
            let (report, export) = stolen(style, kind, Hand::Market, number as u64, form, &nothing);
            assert_found(&report, &export, &format!("{kind:?} {form:?} {style:?}"));
        }
    }
}

#[test]
fn what_the_account_buys_at_that_hour_of_many_days_is_not_drawn_in() {
    let mut rng = Rng::with_seed(77);
    let market = market(&mut rng);
    let mut all = orders(Style::Dca, &mut rng, &market, DAYS);
    // The plan buys its weekly basket some minutes before.
    let at = END - 12 * DAY + 8 * 60 * MINUTE + 9 * MINUTE;
    all.extend(theft(Theft::Via, Hand::Market, &mut rng, &market, at));
    let export = export(&mut rng, all, look(0, Form::Trades));
    assert_found(&report(&export), &export, "a basket before");
}

#[test]
fn sales_as_the_bot_makes_them_are_the_thiefs_when_they_come_all_at_once() {
    let mut rng = Rng::with_seed(78);
    let market = market(&mut rng);
    let mut all = orders(Style::Maker(150), &mut rng, &market, DAYS);
    let at = END - 9 * DAY;
    let mut thief = thefts::Thief { rng: &mut rng, market: &market, now: at, hand: Hand::Crossing, orders: Vec::new() };
    thief.liquidate(&["ETH"], 9_000.0, 3_000);
    for _ in 0..5 {
        let price = market.price("BTC", thief.now);
        thief.trade("BTC", "USDT", false, price, 0.004 * price, 3_000);
    }
    thief.chase(("FIRO", "USDT"), [1.3, 4.0], 40, 9_000.0, 8_000);
    all.extend(thief.orders);
    let export = export(&mut rng, all, look(0, Form::Orders));
    assert_found(&report(&export), &export, "sales at once");
}

#[test]
fn limit_orders_that_cross_the_book_hide_nothing() {
    for (number, kind) in [Theft::Via, Theft::Axs, Theft::Cookie, Theft::Small, Theft::Slow].into_iter().enumerate() {
        let (report, export) =
            stolen(Style::DayTrader, kind, Hand::Crossing, 20 + number as u64, Form::Orders, &nothing);
        assert_found(&report, &export, &format!("{kind:?}"));
    }
}

/// The coin of the theft, traded before in small amounts.
fn known(rng: &mut Rng, _: &Market, at: i64) -> Vec<Order> {
    let mut price: f64 = 0.0031;
    (1..40)
        .rev()
        .flat_map(|day| {
            price *= (0.04 * (rng.f64() - 0.5)).exp();
            let buy = day % 2 == 0;
            [order(
                at - day * DAY + rng.i64(0..DAY / 2),
                "AKRO",
                buy,
                "MARKET",
                round(price, 6),
                round(120.0 / price, 0),
            )]
        })
        .collect()
}

#[test]
fn a_coin_that_the_account_knows_hides_nothing() {
    for (number, kind) in [Theft::Small, Theft::Slow, Theft::Akro].into_iter().enumerate() {
        for form in [Form::Orders, Form::Trades] {
            let (report, export) = stolen(Style::DayTrader, kind, Hand::Market, 40 + number as u64, form, &known);
            assert_found(&report, &export, &format!("{kind:?} {form:?}"));
        }
    }
}

#[test]
fn the_bots_trading_of_the_same_minutes_is_left_out() {
    let busy = |rng: &mut Rng, market: &Market, _: i64| {
        [orders(Style::Grid, rng, market, DAYS), orders(Style::Maker(300), rng, market, DAYS)].concat()
    };
    for (number, kind) in [Theft::Small, Theft::Slow, Theft::Axs].into_iter().enumerate() {
        for form in [Form::Orders, Form::Trades] {
            let (report, export) = stolen(Style::DayTrader, kind, Hand::Market, 60 + number as u64, form, &busy);
            assert_found(&report, &export, &format!("{kind:?} {form:?}"));
        }
    }
}

#[test]
fn ordinary_accounts_give_no_alarm() {
    for style in [Style::Grid, Style::Maker(300), Style::Dca, Style::DayTrader, Style::Holder] {
        for seed in 0..2 {
            for form in [Form::Orders, Form::Trades] {
                let mut rng = Rng::with_seed(seed + 300);
                let market = market(&mut rng);
                let all = orders(style, &mut rng, &market, DAYS);
                let report = report(&export(&mut rng, all, look(seed, form)));
                let worst = report.findings.iter().map(|f| f.severity).max();
                assert!(worst <= Some(Severity::Medium), "{style:?} {seed} {form:?}: {:?}", told(&report));
            }
        }
    }
}

#[test]
fn shuffled_and_cut_files_give_the_same_incident() {
    let (whole, export) = stolen(Style::DayTrader, Theft::Small, Hand::Market, 90, Form::Trades, &nothing);
    let (name, text) = &export.files[0];
    let (header, rows) = text.split_once('\n').unwrap();
    let mut lines: Vec<&str> = rows.lines().collect();
    lines.reverse();
    let (first, second) = lines.split_at(lines.len() / 3);
    let folder = Folder::new();
    for (number, part) in [first, second].iter().enumerate() {
        let name = name.replace(".csv", &format!("-part{}-of2.csv", number + 1));
        folder.write(&name, format!("{header}\n{}\n", part.join("\n")).as_bytes());
    }
    let cut = folder.report();
    let key = |report: &Report| {
        report.episodes.iter().map(|e| (e.id.clone(), e.severity, e.records, e.first, e.last)).collect::<Vec<_>>()
    };
    assert_eq!(key(&whole), key(&cut));
    assert_eq!(whole.episodes.len(), 1);
}

/// Balances before and after, and a ledger between them that leaves something out.
fn balances(after: &str, ledger: &str) -> Report {
    let ledger = format!(
        "User ID,Time,Account,Operation,Coin,Change,Remark\n1,26-10-01 08:00:00,Spot,Deposit,USDT,5000,\n{ledger}1,26-11-20 12:00:00,Spot,Simple Earn Flexible Interest,USDT,0.000000000000000001,\n"
    );
    let before = "Time (UTC),Account,Asset,Free,Locked\n2026-10-10 08:00:00,Spot,USDT,4000,1000\n2026-10-10 08:00:00,Spot,SOL,12.5,0\n";
    Folder::of(&[
        ("Binance-Transaction-History-202611201830(UTC+0)_0a1b2c3d.csv", ledger.as_str()),
        ("balances.csv", &format!("{before}{after}")),
    ])
    .report()
}

#[test]
fn balances_add_up_to_the_last_digit_and_what_is_gone_is_missing() {
    let gaps = |report: &Report| -> Vec<(String, Severity)> {
        report
            .findings
            .iter()
            .filter(|f| f.rule == "balance-gap")
            .map(|f| (f.subject.value.clone(), f.severity))
            .collect()
    };
    let sold = "1,26-11-02 10:00:00,Spot,Transaction Sold,SOL,-12.5,\n1,26-11-02 10:00:00,Spot,Transaction Revenue,USDT,1900,\n";
    let now = |amount: &str| format!("2026-11-20 13:00:00,Spot,USDT,{amount},0\n");
    assert_eq!(gaps(&balances(&now("6900.000000000000000001"), sold)), []);
    // One unit of the last digit is a gap, and a small one.
    assert_eq!(gaps(&balances(&now("6900"), sold)), [("USDT spot".to_owned(), Severity::Low)]);
    // An asset that the second look does not show at all is gone.
    let report = balances(&now("5000.000000000000000001"), "");
    assert_eq!(report.assets.iter().find(|a| a.asset == "SOL").unwrap().gap.as_deref(), Some("-12.5"));
    assert_eq!(gaps(&balances(&now("3900"), sold)), [("USDT spot".to_owned(), Severity::High)]);
}
