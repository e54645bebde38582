//! Whole accounts, with and without an incident, in many spellings; and evidence that does not carry a clean verdict.

use loganalyze::report::Report;
use loganalyze::settings::{Settings, WindowRequest};

use crate::account::{Account, CALL_HEADERS, DRAIN_ORDERS, FOREIGN_IP, Incident, Plan, account};
use crate::folder::{Folder, assert_ledger, report};

fn plans(incident: Incident) -> impl Iterator<Item = Plan> {
    let offsets = [0, 2, -6, 9];
    (0..10u64).map(move |seed| Plan {
        seed,
        incident,
        call_header: CALL_HEADERS[seed as usize % CALL_HEADERS.len()],
        offset_hours: offsets[seed as usize % offsets.len()],
        iso: !seed.is_multiple_of(3),
        delimiter: if seed % 4 == 3 { ';' } else { ',' },
        bom: seed.is_multiple_of(2),
        ..Plan::default()
    })
}

fn written(account: &Account) -> Folder {
    let folder = Folder::new();
    account.write(&folder.path).unwrap();
    folder
}

fn changed(account: &Account, name: &str, change: impl Fn(&str) -> String) -> Folder {
    let folder = written(account);
    let (name, bytes) = account.files.iter().find(|(file, _)| file.contains(name)).unwrap();
    folder.write(name, change(std::str::from_utf8(bytes).unwrap()).as_bytes());
    folder
}

#[test]
fn a_drain_is_found_whole_and_nothing_else() {
    for plan in plans(Incident::Drain) {
        let account = account(&plan);
        let report = written(&account).report();
        assert_ledger(&report);
        let mut found: Vec<String> =
            report.orders.unrecognized.iter().map(|order| order.order_id.clone().unwrap()).collect();
        let mut foreign: Vec<String> =
            account.orders.iter().filter(|order| order.foreign).map(|order| order.id.to_string()).collect();
        found.sort();
        foreign.sort();
        assert_eq!(foreign.len(), DRAIN_ORDERS);
        assert_eq!(found, foreign, "seed {}", plan.seed);
        let ips: Vec<&str> =
            report.ips.iter().filter(|ip| ip.verdict == "unrecognized").map(|ip| ip.ip.as_str()).collect();
        assert_eq!(ips, [FOREIGN_IP], "seed {}", plan.seed);
        assert_eq!(report.verdict.exit_code, 14, "seed {}", plan.seed);
    }
}

#[test]
fn an_ordinary_account_is_clear() {
    for plan in plans(Incident::None) {
        let report = written(&account(&plan)).report();
        assert_eq!(
            (report.verdict.result, report.verdict.exit_code),
            ("clear", 0),
            "seed {}: {:?}",
            plan.seed,
            report.verdict
        );
        assert!(report.findings.is_empty());
    }
}

#[test]
fn a_theft_is_followed_to_the_money() {
    let plan = Plan { incident: Incident::Theft, days: 45, ..Plan::default() };
    let report = written(&account(&plan)).report();
    let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
    for rule in
        ["ip-not-allowed", "order-suspect-source", "withdraw-new-address", "p2p-price-off", "key-use-after-delete"]
    {
        assert!(rules.contains(&rule), "{rule} not in {rules:?}");
    }
    assert_eq!(report.p2p.unrecognized.len(), 1);
    assert_eq!(report.transfers.unrecognized.len(), 1);
}

fn assert_not_clean(report: &Report, because: &str) {
    assert_ne!(report.verdict.exit_code, 0);
    assert!(report.verdict.reasons.iter().any(|reason| reason.contains(because)), "{because}: {:?}", report.verdict);
}

#[test]
fn a_call_log_cut_short_is_not_clean() {
    let account = account(&Plan::default());
    let cut = |text: &str| {
        let lines: Vec<&str> =
            text.lines().filter(|line| !(line.as_bytes()[0] == b'2' && *line > "2026-11-10")).collect();
        lines.join("\n")
    };
    let report = changed(&account, "api-calls", cut).report();
    assert_not_clean(&report, "of the window");
    assert!(report.orders.unrecognized.is_empty(), "silence is no accusation");
    assert!(report.orders.by_verdict["not-covered"] > 50);
}

#[test]
fn broken_call_records_are_not_clean_and_accuse_nobody() {
    let account = account(&Plan::default());
    let broken = |text: &str| {
        let line =
            |(at, line): (usize, &str)| if at % 3 == 2 { line.replace("2026-", "20-26-") } else { line.to_owned() };
        text.lines().enumerate().map(line).collect::<Vec<_>>().join("\n")
    };
    let report = changed(&account, "api-calls", broken).report();
    assert_ledger(&report);
    assert_not_clean(&report, "could not be read");
    assert!(report.orders.unrecognized.is_empty());
}

#[test]
fn an_unknown_file_is_not_clean() {
    let folder = written(&account(&Plan::default()));
    folder.write("notes.csv", b"what,when\nnothing,never\n");
    let report = folder.report();
    assert_not_clean(&report, "notes.csv");
    assert_eq!(report.unreadable[0].path, "exports/notes.csv");
}

#[test]
fn a_record_dated_a_year_ahead_does_not_move_the_window() {
    for name in ["Spot-Order-History", "api-calls", "Withdraw-History"] {
        let account = account(&Plan { incident: Incident::Drain, ..Plan::default() });
        let ahead = |text: &str| {
            let last = text.lines().last().unwrap();
            format!("{text}{}\n", last.replacen("2026-", "2027-", 1).replacen("26-", "27-", 1))
        };
        let report = changed(&account, name, ahead).report();
        assert_not_clean(&report, "--as-of");
        assert_eq!(report.run.as_of.to_string()[..10], *"2026-11-20", "{name}");
        assert_eq!(report.orders.unrecognized.len(), DRAIN_ORDERS, "{name}");
    }
}

