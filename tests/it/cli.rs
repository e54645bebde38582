//! The program as it is called: exit codes, messages, files.

#![expect(clippy::disallowed_methods, reason = "the tests start the program")]

use std::process::{Command, Output};

use crate::folder::{Folder, project};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_loganalyze")).args(args).env_remove("NO_COLOR").output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn sample() -> String {
    project("data/sample").display().to_string()
}

#[test]
fn the_sample_is_found_out() {
    let output = run(&["report", &sample()]);
    assert_eq!(code(&output), 14);
    assert_eq!(code(&run(&["report", &sample(), "--exit-zero"])), 0);
    assert_eq!(code(&run(&["report", &sample(), "--min-severity", "critical"])), 14, "hiding changes no code");
    assert!(!output.stdout.contains(&0x1b), "no colour into a pipe");
    assert!(run(&["report", &sample(), "--color", "always"]).stdout.contains(&0x1b));
}

#[test]
fn wrong_calls_say_what_to_write() {
    for (args, message) in [
        (vec!["report"], "<PATH>"),
        (vec!["report", &sample(), "--last", "soon"], "--last soon"),
        (vec!["report", &sample(), "--since", "01/02/2026"], "--since 01/02/2026"),
        (vec!["report", &sample(), "--since", "2026-11-02", "--until", "2026-11-01"], "the window is empty"),
        (vec!["report", &sample(), "--tz", "x"], "GLOB=ZONE"),
        (vec!["report", &sample(), "--tz", "x=Mars"], "`Mars` is not a time zone"),
        (vec!["report", &sample(), "--output", "pdf"], "there are terminal, json"),
        (vec!["report", &sample(), "--output", "json", "--output", "terminal"], "only one --output"),
        (vec!["report", &sample(), "--expect", "/nowhere/expected.toml"], "/nowhere/expected.toml"),
        (vec!["report", &sample(), "--nonsense"], "--nonsense"),
        (vec!["explain", "ip-not-alowed"], "did you mean `ip-not-allowed`?"),
        (vec!["frobnicate"], "frobnicate"),
    ] {
        let output = run(&args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(stderr(&output).contains(message), "{args:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn what_cannot_be_read_is_no_input() {
    let empty = Folder::new();
    assert_eq!(code(&run(&["report", "/nowhere"])), 3);
    assert!(stderr(&run(&["report", "/nowhere"])).contains("/nowhere"));
    let output = run(&["report", &empty.path.display().to_string()]);
    assert_eq!((code(&output), output.stdout.is_empty()), (3, true));
    assert_eq!(code(&run(&["inspect", &empty.path.display().to_string()])), 3);
}

#[test]
fn bad_expectations_stop_the_run() {
    let folder = Folder::of(&[
        ("calls.csv", "time,ip,operation\n2026-01-01 00:00:00,203.0.113.7,ping\n"),
        ("expected.toml", "version = 1\n[[netwrok]]\n"),
    ]);
    let output = run(&["report", &folder.path.display().to_string()]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("exports/expected.toml:2:3"), "{}", stderr(&output));
}

#[test]
fn expectations_are_ours_however_they_are_named() {
    let folder = Folder::new();
    for entry in std::fs::read_dir(sample()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().replace("expected.toml", "mine.toml");
        std::fs::copy(entry.path(), folder.path.join(name)).unwrap();
    }
    let root = folder.path.parent().unwrap();
    let absolute = folder.path.join("mine.toml").display().to_string();
    for (path, expect) in [
        ("exports", "exports/mine.toml"),
        ("exports", "./exports/mine.toml"),
        ("./exports", "exports/mine.toml"),
        ("exports/", absolute.as_str()),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_loganalyze"))
            .args(["report", path, "--expect", expect, "--output", "json"])
            .current_dir(root)
            .output()
            .unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            (&report["unreadable"].as_array().unwrap().len(), report["run"]["expectations"].as_str()),
            (&0, Some("exports/mine.toml")),
            "{path} {expect}"
        );
    }
}

#[test]
fn a_sandbox_that_is_required_and_not_there_refuses() {
    let output = run(&["report", &sample(), "--sandbox", "require"]);
    assert_eq!((code(&output), output.stdout.is_empty()), (1, true));
}

#[test]
fn outputs_are_whole_or_not_there_and_replace_nothing_unasked() {
    let folder = Folder::new();
    let file = folder.path.join("report.json").display().to_string();
    let json = format!("json={file}");
    assert_eq!(code(&run(&["report", &sample(), "--output", &json, "--exit-zero"])), 0);
    let first = std::fs::read(&file).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&first).unwrap();
    assert_eq!(report["schema"], "loganalyze.report/v1");
    let again = run(&["report", &sample(), "--output", &json]);
    assert_eq!(code(&again), 2);
    assert!(stderr(&again).contains("--force"));
    assert_eq!(code(&run(&["report", &sample(), "--output", &json, "--force"])), 14);
    assert_eq!(std::fs::read(&file).unwrap(), first, "the same bytes again");
    assert_eq!(std::fs::read_dir(&folder.path).unwrap().count(), 1, "no temporary file is left");
    assert_eq!(code(&run(&["report", &sample(), "--output", "json=/nowhere/report.json"])), 1);
}

#[test]
fn help_and_lists_are_answers() {
    for args in [
        vec!["--help"],
        vec!["report", "--help"],
        vec!["--version"],
        vec!["explain"],
        vec!["explain", "ip-not-allowed"],
        vec!["explain", "binance-p2p"],
        vec!["explain", "api-call-log"],
        vec!["explain", "rules"],
        vec!["rules", "list"],
        vec!["completions", "bash"],
        vec!["man"],
        vec!["schema"],
        vec!["selftest"],
    ] {
        let output = run(&args);
        assert_eq!((code(&output), output.stdout.is_empty()), (0, false), "{args:?}");
    }
    for rule in loganalyze::rules::ALL {
        assert_eq!(code(&run(&["explain", rule.id])), 0, "{}", rule.id);
    }
}

#[test]
fn explain_shows_the_thresholds_in_force() {
    let folder = Folder::of(&[(
        "expected.toml",
        "version = 1\n[rules.ip-first-seen]\nbaseline_days = 12\nseverity = \"low\"\n",
    )]);
    let expected = folder.path.join("expected.toml").display().to_string();
    let text =
        |args: &[&str]| String::from_utf8(run(args).stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text(&["explain", "ip-first-seen"]).contains("baseline_days = 30 days before the window"));
    let set = text(&["explain", "ip-first-seen", "--expect", &expected]);
    assert!(set.contains("baseline_days = 12 days before the window, set by"), "{set}");
    assert!(set.contains("the default is 30") && set.contains("Severity low, set by"), "{set}");
}

#[test]
fn inspect_writes_for_programs_and_drafts_a_format_for_what_is_not_known() {
    let folder = Folder::of(&[
        ("odd.csv", "When,Pair,Side,Quantity,Flavour\n2026-01-01,BTCUSDT,BUY,1,x\n"),
        ("zz-calls.csv", "time,ip,operation\n2026-01-01 00:00:00,203.0.113.7,ping\n"),
    ]);
    let output = run(&["inspect", &folder.path.display().to_string(), "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["schema"], "loganalyze.inspect/v1");
    assert_eq!((&json["files"][0]["format"], &json["files"][0]["accepted"]), (&"api-call-log".into(), &1.into()));
    let stub = json["unreadable"][0]["stub"].as_str().unwrap();
    assert!(stub.contains("\"Quantity\" = \"quantity\"") && stub.contains("\"Flavour\" = \"\"   # ?"), "{stub}");
}

#[test]
fn a_stub_saved_as_it_is_reads_the_file_that_it_was_made_for() {
    let fills = "When;Coin pair;B/S;Qty;Rate;Order\n2026-11-01 10:00:00;BTC/USDT;B;0.5;90000;o1\n";
    let folder = Folder::of(&[("odd.csv", fills)]);
    let path = folder.path.to_str().unwrap();
    let inspect = || {
        let output = run(&["inspect", path]);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    // Nothing can be read, and what to do about it is said all the same.
    let (code, text) = inspect();
    assert_eq!(code, Some(3), "{text}");
    let stub: String =
        text.lines().filter_map(|line| line.strip_prefix("    ")).map(|line| format!("{line}\n")).collect();
    assert!(stub.contains("table = \"trades\""), "{text}");
    folder.write("odd.format.toml", stub.as_bytes());
    let (code, text) = inspect();
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("1 = 1 accepted"), "{text}");
}
