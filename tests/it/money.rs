//! Takeovers in which every address is expected or no call is made at all: of the account at a tool's vendor, and of a
//! session that cashes out by P2P. And what must not be taken for a theft.

use std::collections::BTreeSet;

use fastrand::Rng;
use loganalyze::report::{EpisodeInfo, Report};
use loganalyze::rules::Severity;
use loganalyze::rules::playbook::Step;

use crate::folder::{Folder, assert_ledger};
use crate::market::{DAY, Market};
use crate::takeovers::{self, P2pHabit, SCALPS, Story, cash_out, listing_day, takeover};
use crate::thefts::{Hand, Theft, theft};
use crate::traders::{END, Form, Look, Style, file_name, local, orders};

fn report(story: &Story) -> Report {
    let files: Vec<(&str, &str)> = story.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let report = Folder::of(&files).report();
    assert_ledger(&report);
    report
}

fn told_of(report: &Report) -> Vec<String> {
    let episodes = report.episodes.iter().map(|e| format!("{} {} {:?}", e.severity.name(), e.records, e.rules));
    let findings = report.findings.iter().map(|f| format!("{} {} {}", f.severity.name(), f.rule, f.subject.value));
    episodes.chain(findings).collect()
}

/// Holds the one grave episode against the truth: 98 % of what was the thief's is in it, and 95 % of it was his.
fn assert_found(story: &Story) -> EpisodeInfo {
    let (name, report) = (&story.name, report(story));
    let grave: Vec<&EpisodeInfo> = report.episodes.iter().filter(|e| e.severity >= Severity::High).collect();
    assert_eq!(grave.len(), 1, "{name}: {:?}", told_of(&report));
    let file = |source: u32| {
        let path = &report.sources.iter().find(|info| info.id == source).unwrap().path;
        path.rsplit('/').next().unwrap().to_owned()
    };
    let inside: BTreeSet<(String, u64)> = grave[0].evidence.iter().map(|e| (file(e.source), e.record)).collect();
    let hits = inside.intersection(&story.foreign).count() as f64;
    let (recall, precision) = (hits / story.foreign.len() as f64, hits / inside.len() as f64);
    let line = |(file, record): &(String, u64)| {
        let text = &story.files.iter().find(|(name, _)| name == file).unwrap().1;
        text.lines().nth(*record as usize).unwrap().to_owned()
    };
    let told = |places: &mut dyn Iterator<Item = &(String, u64)>| places.take(9).map(line).collect::<Vec<_>>();
    let missed = told(&mut story.foreign.difference(&inside));
    let wrong = told(&mut inside.difference(&story.foreign));
    assert!(
        recall >= 0.98 && precision >= 0.95,
        "{name}: recall {recall:.3}, precision {precision:.3}: {:?}\nmissed {missed:#?}\nwrong {wrong:#?}",
        told_of(&report)
    );
    grave[0].clone()
}

#[test]
fn a_takeover_at_the_vendor_is_one_incident_though_every_address_is_expected() {
    for seed in 0..10 {
        let story = takeover(seed);
        let episode = assert_found(&story);
        if story.files.iter().any(|(name, _)| name == "api-calls.csv") {
            assert_eq!(episode.keys, ["DealBot-Spot"]);
            assert!(episode.ips.iter().all(|ip| ip.starts_with("192.0.2.")));
        }
    }
}

#[test]
fn what_to_do_follows_from_how_the_orders_came_in() {
    let steps = |story: &Story| report(story).steps;
    // The vendor's key made them all.
    let vendor = steps(&takeover(1));
    for step in [Step::SaveEvidence, Step::DisableAccount, Step::DeleteKey, Step::CancelOrders, Step::SecureVendor] {
        assert!(vendor.contains(&step), "{step:?}");
    }
    assert!(!vendor.contains(&Step::LogOutDevices));
    // Nothing says whether it was a key or a session.
    let mut silent = takeover(1);
    silent.files.retain(|(name, _)| name != "api-calls.csv" && name != "expected.toml");
    let silent = steps(&silent);
    for step in [Step::DeleteKey, Step::LogOutDevices, Step::ResetPassword, Step::SecureMailbox, Step::ReviewAddresses]
    {
        assert!(silent.contains(&step), "{step:?}");
    }
    assert!(!silent.contains(&Step::SecureVendor));
    let place = |step: &Step| Step::ALL.iter().position(|known| known == step);
    assert!(vendor.is_sorted_by_key(place) && silent.is_sorted_by_key(place));
}