#[test]
fn without_expectations_nothing_is_clean_and_what_is_new_is_told() {
    let folder = written(&account(&Plan { incident: Incident::Drain, ..Plan::default() }));
    std::fs::remove_file(folder.path.join("expected.toml")).unwrap();
    let report = folder.report();
    assert_not_clean(&report, "no expectations");
    assert!(report.ips.iter().all(|ip| ip.verdict == "unreviewed"));
    let new: Vec<&str> =
        report.findings.iter().filter(|f| f.rule == "ip-first-seen").map(|f| f.subject.value.as_str()).collect();
    assert_eq!(new, [FOREIGN_IP]);
    assert!(report.findings.iter().any(|f| f.rule == "symbol-first-seen" && f.subject.value == "AKROUSDT"));
}

#[test]
fn without_a_call_log_orders_are_accused_of_nothing() {
    let folder = written(&account(&Plan { incident: Incident::Drain, ..Plan::default() }));
    std::fs::remove_file(folder.path.join("api-calls.csv")).unwrap();
    let report = folder.report();
    assert_not_clean(&report, "no call log: who placed these orders cannot be told");
    assert!(report.orders.unrecognized.is_empty());
    assert!(report.not_checked.iter().any(|item| item.why.contains("no API call log")));
}

#[test]
fn trades_stand_for_orders_when_there_are_none() {
    let account = account(&Plan { incident: Incident::Drain, ..Plan::default() });
    let folder = written(&account);
    let orders = account.files.iter().find(|(name, _)| name.contains("Spot-Order")).unwrap();
    std::fs::remove_file(folder.path.join(&orders.0)).unwrap();
    let report = folder.report();
    let foreign = report.orders.unrecognized.iter().filter(|order| order.ip.as_deref() == Some(FOREIGN_IP)).count();
    assert_eq!((foreign, report.orders.unrecognized.len()), (DRAIN_ORDERS, DRAIN_ORDERS));
}

#[test]
fn the_report_is_the_same_whatever_the_order_of_files_and_runs() {
    let plan = Plan { incident: Incident::Theft, days: 45, ..Plan::default() };
    let account = account(&plan);
    let json = |report: &Report| serde_json::to_string(report).unwrap();
    let first = written(&account);
    let second = Folder::new();
    for (name, bytes) in account.files.iter().rev() {
        second.write(name, bytes);
    }
    let (first, again, second) = (json(&first.report()), json(&first.report()), json(&second.report()));
    assert_eq!(first, again);
    assert_eq!(first, second);
}

#[test]
fn cutting_an_export_in_two_changes_sources_and_places_only() {
    let account = account(&Plan { incident: Incident::Drain, ..Plan::default() });
    let whole = written(&account).report();
    for name in ["api-calls", "Spot-Order-History"] {
        let (file, bytes) = account.files.iter().find(|(file, _)| file.contains(name)).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let middle = lines.len() / 2;
        let folder = written(&account);
        folder.write(file, format!("{}\n", lines[..middle].join("\n")).as_bytes());
        let other =
            if name == "api-calls" { "api-calls-2.csv".to_owned() } else { file.replace("-part1-of1", "-part2-of2") };
        folder.write(&other, format!("{}\n{}\n", lines[0], lines[middle..].join("\n")).as_bytes());
        let cut = folder.report();
        let findings = |report: &Report| {
            let key = |f: &loganalyze::report::FindingInfo| {
                (f.id.clone(), f.message.clone(), f.count, f.severity, f.first, f.last)
            };
            report.findings.iter().map(key).collect::<Vec<_>>()
        };
        assert_eq!(findings(&cut), findings(&whole), "{name}");
        assert_eq!(cut.orders.by_verdict, whole.orders.by_verdict, "{name}");
        assert_eq!(cut.verdict.sentence, whole.verdict.sentence, "{name}");
    }
}

#[test]
fn an_overlapping_copy_changes_nothing_but_the_ledger() {
    let account = account(&Plan::default());
    let (file, bytes) = account.files.iter().find(|(file, _)| file.contains("Spot-Order-History")).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let half: Vec<&str> = text.lines().take(500).collect();
    let folder = written(&account);
    folder.write(&file.replace("202611", "202610"), format!("{}\n", half.join("\n")).as_bytes());
    let report = folder.report();
    assert_ledger(&report);
    assert_eq!(report.verdict.result, "clear", "{:?}", report.verdict);
    assert_eq!(report.sources.iter().map(|source| source.duplicate).sum::<u64>(), 499);
}

#[test]
fn the_window_can_be_moved() {
    let folder = written(&account(&Plan { incident: Incident::Drain, ..Plan::default() }));
    let moved = |window: WindowRequest| report(&Settings { window, ..folder.settings() }).unwrap();
    let before = moved(WindowRequest { until: Some("2026-11-01".to_owned()), ..WindowRequest::default() });
    assert_eq!(before.run.until.to_string(), "2026-11-01T00:00:00Z");
    assert_eq!(before.run.since.to_string(), "2026-10-02T00:00:00Z");
    assert_eq!(before.orders.unrecognized.len(), 0);
    let last = moved(WindowRequest { last: loganalyze::time::parse_span("20d"), ..WindowRequest::default() });
    assert_eq!(last.orders.unrecognized.len(), DRAIN_ORDERS);
    let wrong = report(&Settings {
        window: WindowRequest { since: Some("soon".to_owned()), ..WindowRequest::default() },
        ..folder.settings()
    });
    assert!(wrong.unwrap_err().message.contains("--since soon"));
}
