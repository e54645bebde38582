//! An earlier report: findings are new, persist or are gone, and verdict and exit code do not change.

use loganalyze::settings::Settings;

use crate::folder::{Folder, report};

const EXPECTED: &str = "version = 1\n[[network]]\nname = \"home\"\ncidrs = [\"203.0.113.0/24\"]\n[[key]]\nname = \"Bot\"\nnetworks = [\"home\"]\n";

fn folder(ips: &[&str]) -> Folder {
    let mut text =
        "Time,Key,IP,Endpoint,Status\n2026-11-18 10:00:00,Bot,203.0.113.7,GET /api/v3/account,200\n".to_owned();
    for ip in ips {
        text.push_str(&format!("2026-11-18 11:00:00,Bot,{ip},GET /api/v3/account,200\n"));
    }
    Folder::of(&[("calls.csv", &text), ("expected.toml", EXPECTED)])
}

#[test]
fn findings_are_new_persist_or_are_gone() {
    let old = folder(&["198.51.100.7", "198.51.100.8"]).report();
    assert!(old.findings.iter().all(|finding| finding.status == "new") && old.baseline.is_none());
    let folder = folder(&["198.51.100.8", "198.51.100.9"]);
    folder.write("old.json", &serde_json::to_vec(&old).unwrap());
    let settings = Settings { baseline: Some(folder.path.join("old.json")), ..folder.settings() };
    let new = report(&settings).unwrap();
    assert!(new.unreadable.is_empty(), "the earlier report is ours, wherever it lies: {:?}", new.unreadable);
    let mut of: Vec<(&str, &str)> = new
        .findings
        .iter()
        .filter(|finding| finding.rule == "ip-not-allowed")
        .map(|finding| (finding.subject.value.as_str(), finding.status))
        .collect();
    of.sort_unstable();
    assert_eq!(of, [("198.51.100.8", "persisting"), ("198.51.100.9", "new")]);
    let used: Vec<(&str, &str)> = new.run.files.iter().map(|file| (file.purpose, file.path.as_str())).collect();
    assert_eq!(used, [("expectations", "exports/expected.toml"), ("baseline", "old.json")]);
    let baseline = new.baseline.unwrap();
    assert_eq!((baseline.path.as_str(), baseline.as_of.as_str()), ("old.json", "2026-11-18T11:00:00Z"));
    assert_eq!(baseline.new + baseline.persisting, new.findings.len());
    assert!(baseline.gone.iter().any(|gone| gone.rule == "ip-not-allowed" && gone.message.contains("198.51.100.7")));
    std::fs::remove_file(folder.path.join("old.json")).unwrap();
    assert_eq!(new.verdict.exit_code, folder.report().verdict.exit_code);
}

#[test]
fn what_is_no_report_is_refused() {
    let folder = folder(&[]);
    for (text, message) in [
        ("{}", "not the JSON of a report"),
        (r#"{"schema": "other/v2", "run": {"as_of": "x"}, "findings": []}"#, "its schema is `other/v2`"),
    ] {
        folder.write("old.json", text.as_bytes());
        let settings = Settings { baseline: Some(folder.path.join("old.json")), ..folder.settings() };
        let failure = report(&settings).map(|_| ()).unwrap_err();
        assert!(failure.message.contains(message), "{}", failure.message);
        assert_eq!(failure.exit.code(), 2);
    }
}