#[test]
fn a_cash_out_by_p2p_is_one_incident_whatever_the_account_did_in_p2p_before() {
    for seed in 0..20 {
        let story = cash_out(seed);
        let episode = assert_found(&story);
        // All that was sold counts: no export says whose bank account was paid.
        let loss = episode.loss.unwrap();
        let sold =
            episode.sold.iter().find(|flow| flow.asset == "USDT").map(|flow| flow.quantity.parse::<f64>().unwrap());
        let lost: f64 = loss.parts.iter().find(|part| part.asset == "USDT").unwrap().quantity.parse().unwrap();
        assert!(lost > 0.0 && loss.method.contains("bank account"), "{}", story.name);
        assert!(sold.is_none_or(|sold| lost >= 0.98 * sold), "{}: {lost} of {sold:?}", story.name);
    }
}

#[test]
fn a_loan_beside_an_incident_is_a_point_of_it() {
    let at = END - 9 * DAY;
    let incident = |loan: Option<i64>| {
        let mut rng = Rng::with_seed(61);
        let market = Market::new(&mut rng, END - 75 * DAY, 75);
        let look = Look { form: Form::Orders, offset_hours: 0, old: false };
        let mut all = orders(Style::DayTrader, &mut rng, &market, 75);
        all.extend(theft(Theft::Small, Hand::Market, &mut rng, &market, at));
        let mut story = Story::default();
        story.write_orders(&mut rng, all, look, false);
        let row =
            loan.map_or(String::new(), |time| format!("9,{},Cross Margin,Margin Loan,USDT,900,\n", local(time, look)));
        let text = format!(
            "User ID,Time,Account,Operation,Coin,Change,Remark\n9,{},Spot,Deposit,USDT,1,\n{row}",
            local(END - 74 * DAY, look)
        );
        story.files.push((file_name(look, "Transaction-History", "_0a1b2c3d"), text));
        assert_found(&story)
    };
    let points = |episode: &EpisodeInfo| episode.points.iter().map(|point| point.rule).collect::<Vec<_>>();
    assert!(points(&incident(Some(at - 5 * 60_000))).contains(&"borrow-first"));
    assert!(!points(&incident(Some(at - 2 * DAY))).contains(&"borrow-first"));
    assert!(!points(&incident(None)).contains(&"borrow-first"));
}

fn assert_no_alarm(story: &Story) {
    let report = report(story);
    let worst = report.findings.iter().map(|finding| finding.severity).max();
    assert!(worst <= Some(Severity::Medium), "{}: {:?}", story.name, told_of(&report));
    assert!(report.episodes.is_empty());
}

#[test]
fn a_listing_day_scalp_that_ends_about_even_is_no_theft() {
    for (number, shape) in SCALPS.into_iter().enumerate() {
        for form in [Form::Orders, Form::Trades] {
            let mut rng = Rng::with_seed(number as u64 + 70);
            let market = Market::new(&mut rng, END - 75 * DAY, 75);
            let style = [Style::DayTrader, Style::Holder, Style::Dca][number % 3];
            let mut all = orders(style, &mut rng, &market, 75);
            let at = END - rng.i64(2 * DAY..25 * DAY);
            all.extend(listing_day(&mut rng, &market, shape, at));
            let mut story = Story { name: format!("{shape:?} {form:?}"), ..Story::default() };
            story.write_orders(&mut rng, all, Look { form, offset_hours: 2, old: false }, number == 1);
            assert_no_alarm(&story);
        }
    }
}

#[test]
fn ordinary_p2p_gives_no_alarm() {
    for (number, habit) in [P2pHabit::Seller, P2pHabit::Buyer, P2pHabit::Merchant].into_iter().enumerate() {
        for seed in 0..3 {
            let mut rng = Rng::with_seed(seed * 3 + number as u64 + 400);
            let market = Market::new(&mut rng, END - 75 * DAY, 75);
            let all = orders(Style::Holder, &mut rng, &market, 75);
            let look = Look { form: Form::Orders, offset_hours: 0, old: false };
            let mut story = Story { name: format!("{habit:?} {seed}"), ..Story::default() };
            story.write_orders(&mut rng, all, look, true);
            let history = takeovers::p2p_history(&mut rng, habit, 0);
            story.write_p2p(&mut rng, history, look);
            assert_no_alarm(&story);
        }
    }
}

/// The findings of a rule over a ledger, P2P orders and expectations.
fn of_ledger(rule: &str, rows: &str, p2p: &str, expected: &str) -> Vec<(Severity, String)> {
    let ledger = format!(
        "User ID,Time,Account,Operation,Coin,Change,Remark\n1,26-10-01 08:00:00,Spot,Deposit,USDT,10000,\n{rows}1,26-11-20 12:00:00,Spot,Simple Earn Flexible Interest,USDT,0.01,\n"
    );
    let p2p = format!("Order No,Created Time,Side,Asset,Fiat,Unit Price,Quantity,Total Price,Nickname,Status\n{p2p}");
    let files = [
        ("Binance-Transaction-History-202611201830(UTC+0)_0a1b2c3d.csv", ledger.as_str()),
        ("P2P-Orders-202611201830(UTC+0).csv", p2p.as_str()),
        ("expected.toml", expected),
    ];
    let report = Folder::of(&files).report();
    report.findings.iter().filter(|f| f.rule == rule).map(|f| (f.severity, f.message.clone())).collect()
}

