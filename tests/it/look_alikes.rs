//! What looks like a theft by trade and is none, what stands beside one and is the owner's own, and thefts that hide among
//! such things.

use fastrand::Rng;
use loganalyze::report::Report;
use loganalyze::rules::Severity;

use crate::behaviour::{DAYS, assert_found, look, market, report, told};
use crate::folder::Folder;
use crate::market::{DAY, MINUTE, Market};
use crate::takeovers::{Scalp, listing_day};
use crate::thefts::{Hand, Theft, Thief, theft};
use crate::traders::{END, Form, Order, Style, export, order, orders, round};

const AT: i64 = END - 9 * DAY;

fn thief<'a>(rng: &'a mut Rng, market: &'a Market) -> Thief<'a> {
    Thief { rng, market, now: AT, hand: Hand::Market, orders: Vec::new() }
}

/// What is found of an account of a style with these orders besides.
fn found(style: Style, form: Form, seed: u64, more: &dyn Fn(&mut Rng, &Market) -> Vec<Order>) -> Report {
    let mut rng = Rng::with_seed(seed);
    let market = market(&mut rng);
    let mut all = orders(style, &mut rng, &market, DAYS);
    let stolen = more(&mut rng, &market);
    let is_theft = stolen.iter().any(|order| order.foreign);
    all.extend(stolen);
    let export = export(&mut rng, all, look(seed, form));
    let report = report(&export);
    if is_theft {
        assert_found(&report, &export, &format!("{style:?} {form:?} {seed}"));
    }
    report
}

fn assert_no_alarm(report: &Report) {
    let worst = report.findings.iter().map(|finding| finding.severity).max();
    assert!(worst <= Some(Severity::Medium), "{:?}", told(report));
}

#[test]
fn levels_of_a_grid_that_one_second_fills_are_no_large_order() {
    let falling = |rng: &mut Rng, market: &Market| {
        let lot = round(80.0 / market.price("BNB", END - DAYS * DAY), 3);
        let mut made: Vec<Order> = (0..300)
            .map(|number| {
                let time = END - 70 * DAY + number / 10 * DAY + number % 10 * MINUTE / 2;
                let price = round(market.price("BNB", time), 2);
                order(time, "BNB", number % 2 == 0, "LIMIT", price, lot)
            })
            .collect();
        let price = market.price("BNB", AT);
        for number in 0..12 {
            let time = AT - 25 * MINUTE + number / 3 * MINUTE;
            made.push(order(time, "BNB", true, "LIMIT", round(price * 0.994f64.powi(number as i32), 2), lot));
        }
        made.extend(theft(Theft::Small, Hand::Market, rng, market, AT));
        made
    };
    found(Style::Dca, Form::Trades, 501, &falling);
}

#[test]
fn the_first_sales_are_the_thiefs_though_the_hour_of_the_rule_does_not_reach_them() {
    let slow = |rng: &mut Rng, market: &Market| {
        let mut thief = thief(rng, market);
        thief.liquidate(&["ETH", "SOL", "LINK"], 4_000.0, 2_500);
        thief.chase(("FIRO", "USDT"), [1.3, 4.0], 40, 3_900.0, 3 * MINUTE);
        thief.orders
    };
    for seed in 510..514 {
        found(Style::DayTrader, Form::Trades, seed, &slow);
    }
}

#[test]
fn the_owners_own_quick_trades_amid_a_theft_are_left_out() {
    let quick = |rng: &mut Rng, market: &Market| {
        let mut made: Vec<Order> = (0..40)
            .map(|number| {
                let price = 0.12 + 0.001 * rng.f64();
                order(END - 60 * DAY + number * DAY, "TRX", number % 2 == 0, "MARKET", round(price, 5), 1_100.0)
            })
            .collect();
        let buy = |number: i64| order(AT + 22 * MINUTE + number * 4_000, "TRX", true, "MARKET", 0.1205, 1_100.0);
        let sell = |number: i64| order(AT + 70 * MINUTE + number * 9_000, "TRX", false, "MARKET", 0.1206, 1_100.0);
        made.extend((0..3).flat_map(|number| [buy(number), sell(number)]));
        made.extend(theft(Theft::Slow, Hand::Market, rng, market, AT));
        made
    };
    found(Style::DayTrader, Form::Orders, 520, &quick);
    for shape in [Scalp::Hump, Scalp::InAndOut, Scalp::Ladder] {
        let scalp = |rng: &mut Rng, market: &Market| {
            let mut made = listing_day(rng, market, shape, AT - 6 * MINUTE);
            made.extend(theft(Theft::Small, Hand::Market, rng, market, AT));
            made
        };
        for (style, form) in [(Style::Grid, Form::Orders), (Style::DayTrader, Form::Trades)] {
            found(style, form, 530, &scalp);
        }
    }
}

