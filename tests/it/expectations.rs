//! `expected.toml`: every name that may occur, and errors that help.

use loganalyze::expectations::{KeyId, parse};

use crate::folder::project;

fn errors(text: &str) -> String {
    parse(text, "expected.toml", String::new()).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn the_full_example_is_read() {
    let text = std::fs::read_to_string(project("data/expectations/full.toml")).unwrap();
    let expectations = parse(&text, "full.toml", String::new()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((expectations.networks.len(), expectations.tools.len(), expectations.keys.len()), (3, 2, 2));
    assert_eq!(expectations.suppressions.len(), 1);
}

#[test]
fn the_full_example_holds_every_name() {
    // Taking a name away from the example must leave it valid, misspelling it must not: so all of them are checked names.
    let text = std::fs::read_to_string(project("data/expectations/full.toml")).unwrap();
    let mut names = 0;
    for (at, line) in text.lines().enumerate() {
        let Some((name, _)) = line.split_once(" = ") else { continue };
        if line.starts_with('#') || name.contains(' ') {
            continue;
        }
        names += 1;
        let wrong: Vec<String> = text
            .lines()
            .enumerate()
            .map(|(n, l)| if n == at { l.replacen(name, &format!("{name}x"), 1) } else { l.to_owned() })
            .collect();
        let message = errors(&wrong.join("\n"));
        assert!(message.contains(&format!(":{}:", at + 1)), "line {}: {message}", at + 1);
    }
    assert!(names > 50, "{names}");
}

#[test]
fn errors_name_the_line_and_what_to_write() {
    let files = [
        "version = 1\n[[suppress]]\nrule = \"log-gap\"\nreason = \"x\"\nuntil = 2026-12-01\n",
        "version = 1\n[[netwrok]]\nname = \"a\"\n",
        "version = 1\n[[network]]\nname = \"a\"\ncidrs = [\"203.0.113.7/33\", \"home\"]\n",
        "version = 1\n[[key]]\nname = \"a\"\nnetworks = [\"hme\"]\nallow = [\"trad\"]\n[[network]]\nname = \"home\"\ncidrs = [\"::1\"]\n",
        "version = 1\n[[key]]\nname = \"a\"\n",
        "version = 1\n[rules.ip-first-sen]\nseverity = \"low\"\n",
        "version = 1\n[rules.ip-first-seen]\nbaseline = 3\nseverity = \"hihg\"\n",
        "version = 1\n[[suppress]]\nrule = \"log-gap\"\nreason = \"\"\nuntil = \"tomorrow\"\n",
        "timezone = \"Mars\"\n",
        "version = 1\nkey = [\n",
    ];
    insta::assert_snapshot!(files.map(errors).join("\n"));
}

#[test]
fn keys_of_one_name_need_disjoint_validity() {
    let keys = |second: &str| {
        format!(
            "version = 1\n[defaults]\nrequire_ip = false\n[[key]]\nname = \"Bot\"\ndeleted_at = 2026-06-01T00:00:00Z\n[[key]]\nname = \"Bot\"\n{second}\n"
        )
    };
    assert!(
        errors(&keys("valid_from = 2026-05-01"))
            .starts_with("expected.toml:8:8: another key named `Bot` is valid at the same time")
    );
    assert!(parse(&keys("valid_from = 2026-06-01"), "expected.toml", String::new()).is_ok());
}

#[test]
fn masked_ids_fit_what_they_may_stand_for() {
    let fits = |a: &str, b: &str| KeyId::new(a).fits(&KeyId::new(b));
    assert!(fits("Xy12...9fQz", "Xy12…9fQz"));
    assert!(fits("Xy12***9fQz", "Xy12abcdefghijklmn9fQz"));
    assert!(fits("Xy1…Qz", "Xy12***9fQz"));
    for mask in ["Xy12 ... 9fQz", "Xy12••••9fQz", "XXXXXXXX9fQz", "Xy12xxxxxxxx9fQz", "Xy12----9fQz", "****9fQz"]
    {
        assert!(fits("Xy12...9fQz", mask) && !fits("Xy12...9fQa", mask), "{mask}");
    }
    assert!(KeyId::shows("EWBA...cXBU") && !KeyId::shows("hidden") && !KeyId::shows("****"));
    assert!(!fits("Xy12...9fQz", "Xy13...9fQz"));
    assert!(!fits("Xy12...9fQz", "Xy12...9fQa"));
    assert!(!fits("X…z", "Y…z"));
    assert!(!fits("…", "Xy12abcdefgh9fQz"), "a mask that shows nothing fits nothing");
    assert!(!fits("abc", "abcd"));
}