#[test]
fn ways_out_are_known_by_their_words_and_own_wallets_and_accounts_are_none() {
    let found = |row: &str, expected: &str| -> Vec<Severity> {
        let found = of_ledger("transfer-out-unlisted", row, "", expected);
        found.into_iter().map(|(severity, _)| severity).collect()
    };
    let accounts = "version = 1\n[[account]]\nname = \"sub-grid\"\n";
    let none = "version = 1\n";
    for operation in ["Gift Card - Create", "Binance Pay - Send", "Crypto Loan - Collateral Lock", "Red Packet"] {
        let row = format!("1,26-11-02 10:00:00,Spot,{operation},USDT,-500,\n");
        assert_eq!(found(&row, none), [Severity::High], "{operation}");
    }
    let gone = "1,26-11-02 10:00:00,Spot,Universal Transfer,USDT,-700,\n";
    assert_eq!(found(gone, none), [Severity::High]);
    let both = format!("{gone}1,26-11-02 10:00:01,Funding,Universal Transfer,USDT,700,\n");
    assert_eq!(found(&both, none), []);
    let named = "1,26-11-02 10:00:00,Spot,Sub-account Transfer,USDT,-900,to sub-grid\n";
    assert_eq!(found(named, none), [Severity::High]);
    assert_eq!(found(named, accounts), []);
    assert_eq!(found("1,26-11-02 10:00:00,Spot,Sub-account Transfer,USDT,-900,\n", accounts), [Severity::Info]);
}

#[test]
fn a_sale_of_nearly_all_there_was_by_p2p_is_told_once_and_not_of_those_who_do_so() {
    let sale = |at: &str, quantity: u32| {
        format!("77{quantity},{at},SELL,USDT,EUR,0.92,{quantity},{},am***,Completed\n", f64::from(quantity) * 0.92)
    };
    let leg = |at: &str, change: i32| format!("1,{},Funding,P2P Trading,USDT,{change},\n", &at[2..]);
    let (early, late) = ("2026-10-02 09:00:00", "2026-11-05 09:00:00");
    let found = |sales: &[(&str, u32)], more: &str| {
        let p2p: String = sales.iter().map(|(at, quantity)| sale(at, *quantity)).collect();
        let legs: String = sales.iter().map(|(at, quantity)| leg(at, -(*quantity as i32))).collect();
        of_ledger("p2p-burst", &format!("{legs}{more}"), &p2p, "version = 1\n")
    };
    let all = found(&[(early, 100), (late, 9_500)], "");
    assert_eq!(all.len(), 1);
    assert!(all[0].0 == Severity::High && all[0].1.contains("96.0 % of all the USDT there was"), "{}", all[0].1);
    assert_eq!(found(&[(early, 100), (late, 3_000)], ""), []);
    let refilled = "1,26-10-03 09:00:00,Spot,Deposit,USDT,8000,\n";
    assert_eq!(found(&[(early, 9_000), (late, 8_700)], refilled), []);
}

#[test]
fn a_loan_in_a_list_of_borrowings_is_the_first() {
    let loans = "UID,Account Type,Order ID,Coin,Amount,Interest,Repaid,Daily Interest,Term,Time Filled(UTC),Maturity Date(UTC),Repayment Time(UTC),Status\n****0001,margin,a1,USDT,5000,0,0,0.0002,7,2026-11-20 12:00:00,2026-11-27 12:00:00,,Unsettled\n";
    let deposits = "UID,Account Type,Time(UTC),Coin,Amount,Fee,Hash,Deposit Address,Transfer Network,Status,Remarks\n****0001,mainAccount,2026-09-20 12:00:00,USDT,5000,0,tx,addr,TRX,SUCCESS,Deposit\n****0001,mainAccount,2026-11-20 11:00:00,USDT,50,0,tx2,addr,TRX,SUCCESS,Deposit\n";
    let report = Folder::of(&[("loans.csv", loans), ("deposits.csv", deposits)]).report();
    let found: Vec<&str> =
        report.findings.iter().map(|finding| finding.rule).filter(|rule| *rule == "borrow-first").collect();
    assert_eq!(found.len(), 1, "{:?}", report.findings);
}

