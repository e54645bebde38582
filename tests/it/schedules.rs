//! When tools call: hours of their own day across clock changes, and what is said of entries that are stale.

use loganalyze::expectations::DayWindow;
use loganalyze::time::Zone;

use crate::folder::Folder;

fn at(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

#[test]
fn hours_follow_the_wall_clock_across_a_clock_change() {
    let hours = DayWindow::parse("06:00-22:00").unwrap();
    let berlin = Zone::parse("Europe/Berlin").unwrap();
    // Summer time until 2026-10-25 01:00 UTC.
    assert!(hours.holds(at("2026-10-24T04:00:00Z"), berlin, 0));
    assert!(!hours.holds(at("2026-10-24T20:00:00Z"), berlin, 0));
    assert!(!hours.holds(at("2026-10-26T04:59:59Z"), berlin, 0));
    assert!(hours.holds(at("2026-10-26T05:00:00Z"), berlin, 0));
    assert!(hours.holds(at("2026-10-26T20:59:59Z"), berlin, 0));
}

#[test]
fn hours_may_wrap_midnight_and_have_some_grace() {
    let night = DayWindow::parse("22:00-06:00").unwrap();
    let minute = 60_000_000;
    for (time, grace, inside) in [
        ("2026-11-15T23:00:00Z", 0, true),
        ("2026-11-15T05:59:00Z", 0, true),
        ("2026-11-15T06:00:00Z", 0, false),
        ("2026-11-15T06:04:00Z", 5 * minute, true),
        ("2026-11-15T21:56:00Z", 5 * minute, true),
        ("2026-11-15T12:00:00Z", 5 * minute, false),
    ] {
        assert_eq!(night.holds(at(time), Zone::UTC, grace), inside, "{time}");
    }
    let always = DayWindow::parse("00:00-24:00").unwrap();
    assert!(always.holds(at("2026-11-15T12:00:00Z"), Zone::UTC, 0));
    for wrong in ["6-22", "06:00", "25:00-26:00", "06:60-07:00"] {
        assert_eq!(DayWindow::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn entries_that_matched_nothing_are_named() {
    let expected = r#"version = 1
[[network]]
name = "server"
cidrs = ["203.0.113.0/24"]
checked = 2026-03-01
[[network]]
name = "old-office"
cidrs = ["192.0.2.0/24"]
[[key]]
name = "Bot"
networks = ["server", "old-office"]
allow = ["read"]
[[key]]
name = "Forgotten"
networks = ["server"]
allow = ["read"]
[[suppress]]
rule = "ip-first-seen"
ip = "198.51.100.0/24"
until = 2027-01-01
reason = "holiday"
"#;
    let calls: String =
        (1..=20).map(|day| format!("2026-11-{day:02} 10:00:00,Bot,203.0.113.7,GET /api/v3/account,200\n")).collect();
    let report =
        Folder::of(&[("calls.csv", &format!("Time,Key,IP,Endpoint,Status\n{calls}")), ("expected.toml", expected)])
            .report();
    let named: Vec<&str> = report.not_checked.iter().map(|item| item.what.as_str()).collect();
    for what in [
        "network old-office of the expectations",
        "whether network server is still right",
        "key Forgotten of the expectations",
        "suppression of ip-first-seen",
    ] {
        assert!(named.contains(&what), "{what} not in {named:?}");
    }
    assert!(!named.contains(&"network server of the expectations"));
    assert!(!named.contains(&"key Bot of the expectations"));
}

#[test]
fn numbers_that_are_left_out_of_an_export_are_named() {
    let trades = |left_out: std::ops::Range<u32>| {
        let header = "time,symbol,side,amount,price,order id\n".to_owned();
        (1..=80).filter(|number| !left_out.contains(number)).fold(header, |text, number| {
            let (hour, minute) = (number / 60, number % 60);
            text + &format!("2026-11-15 {hour:02}:{minute:02}:00,BTCUSDT,buy,1,100,{number}\n")
        })
    };
    let named = |text: &str| {
        let report = Folder::of(&[("my-bot.csv", text)]).report();
        let item = report.not_checked.into_iter().find(|item| item.why.contains("count up by one"));
        item.map(|item| item.why)
    };
    assert_eq!(named(&trades(0..0)), None);
    let why = named(&trades(31..36)).unwrap();
    assert!(why.contains("5 are missing") && why.contains("between 30 (2026-11-15T00:30:00Z) and 36"), "{why}");
    let sparse = trades(0..0).replace(",100,", ",100,7");
    assert_eq!(
        named(&sparse.lines().step_by(2).map(|line| format!("{line}\n")).collect::<String>()),
        None,
        "not counted by one"
    );
}

#[test]
fn the_hours_of_a_tool_explain_the_silence_of_its_nights_alone() {
    // A bot of the day, in Berlin: a call a quarter of an hour from 07:00 to 19:45, none at night.
    let log = |left_out: &str| {
        let header = "Time,Key,IP,Endpoint,Status\n".to_owned();
        (1..=20).fold(header, |text, day| {
            (0..52).fold(text, |text, quarter| {
                let time = format!("2026-11-{day:02} {:02}:{:02}:00", 6 + quarter / 4, quarter % 4 * 15);
                if time.starts_with(left_out) {
                    text
                } else {
                    text + &format!("{time},Bot,203.0.113.7,GET /api/v3/account,200\n")
                }
            })
        })
    };
    let report = |log: &str, schedule: &str| {
        let expected = format!(
            "version = 1\n[[network]]\nname = \"home\"\ncidrs = [\"203.0.113.0/24\"]\n[[tool]]\nname = \"Day\"\nnetworks = [\"home\"]\nschedule = {{ kind = \"continuous\", every = \"1h\"{schedule} }}\n[[key]]\nname = \"Bot\"\ntools = [\"Day\"]\nallow = [\"read\"]\n"
        );
        let report = Folder::of(&[("calls.csv", log), ("expected.toml", &expected)]).report();
        assert!(report.findings.iter().all(|finding| finding.rule != "bot-went-silent"));
        report.coverage.iter().find(|coverage| coverage.table == "calls").unwrap().gaps.len() > 1
    };
    let hours = ", window = \"07:00-20:00\", tz = \"Europe/Berlin\"";
    assert!(!report(&log("none"), hours));
    assert!(report(&log("none"), ""), "without its hours each night is a gap");
    assert!(report(&log("2026-11-12 1"), hours), "nine hours of a day");
    assert!(report(&log("2026-11-12"), hours), "a whole day");
}
