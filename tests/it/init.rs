//! The draft of the expectations: it can be read back, trusts no network, and keeps what is rare in comments.

#![expect(clippy::disallowed_methods, reason = "the tests start the program")]

use std::process::Command;

use loganalyze::expectations::parse;

use crate::account::{Incident, Plan, account};
use crate::folder::Folder;

fn draft(folder: &Folder) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_loganalyze")).arg("init").arg(&folder.path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn exports(incident: Incident) -> Folder {
    let folder = Folder::new();
    account(&Plan { incident, ..Plan::default() }).write(&folder.path).unwrap();
    std::fs::remove_file(folder.path.join("expected.toml")).unwrap();
    folder
}

#[test]
fn a_draft_is_valid_and_trusts_no_network() {
    let text = draft(&exports(Incident::Drain));
    let expected = parse(&text, "expected.toml", String::new()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert!(!expected.confirmed && expected.networks.is_empty());
    let names: Vec<&str> = expected.keys.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["3Commas-Spot", "GridBot-Spot", "TaxReport-ReadOnly"]);
    // The bots' addresses are offered, the thief's stands among the rare ones, and his client is no tool.
    assert!(text.contains("# cidrs = [\"203.0.113.7\"]") && text.contains("# cidrs = [\"192.0.2.10\"]"), "{text}");
    assert!(!text.contains("cidrs = [\"198.51.100.77\"]") && text.contains("\"198.51.100.77\" 72 times"), "{text}");
    let bot = expected.keys.iter().find(|key| key.name == "3Commas-Spot").unwrap();
    assert_eq!(bot.agents.len(), 2, "its own client, by name and by pattern\n{text}");
    assert!(bot.symbols.iter().any(|symbol| symbol.is_match("BTCUSDT")));
    assert!(!bot.symbols.iter().any(|symbol| symbol.is_match("AKROUSDT")), "{text}");
}

#[test]
fn days_on_which_a_caller_was_only_denied_make_nothing_usual() {
    let row = |day: u32, hour: u32, status: u32| {
        format!("2026-11-{day:02} {hour:02}:00:00,Bot,192.0.2.9,bot/1,GET /api/v3/account,{status}\n")
    };
    let rows: String = (0..24).map(|hour| row(1, hour, 200)).chain((2..20).map(|day| row(day, 5, 401))).collect();
    let text = draft(&Folder::of(&[("calls.csv", &format!("Time,Key,IP,User Agent,Endpoint,Status\n{rows}"))]));
    assert!(
        text.contains("\"192.0.2.9\" 24 times on 1 day, 2026-11-01 to 2026-11-01") && !text.contains("cidrs"),
        "{text}"
    );
}

#[test]
fn a_draft_without_calls_and_keys_shows_what_to_write() {
    let orders = "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n\
        2026-11-19 10:00:00,71,BTCUSDT,LIMIT,BUY,90000,0.5BTC,2026-11-19 10:00:01,0.5BTC,90000,45000USDT,Filled\n";
    let text = draft(&Folder::of(&[("orders.csv", orders)]));
    assert!(parse(&text, "expected.toml", String::new()).is_ok(), "{text}");
    // What it shows can be taken over.
    let (_, example) = text.split_once("without the #:\n").unwrap();
    let written = example.replace("# ", "");
    let expected = parse(&format!("version = 1\n{written}"), "expected.toml", String::new()).unwrap();
    assert_eq!((expected.networks.len(), expected.tools.len(), expected.keys.len()), (1, 1, 1));
}

#[test]
fn a_draft_says_from_where_the_user_logged_in() {
    let mut text = "Date(UTC),IP Address,Device,Action\n".to_owned();
    for day in 1..21 {
        text.push_str(&format!("2026-11-{day:02} 08:00:00,203.0.113.9,Chrome,Login\n"));
    }
    text.push_str("2026-11-20 09:00:00,198.51.100.9,Chrome,Login\n");
    let text = draft(&Folder::of(&[("events.csv", &text)]));
    assert!(text.contains("# 20 times on 20 days, 2026-11-01 to 2026-11-20, by [\"logins\"]"), "{text}");
    assert!(text.contains("# cidrs = [\"203.0.113.9\"]"), "{text}");
    assert!(text.contains("#   \"198.51.100.9\" 1 time on 1 day, 2026-11-20 to 2026-11-20, by [\"logins\"]"), "{text}");
    assert!(parse(&text, "expected.toml", String::new()).unwrap().networks.is_empty());
}

#[test]
fn a_draft_taken_over_unread_is_never_clear() {
    let folder = exports(Incident::None);
    let text = draft(&folder);
    folder.write("expected.toml", text.as_bytes());
    let report = folder.report();
    assert_ne!(report.verdict.result, "clear");
    assert!(report.verdict.reasons.iter().any(|reason| reason.contains("learned, unconfirmed")));
}

#[test]
fn names_from_the_exports_cannot_break_out_of_the_draft() {
    let mut calls = "Time,Key,IP,User Agent,Endpoint,Status\n".to_owned();
    for day in 1..30 {
        calls.push_str(&format!(
            "2026-11-{day:02} 10:00:00,\"Bot\"\"]\n[intel]\ntor = \"\"x\",203.0.113.7,\"a\"\"\n[[vendor]]\",GET /api/v3/account,200\n"
        ));
    }
    let folder = Folder::of(&[("calls.csv", &calls)]);
    let text = draft(&folder);
    let expected = parse(&text, "expected.toml", String::new()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert!(expected.files.is_empty() && expected.keys.len() == 1, "{text}");
}

#[test]
fn an_existing_file_is_not_replaced_unasked() {
    let folder = exports(Incident::None);
    folder.write("mine.toml", b"version = 1\n");
    let run = |force: &[&str]| {
        let file = folder.path.join("mine.toml");
        let calls = folder.path.join("api-calls.csv");
        Command::new(env!("CARGO_BIN_EXE_loganalyze"))
            .arg("init")
            .arg(calls)
            .arg("-o")
            .arg(file)
            .args(force)
            .output()
            .unwrap()
    };
    assert_eq!(run(&[]).status.code(), Some(2));
    assert_eq!(std::fs::read(folder.path.join("mine.toml")).unwrap(), b"version = 1\n");
    assert_eq!(run(&["--force"]).status.code(), Some(0));
}

#[test]
fn seven_days_are_seven_days_and_not_a_week_between_two() {
    let mut calls = "Time,Key,IP,User Agent,Endpoint,Status\n".to_owned();
    for (ip, days) in [("203.0.113.7", (1..11).collect()), ("203.0.113.8", vec![1, 20]), ("203.0.113.9", vec![1, 2, 3])]
    {
        let days: Vec<u32> = days;
        for at in 0..30 {
            let day = days[at % days.len()];
            calls.push_str(&format!("2026-11-{day:02} 10:{at:02}:00,Bot,{ip},bot/1,GET /api/v3/account,200\n"));
        }
    }
    let text = draft(&Folder::of(&[("calls.csv", &calls)]));
    assert!(text.contains("# cidrs = [\"203.0.113.7\"]") && text.contains("30 times on 10 days"), "{text}");
    assert!(!text.contains("cidrs = [\"203.0.113.8\"]") && !text.contains("cidrs = [\"203.0.113.9\"]"), "{text}");
}