#[test]
fn a_burst_of_p2p_sales_and_a_sale_of_nearly_all_are_told_in_one_sentence() {
    let sale = |id: u32, at: &str, quantity: u32, with: &str| {
        format!("{id},{at},SELL,USDT,EUR,0.92,{quantity},{},{with},Completed\n", f64::from(quantity) * 0.92)
    };
    let burst = [("2026-11-05 09:00:00", "am***"), ("2026-11-05 09:10:00", "bo***"), ("2026-11-05 09:20:00", "cy***")];
    let mut p2p: String = (1..).zip(burst).map(|(id, (at, with))| sale(id, at, 100, with)).collect();
    p2p += &sale(9, "2026-11-12 09:00:00", 9_000, "dd***");
    let found = of_ledger("p2p-burst", "", &p2p, "version = 1\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].1.ends_with("; 92.8 % of all the USDT there was"), "{}", found[0].1);
    assert!(!found[0].1.contains(", ;"), "{}", found[0].1);
}

#[test]
fn a_margin_order_and_the_legs_of_its_fill_are_one() {
    let orders = "Time,OrderNo,Pair,Type¹,Side,Order Price,Order Amount,Time,Executed²,Average Price,Trading total³,Status\n26-11-20 12:00:00,88000,BTCUSDT,MARKET,BUY,0,0.5BTC,26-11-20 12:00:00,0.5BTC,90000,45000USDT,FILLED\n";
    let ledger = "User ID,Time,Account,Operation,Coin,Change,Remark\n9,26-11-20 12:00:00,Cross Margin,Transaction Buy,BTC,0.5,\n9,26-11-20 12:00:00,Cross Margin,Transaction Spend,USDT,-45000,\n9,26-11-20 13:00:00,Cross Margin,Transaction Sold,BTC,-0.1,\n9,26-11-20 13:00:00,Cross Margin,Transaction Revenue,USDT,9100,\n";
    let report = Folder::of(&[
        ("Binance-Margin-Order-History-202611201700(UTC+0)-part1-of1.csv", orders),
        ("Binance-Transaction-History-202611201700(UTC+0)_55aa66bb.csv", ledger),
    ])
    .report();
    assert_eq!(report.orders.total, 2, "{:?}", told_of(&report));
}

#[test]
fn what_is_sold_between_the_sales_that_emptied_an_account_belongs_to_the_incident() {
    use std::fmt::Write as _;
    let mut orders =
        "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n"
            .to_owned();
    let mut order = |time: &str, id: usize, coin: &str, side: &str, price: f64, total: f64| {
        let quantity = (total / price * 1e4).round() / 1e4;
        let total = quantity * price;
        let _ = writeln!(
            orders,
            "{time},{id},{coin}USDT,Market,{side},0,{quantity}{coin},{time},{quantity}{coin},{price},{total:.4}USDT,FILLED"
        );
    };
    let coins = [("BTC", 90_000.0), ("ETH", 3_000.0), ("SOL", 100.0), ("XRP", 0.5)];
    for day in 0..75usize {
        let (month, day_of) = if day < 30 {
            (9, day + 1)
        } else if day < 61 {
            (10, day - 29)
        } else {
            (11, day - 60)
        };
        for turn in 0..3 {
            let (coin, price) = coins[(day + turn) % coins.len()];
            let side = if (day + turn) % 3 == 0 { "SELL" } else { "BUY" };
            let time = format!("26-{month:02}-{day_of:02} {:02}:{:02}:07", 8 + 4 * turn, (day * 7) % 60);
            order(&time, 1 + day * 3 + turn, coin, side, price, 900.0 + 100.0 * ((day * 5 + turn) % 10) as f64);
        }
    }
    let drain = [("BTC", 90_000.0), ("ETH", 30_000.0), ("SOL", 1_500.0), ("XRP", 20_000.0)];
    for (at, ((coin, total), (_, price))) in drain.into_iter().zip(coins).enumerate() {
        order(&format!("26-11-16 02:10:{:02}", 5 + 15 * at), 900 + at, coin, "SELL", price, total);
    }
    let mut p2p = "Order No,Created Time,Side,Asset,Fiat,Unit Price,Quantity,Total Price,Nickname,Status\n".to_owned();
    for (at, with) in ["am***", "bo***", "cy***", "di***", "eb***"].into_iter().enumerate() {
        let _ =
            writeln!(p2p, "77{at},2026-11-16 02:{}:00,SELL,USDT,EUR,0.92,28000,25760,{with},Completed", 20 + 8 * at);
    }
    let report = Folder::of(&[("Spot-Order.csv", &orders), ("p2p.csv", &p2p)]).report();
    let incidents: Vec<&[String]> = report.episodes.iter().map(|episode| episode.orders.as_slice()).collect();
    assert_eq!(incidents, [["900", "901", "902", "903", "770", "771", "772", "773", "774"]]);
}
