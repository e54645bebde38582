//! Whole outputs, as a reader sees them.

use loganalyze::outputs::{ALL, Look, PIPE_WIDTH, printable};
use loganalyze::report::Report;
use loganalyze::rules::Severity;
use loganalyze::settings::Settings;

use crate::folder::{Folder, project, report};

fn sample() -> Report {
    report(&Settings { paths: vec![project("data/sample")], ..Settings::default() }).unwrap()
}

fn text(report: &Report, id: &str, look: &Look) -> String {
    let output = ALL.iter().find(|output| output.id == id).unwrap();
    let mut bytes = Vec::new();
    (output.write)(report, look, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

const LOOK: Look = Look { width: PIPE_WIDTH, color: false, full: false, min_severity: Severity::Info };

#[test]
fn the_sample_on_a_terminal() {
    insta::assert_snapshot!(text(&sample(), "terminal", &LOOK));
}

#[test]
fn the_sample_on_a_narrow_terminal_stays_inside_it() {
    use unicode_width::UnicodeWidthStr;
    for width in [40, 60, 80, 200] {
        let text = text(&sample(), "terminal", &Look { width, ..LOOK });
        let longest = text.lines().map(UnicodeWidthStr::width).max().unwrap();
        assert!(longest <= width, "{width}: {longest}");
    }
}

#[test]
fn the_json_of_the_sample_holds_the_contract() {
    let json: serde_json::Value = serde_json::from_str(&text(&sample(), "json", &LOOK)).unwrap();
    let names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let contract = [
        "schema",
        "tool",
        "run",
        "verdict",
        "sources",
        "unreadable",
        "coverage",
        "ips",
        "orders",
        "episodes",
        "p2p",
        "transfers",
        "keys",
        "not_checked",
        "findings",
        "rejected",
    ];
    assert!(contract.iter().all(|name| names.contains(name)), "{names:?}");
    let order = &json["orders"]["unrecognized"][0];
    for name in [
        "order_id",
        "time",
        "market",
        "symbol",
        "side",
        "quantity",
        "price",
        "quote_total",
        "verdict",
        "reason",
        "key",
        "ip",
        "client",
        "source",
        "record",
        "line",
    ] {
        assert!(order.get(name).is_some_and(|value| !value.is_null()), "{name}: {order}");
    }
    let mut findings = json["findings"].clone();
    for finding in findings.as_array_mut().unwrap() {
        finding["evidence"].as_array_mut().unwrap().truncate(2);
        finding["next"].as_array_mut().unwrap().truncate(1);
    }
    insta::assert_snapshot!(format!("{:#}\n{findings:#}", json["verdict"]));
}

#[test]
fn text_from_the_evidence_cannot_drive_a_terminal() {
    assert_eq!(printable("a\x1b[31mb\u{202e}c\u{200b}d\u{9b}e\x07"), "a\\u{1b}[31mb\\u{202e}c\\u{200b}d\\u{9b}e\\u{7}");
    assert_eq!(printable("ETF 分发 ü ¹"), "ETF 分发 ü ¹");
    let report = Folder::of(&[
        (
            "calls.csv",
            "time,ip,operation,client\n2026-01-01 00:00:00,203.0.113.7\x1b[2J,ping,\u{202e}evil\x1b]0;owned\x07\n",
        ),
        ("b\u{202e}ad.csv", "what,when\n"),
    ])
    .report();
    let text = text(&report, "terminal", &Look { color: false, ..LOOK });
    assert!(text.chars().all(|c| c == '\n' || printable(&c.to_string()) == c.to_string()), "{text:?}");
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let readme = std::fs::read_to_string(project("README.md")).unwrap();
    let shown = readme.split_once("<!-- sample -->\n```text\n").unwrap().1.split_once("\n```").unwrap().0;
    let printed = text(&sample(), "terminal", &LOOK);
    assert!(printed.starts_with(shown), "the README's sample is not how the report begins:\n{printed}");
    assert!(shown.lines().count() > 30);
}

#[test]
fn several_accounts_are_told_apart_on_terminals_of_any_width() {
    use unicode_width::UnicodeWidthStr;
    let header =
        "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n";
    let order = |id: u32, day: u32, side: &str, pair: &str, price: &str| {
        let time = format!("26-11-{day:02} 08:{:02}:00", id % 60);
        format!("{time},{id},{pair},LIMIT,{side},{price},1,{time},1,{price},{price},FILLED\n")
    };
    let quiet: String = (1..21).map(|day| order(day, day, "BUY", "BTCUSDT", "90000")).collect();
    let robbed: String = (100..140).map(|id| order(id, 20, "BUY", "AKROUSDT", &format!("0.{id}"))).collect();
    let calls = "Time,API Key,IP,Endpoint\n2026-11-20 08:00:00,k,198.51.100.7,POST /api/v3/order\n";
    let expected = "version = 1\n[[network]]\nname = \"home\"\ncidrs = [\"203.0.113.0/24\"]\n[[key]]\nname = \"k\"\nnetworks = [\"home\"]\n[[account]]\nname = \"main\"\nexports = [\"*quiet*\"]\n[[account]]\nname = \"a sub-account for the grid bot\"\nexports = [\"*robbed*\"]\n";
    let report = Folder::of(&[
        ("quiet-orders.csv", &format!("{header}{quiet}")),
        ("robbed-orders.csv", &format!("{header}{quiet}{robbed}")),
        ("robbed-calls.csv", calls),
        ("expected.toml", expected),
    ])
    .report();
    for width in [60, 80, 100, 120] {
        let text = text(&report, "terminal", &Look { width, ..LOOK });
        let long: Vec<&str> = text.lines().filter(|line| line.width() > width).collect();
        assert!(long.is_empty(), "{width}: {long:#?}");
        assert!(text.contains("accounts      main: no findings"), "{text}");
        assert!(text.contains("              a sub-account for the grid bot: "), "{text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_written_to_and_not_replaced() {
    let folder = Folder::new();
    let link = folder.path.join("report.json");
    std::os::unix::fs::symlink("/dev/full", &link).unwrap();
    // Nothing can be written to this one.
    assert!(loganalyze::outputs::write_new(&link, b"{}", true).is_err());
    assert!(link.is_symlink());
}