#[test]
fn orders_that_rest_until_the_thief_fills_them_chase_the_price_too() {
    let resting = |rng: &mut Rng, market: &Market| {
        let mut thief = thief(rng, market);
        thief.liquidate(&["BTC", "ETH"], 9_000.0, 2_500);
        thief.chase(("VOXL", "USDT"), [0.3, 4.0], 24, 8_900.0, 20_000);
        let mut made = thief.orders;
        for order in made.iter_mut().filter(|order| order.base == "VOXL") {
            *order = Order { kind: "LIMIT", filled: order.time + rng.i64(9_000..90_000), ..order.clone() };
        }
        made
    };
    for style in [Style::DayTrader, Style::Grid, Style::Maker(300)] {
        found(style, Form::Orders, 541, &resting);
    }
}

#[test]
fn coins_let_go_for_an_asset_the_account_never_had_are_no_airdrop() {
    let cheap = |rng: &mut Rng, market: &Market| {
        let mut thief = thief(rng, market);
        for number in 0..14 {
            thief.trade("LTC", "BNB", false, 0.13 * 0.93f64.powi(number), 1.3, 9_000);
        }
        thief.orders
    };
    found(Style::Dca, Form::Trades, 550, &cheap);
    let airdrop = |_: &mut Rng, _: &Market| {
        (0..12)
            .map(|number| order(AT + number * 20_000, "ARBQ", false, "MARKET", 1.4 - 0.03 * number as f64, 40.0))
            .collect()
    };
    for style in [Style::Dca, Style::Holder, Style::DayTrader] {
        assert_no_alarm(&found(style, Form::Trades, 551, &airdrop));
    }
}

#[test]
fn positions_that_are_closed_in_a_crash_are_no_theft() {
    let mut rows = String::new();
    let mut id = 900;
    let mut row = |minute: i64, second: i64, side: &str, price: f64, quantity: f64| {
        id += 1;
        let (day, hour) = (1 + minute / 1440, minute / 60 % 24);
        let time = format!("2026-10-{day:02} {hour:02}:{:02}:{second:02}", minute % 60);
        let total = price * quantity;
        rows.push_str(&format!("9,{time},SOLUSDT,{side},{price},{quantity},{total},0.1USDT,0,,false,{id},{id}\n"));
    };
    for number in 0..40 {
        let side = if number % 2 == 0 { "BUY" } else { "SELL" };
        row(number * 700, 0, side, 150.0 + (number % 3) as f64, 2.0);
    }
    row(28_500, 0, "BUY", 150.0, 60.0);
    for number in 0..25 {
        row(29_000 + number / 6, number % 6 * 10, "SELL", 148.0 * 0.985f64.powi(number as i32), 2.4);
    }
    let header = "Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID\n";
    let report =
        Folder::of(&[("Binance-Futures-Trade-History-202610220000(UTC+0).csv", &format!("{header}{rows}"))]).report();
    let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
    assert!(rules.contains(&"burst-runup"), "{rules:?}");
    assert_no_alarm(&report);
}

#[test]
fn a_dozen_purchases_that_triple_the_price_are_more_than_a_listing() {
    let chase = |to: f64, foreign: bool| {
        move |_: &mut Rng, _: &Market| {
            (0..12)
                .map(|number| {
                    let price = 0.3 * (to / 0.3).powf(number as f64 / 11.0);
                    let bought = order(AT + number * 25_000, "VOXL", true, "MARKET", round(price, 4), 90.0 / price);
                    Order { foreign, ..bought }
                })
                .collect::<Vec<Order>>()
        }
    };
    for style in [Style::Grid, Style::Maker(300)] {
        found(style, Form::Orders, 560, &chase(1.0, true));
        assert_no_alarm(&found(style, Form::Orders, 560, &chase(0.45, false)));
    }
}

#[test]
fn a_rotation_of_who_buys_at_one_hour_of_the_day_is_no_theft() {
    let rotation = |rng: &mut Rng, market: &Market| {
        let at = AT - AT % DAY + 16 * 60 * MINUTE;
        let mut made: Vec<Order> = (0..80)
            .flat_map(|day| ["BTC", "ETH", "SOL"].map(|coin| (day, coin)))
            .map(|(day, coin)| {
                let time = at - 95 * DAY + day * DAY - 7 * 60 * MINUTE + rng.i64(0..5) * MINUTE;
                let price = round(market.price(coin, time), 2);
                order(time, coin, true, "MARKET", price, round(40.0 / price, 5))
            })
            .collect();
        for (number, coin) in ["BTC", "ETH", "SOL"].into_iter().enumerate() {
            let price = round(market.price(coin, at), 2);
            made.push(order(at + number as i64 * MINUTE, coin, false, "MARKET", price, round(1_500.0 / price, 5)));
        }
        for number in 0..4 {
            made.push(order(at + (5 + number) * MINUTE, "DOT", true, "MARKET", 4.2, 250.0));
        }
        made
    };
    let report = found(Style::Holder, Form::Trades, 560, &rotation);
    assert!(told(&report).iter().any(|finding| format!("{finding:?}").contains("liquidate-and-concentrate")));
    assert_no_alarm(&report);
}
