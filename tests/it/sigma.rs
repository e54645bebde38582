//! Rules of the user's own: what they find, and what is named that they may not say.

use loganalyze::ingest::Reading;
use loganalyze::rules::Severity;
use loganalyze::settings::Settings;
use loganalyze::sigma;

use crate::account::{DRAIN_ORDERS, FOREIGN_IP, Incident, Plan, account};
use crate::folder::{Folder, project, report};

/// Orders: second of the day, pair, side, amount, price, status.
const ORDERS: &[(u32, &str, &str, &str, &str, &str)] = &[
    (0, "BTCUSDT", "BUY", "0.5", "100", "FILLED"),
    (60, "ETHUSDT", "SELL", "2", "10", "FILLED"),
    (120, "BTCEUR", "SELL", "0.25", "200", "CANCELED"),
    (180, "AKROUSDT", "BUY", "1000", "0.25", "FILLED"),
    (3600, "AKROUSDT", "BUY", "2000", "0.5", "FILLED"),
];

fn orders() -> String {
    let mut text =
        "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n"
            .to_owned();
    for (at, (second, pair, side, amount, price, status)) in ORDERS.iter().enumerate() {
        let quote = if pair.ends_with("EUR") { "EUR" } else { "USDT" };
        let time = format!("2026-11-15 {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        text.push_str(&format!(
            "{time},{},{pair},Limit,{side},{price},{amount},{time},{amount},{price},1{quote},{status}\n",
            at + 1
        ));
    }
    text
}

fn folder(rules: &str) -> (Folder, Settings) {
    let folder =
        Folder::of(&[("Binance-Spot-Order-History-202611160000(UTC+0)-part1-of1.csv", &orders()), ("mine.yml", rules)]);
    let settings = Settings { rules: vec![folder.path.join("mine.yml")], ..folder.settings() };
    (folder, settings)
}

/// The records that rules named `sigma-…` find, by rule and subject.
fn found(rules: &str) -> Vec<(String, String, Vec<u64>)> {
    let (_folder, settings) = folder(rules);
    let report = report(&settings).unwrap_or_else(|failure| panic!("{}", failure.message));
    let failed: Vec<&String> = report.verdict.reasons.iter().filter(|reason| reason.contains("failed")).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(report.unreadable.is_empty(), "{:?}", report.unreadable);
    assert!(report.run.files.iter().any(|file| file.purpose == "rules" && file.sha256.len() == 64));
    report
        .findings
        .iter()
        .filter(|finding| finding.rule.starts_with(sigma::PREFIX))
        .map(|f| (f.rule.to_owned(), f.subject.value.clone(), f.evidence.iter().map(|e| e.record).collect()))
        .collect()
}

fn rule(detection: &str) -> String {
    format!("title: It\nlogsource: {{product: exchange, service: orders}}\ndetection:\n{detection}\n")
}

/// The records a detection finds, over all subjects.
fn records(detection: &str) -> Vec<u64> {
    let mut records: Vec<u64> = found(&rule(detection)).into_iter().flat_map(|(.., records)| records).collect();
    records.sort_unstable();
    records
}

#[test]
fn detections_find_the_records_they_describe() {
    for (detection, expected) in [
        // Texts: whatever their case, with wildcards, in parts.
        ("  a: {Symbol: btcusdt}\n  condition: a", vec![1]),
        ("  a: {Symbol|cased: btcusdt}\n  condition: a", vec![]),
        ("  a: {Symbol: BTC*}\n  condition: a", vec![1, 3]),
        ("  a: {Symbol: '???USDT'}\n  condition: a", vec![1, 2]),
        ("  a: {Symbol: 'BTC\\*'}\n  condition: a", vec![]),
        ("  a: {Symbol|endswith: [EUR, HUSDT]}\n  condition: a", vec![2, 3]),
        ("  a: {Symbol|startswith: akro}\n  condition: a", vec![4, 5]),
        ("  a: {Symbol|contains|all: [USD, ETH]}\n  condition: a", vec![2]),
        ("  a: {Symbol|contains: [EUR, ETH]}\n  condition: a", vec![2, 3]),
        ("  a: {Symbol|neq: AKROUSDT}\n  condition: a", vec![1, 2, 3]),
        ("  a: {Symbol|re: '^(BTC|ETH)U'}\n  condition: a", vec![1, 2]),
        ("  a: {Symbol|re: '^btc'}\n  condition: a", vec![]),
        ("  a: {Symbol|re|i: '^btc'}\n  condition: a", vec![1, 3]),
        // Numbers are exact, and compared as such.
        ("  a: {OrderQty|gt: 0.25, OrderQty|lte: 2}\n  condition: a", vec![1, 2]),
        ("  a: {OrderQty: 0.25}\n  condition: a", vec![3]),
        ("  a: {Price|gte: 0.5, Price|lt: 100}\n  condition: a", vec![2, 5]),
        (
            "  a: {'@timestamp|gte': '2026-11-15T00:02:00Z', '@timestamp|lt': '2026-11-15 01:00:00'}\n  condition: a",
            vec![3, 4],
        ),
        // Parts of a time, in UTC.
        ("  a: {'@timestamp|hour': 1}\n  condition: a", vec![5]),
        (
            "  a: {'@timestamp|minute|gte': 2, '@timestamp|day': 15, '@timestamp|year': 2026}\n  condition: a",
            vec![3, 4],
        ),
        (
            "  a: {'@timestamp|week': 46, '@timestamp|month|lt': 12, '@timestamp|hour|neq': 1}\n  condition: a",
            vec![1, 2, 3, 4],
        ),
        // Encoded values, and dashes for each other.
        ("  a: {Symbol|base64offset: USDT}\n  condition: a", vec![]),
        ("  a: {OrderID|windash: 1, Symbol|windash|startswith: btc}\n  condition: a", vec![1]),
        // What is there and what is not.
        ("  a: {api.key|exists: true}\n  condition: a", vec![]),
        ("  a: {loganalyze.verdict: not-covered, Side: SELL}\n  condition: a", vec![2, 3]),
        ("  a: {api.key: null, Side: SELL}\n  condition: a", vec![2, 3]),
        ("  a: {price|fieldref: average_price, Side: SELL}\n  condition: a", vec![2, 3]),
        // Lists, words, conditions.
        ("  a:\n    - Symbol: BTCEUR\n    - {Side: BUY, OrderQty|gte: 2000}\n  condition: a", vec![3, 5]),
        ("  a: [cancel]\n  condition: a", vec![3]),
        ("  a: {'|all': [buy, akro]}\n  condition: a", vec![4, 5]),
        ("  a: {Side: BUY}\n  b: {Symbol: AKRO*}\n  condition: a and not b", vec![1]),
        ("  a: {Side: SELL}\n  b: {Symbol: BTC*}\n  c: {OrdStatus: FILLED}\n  condition: a or b and not c", vec![2, 3]),
        ("  a: {Side: SELL}\n  b: {Symbol: BTC*}\n  c: {OrdStatus: FILLED}\n  condition: (a or b) and not c", vec![3]),
        ("  s_a: {Side: SELL}\n  s_b: {Symbol: BTC*}\n  condition: all of s_*", vec![3]),
        ("  s_a: {Side: SELL}\n  s_b: {Symbol: BTC*}\n  condition: 1 of s_*", vec![1, 2, 3]),
        ("  a: {Side: SELL}\n  b: {Symbol: BTC*}\n  condition: all of them", vec![3]),
        ("  a: {Side: SELL}\n  b: {Symbol: AKRO*}\n  condition:\n    - a\n    - b", vec![2, 3, 4, 5]),
    ] {
        assert_eq!(records(detection), expected, "{detection}");
    }
}

const PARTS: &str = "title: Buy\nname: buy\nlogsource: {service: orders}\ndetection: {a: {Side: BUY}, condition: a}\n---\ntitle: Sell\nname: sell\nlogsource: {service: orders}\ndetection: {a: {Side: SELL}, condition: a}\n---\n";

fn correlated(correlation: &str) -> Vec<(String, Vec<u64>)> {
    let text = format!("{PARTS}title: Both\ncorrelation:\n{correlation}\n");
    let found = found(&text);
    assert!(
        found.iter().all(|(rule, ..)| rule == "sigma-both"),
        "parts are of use to the correlation alone: {found:?}"
    );
    found.into_iter().map(|(_, subject, records)| (subject, records)).collect()
}

fn only(subject: &str, records: &[u64]) -> Vec<(String, Vec<u64>)> {
    vec![(subject.to_owned(), records.to_vec())]
}

#[test]
fn correlations_find_what_belongs_together() {
    let all = "all records";
    let count = |least: u32, span: &str| {
        correlated(&format!(
            "  type: event_count\n  rules: [buy, sell]\n  timespan: {span}\n  condition: {{gte: {least}}}"
        ))
    };
    assert_eq!(count(4, "3m"), only(all, &[1, 2, 3, 4]));
    assert_eq!(count(4, "2m"), []);
    assert_eq!(count(5, "1h"), only(all, &[1, 2, 3, 4, 5]));
    let grouped =
        "  type: event_count\n  rules: [buy, sell]\n  group-by: [Symbol]\n  timespan: 1h\n  condition: {gt: 1}";
    assert_eq!(correlated(grouped), only("AKROUSDT", &[4, 5]));
    let values = |least: u32| {
        correlated(&format!(
            "  type: value_count\n  rules: [buy, sell]\n  timespan: 2m\n  condition: {{field: Symbol, gte: {least}}}"
        ))
    };
    assert_eq!(values(3), only(all, &[1, 2, 3, 4]), "two windows that share records are one");
    assert_eq!(values(4), []);
    let together = |kind: &str, rules: &str, span: &str| {
        correlated(&format!("  type: {kind}\n  rules: [{rules}]\n  timespan: {span}"))
    };
    assert_eq!(together("temporal", "buy, sell", "59s"), []);
    assert_eq!(together("temporal", "buy, sell", "60s"), only(all, &[1, 2, 3, 4]));
    assert_eq!(together("temporal_ordered", "buy, sell", "60s"), only(all, &[1, 2]));
    assert_eq!(together("temporal_ordered", "sell, buy", "60s"), only(all, &[3, 4]));
    assert_eq!(together("temporal_ordered", "sell, sell, buy", "2m"), only(all, &[2, 3, 4]));
}

#[test]
fn correlations_find_what_is_too_few_or_not_the_right_number() {
    let all = "all records";
    // Spans of three minutes that follow one another: the first four records, and the last alone.
    let count = |condition: &str| {
        correlated(&format!("  type: event_count\n  rules: [buy, sell]\n  timespan: 3m\n  condition: {{{condition}}}"))
    };
    assert_eq!(count("lt: 4"), only(all, &[5]));
    assert_eq!(count("lte: 4"), only(all, &[1, 2, 3, 4, 5]));
    assert_eq!(count("eq: 4"), only(all, &[1, 2, 3, 4]));
    assert_eq!(count("neq: 4"), only(all, &[5]));
    assert_eq!(count("gt: 1, lt: 4"), []);
    let values = |condition: &str| {
        correlated(&format!(
            "  type: value_count\n  rules: [buy, sell]\n  timespan: 2m\n  condition: {{field: Symbol, {condition}}}"
        ))
    };
    assert_eq!(values("eq: 1"), only(all, &[4, 5]), "each alone in its span");
    assert_eq!(values("neq: 1"), only(all, &[1, 2, 3]));
    // The orders are known up to the stamp of their file: what would come after it is not.
    let late = |span: &str| {
        correlated(&format!("  type: event_count\n  rules: [buy, sell]\n  timespan: {span}\n  condition: {{lt: 6}}"))
    };
    assert_eq!(late("24h"), only(all, &[1, 2, 3, 4, 5]));
    assert_eq!(late("25h"), []);
}

#[test]
fn a_correlation_that_generates_leaves_its_parts_their_findings() {
    let text = format!(
        "{PARTS}title: Both\ncorrelation: {{type: temporal, rules: [buy, sell], timespan: 1h, generate: true}}\n"
    );
    let rules: Vec<String> = found(&text).into_iter().map(|(rule, ..)| rule).collect();
    assert!(rules.contains(&"sigma-buy".to_owned()) && rules.contains(&"sigma-both".to_owned()), "{rules:?}");
}

#[test]
fn filters_narrow_rules() {
    let filter = |rules: &str| {
        format!(
            "{}---\ntitle: Not Akro\nlogsource: {{service: orders}}\nfilter:\n  rules: {rules}\n  a: {{Symbol: AKRO*}}\n  condition: not a\n",
            rule("  a: {Side: BUY}\n  condition: a").replace("title: It", "title: It\nname: it")
        )
    };
    let records = |text: &str| found(text).into_iter().flat_map(|(.., records)| records).collect::<Vec<u64>>();
    assert_eq!(records(&filter("[it]")), [1]);
    assert_eq!(records(&filter("any")), [1]);
}

#[test]
fn findings_have_level_title_and_suppressions() {
    let text = format!("{}level: critical\n", rule("  a: {Symbol: AKRO*}\n  condition: a"));
    let (folder, settings) = folder(&text);
    folder.write(
        "expected.toml",
        b"version = 1\n[[suppress]]\nrule = \"sigma-it\"\nsymbol = \"AKROUSDT\"\nuntil = 2027-01-01\nreason = \"mine\"\n",
    );
    let report = report(&settings).unwrap();
    let finding = report.findings.iter().find(|finding| finding.rule == "sigma-it").unwrap();
    assert_eq!((finding.severity, finding.title, finding.count), (Severity::Critical, "It", 2));
    assert!(finding.suppressed.is_some());
}

#[test]
fn what_is_not_supported_is_named_with_its_line_and_the_rest_goes_on() {
    let bad = "title: Bad\nlogsource:\n  service: orders\ndetection:\n  a:\n    Symbol|expand: x\n    Simbol: y\n    Price|contains: 1\n    Symbol|re: '('\n    Symbol|cidr: home\n  condition: a or b\n";
    let text = format!("{}---\n{bad}", rule("  a: {Symbol: AKRO*}\n  condition: a"));
    let (folder, settings) = folder(&text);
    let failure = sigma::check(&settings.rules).unwrap_err();
    for message in [
        "mine.yml:12: sigma-bad: the modifier `expand` has no lists to take values from",
        "mine.yml:13: sigma-bad: orders have no field `Simbol`; did you mean `Symbol`?",
        "mine.yml:14: sigma-bad: `Price|contains`",
        "mine.yml:15: sigma-bad: `Symbol|re`: not a usable regular expression",
        "mine.yml:16: sigma-bad: `Symbol|cidr`: `home` is not a network",
        "mine.yml:17: sigma-bad: there is no `b` in the detection",
        "sigma-it: looks at orders",
    ] {
        assert!(failure.message.contains(message), "{message}\n{}", failure.message);
    }
    let report = report(&settings).unwrap();
    assert!(
        report.verdict.reasons.iter().any(|reason| reason.contains("rule sigma-bad failed: mine.yml:12:")),
        "{:?}",
        report.verdict.reasons
    );
    assert!(report.findings.iter().any(|finding| finding.rule == "sigma-it"));
    drop(folder);
}

#[test]
fn every_unsupported_shape_is_refused_with_a_reason() {
    let part = "title: P\nname: p\nlogsource: {service: orders}\ndetection: {a: {Side: BUY}, condition: a}\n---\n";
    for (text, message) in [
        ("title: x\n", "holds no rule"),
        ("title: x\nlogsource: {product: windows}\ndetection: {a: {Side: x}, condition: a}\n", "product `windows`"),
        ("title: x\nlogsource: {service: sales}\ndetection: {a: {Side: x}, condition: a}\n", "no table `sales`"),
        ("title: x\nlogsource: {service: orders}\ndetection: {a: {Side: x}}\n", "condition is missing"),
        (
            "title: x\nlogsource: {service: orders}\ndetection: {a: {Side: x}, condition: a | count() > 5}\n",
            "write a correlation",
        ),
        ("title: x\nlogsource: {service: orders}\ndetection: {a: {Symbol|wide: x}, condition: a}\n", "UTF-16 is bytes"),
        ("title: x\nlogsource: {service: orders}\ndetection: {a: {Symbol|hour: 1}, condition: a}\n", "holds no times"),
        (
            "title: x\nlogsource: {service: orders}\ndetection: {a: {'@timestamp|hour': x}, condition: a}\n",
            "not a whole number",
        ),
        (
            "title: x\nlogsource: {service: orders}\ndetection: {a: {Price|base64: 1}, condition: a}\n",
            "which are not encoded",
        ),
        (
            "title: x\nlogsource: {service: orders}\ndetection: {a: {Symbol|base64: x*}, condition: a}\n",
            "with wildcards cannot be encoded",
        ),
        (
            "title: x\nlogsource: {service: orders}\ndetection: {a: {'|windash': [a]}, condition: a}\n",
            "needs the name of a field",
        ),
        (
            "title: x\nlogsource: {service: orders}\ndetection: {a: {Symbol|re|base64: a}, condition: a}\n",
            "do not go together",
        ),
        (
            "title: x\nlogsource: {service: orders}\ndetection: {a: {Side: x}, condition: (a}\n",
            "parenthesis is not closed",
        ),
        (
            "title: x\nlogsource: {service: orders}\ndetection: {a: {Side: x}, condition: 2 of a*}\n",
            "`2 of` is not supported",
        ),
        (
            "title: x\nlevel: bad\nlogsource: {service: orders}\ndetection: {a: {Side: x}, condition: a}\n",
            "`level` must be",
        ),
        (
            &format!("{part}title: x\ncorrelation: {{type: value_sum, rules: [p], timespan: 1h}}\n"),
            "type `value_sum` is not supported",
        ),
        (
            &format!(
                "{part}title: x\ncorrelation: {{type: event_count, rules: [p], timespan: 1h, condition: {{near: 3}}}}\n"
            ),
            "`near` is not supported",
        ),
        (
            &format!(
                "{part}title: x\ncorrelation: {{type: event_count, rules: [p], timespan: 1h, condition: {{lt: 1}}}}\n"
            ),
            "no number of records satisfies this",
        ),
        (
            &format!(
                "{part}title: x\ncorrelation: {{type: event_count, rules: [q], timespan: 1h, condition: {{gte: 3}}}}\n"
            ),
            "no usable detection `q`",
        ),
        (
            &format!("{part}title: x\ncorrelation: {{type: temporal, rules: [p], timespan: soon}}\n"),
            "`timespan` must be",
        ),
        (
            &format!(
                "{part}title: x\ncorrelation: {{type: temporal, rules: [p], timespan: 1h, group-by: [http.request.method]}}\n"
            ),
            "no field `http.request.method`",
        ),
    ] {
        let folder = Folder::of(&[("mine.yml", text)]);
        let failure = sigma::check(&[folder.path.join("mine.yml")]).unwrap_err();
        assert!(failure.message.contains(message), "{text}\n{}", failure.message);
        assert_eq!(failure.exit.code(), 2);
    }
    let folder = Folder::of(&[("mine.yml", "a: [\n")]);
    assert!(
        sigma::check(&[folder.path.join("mine.yml")]).is_err_and(|failure| failure.message.contains("mine.yml:2:"))
    );
}

#[test]
fn what_is_wrong_with_a_correlation_is_named_where_it_stands() {
    let part = "title: P\nname: p\nlogsource: {service: orders}\ndetection: {a: {Side: BUY}, condition: a}\n---\n";
    for (wrong, place) in [
        ("type: value_sum\n  rules: [p]\n  timespan: 1h", ":8: sigma-x: the type `value_sum`"),
        ("type: temporal\n  rules: [p]\n  timespan: soon", ":10: sigma-x: `timespan` must be"),
        ("type: temporal\n  rules: [p]\n  group-by: [Sid]\n  timespan: 1h", ":10: sigma-x: sigma-p: orders have no"),
        ("type: temporal\n  rules: [p]\n  timespan: 1h\n  condition: p and p", ":11: sigma-x: a condition over rules"),
    ] {
        let folder = Folder::of(&[("mine.yml", &format!("{part}title: x\ncorrelation:\n  {wrong}\n"))]);
        let message = sigma::check(&[folder.path.join("mine.yml")]).unwrap_err().message;
        assert!(message.starts_with("1 rule cannot be run") && message.contains(place), "{message}");
    }
}

#[test]
fn the_examples_can_be_run() {
    let text = sigma::check(&[project("data/sigma/examples.yml")]).unwrap();
    assert_eq!(text.lines().count(), 7, "{text}");
    let rules = vec![project("data/sigma")];
    let report = report(&Settings { paths: vec![project("data/sample")], rules, ..Settings::default() }).unwrap();
    let count = |rule: &str| report.findings.iter().filter(|f| f.rule == rule).map(|f| f.count).sum::<u64>();
    assert_eq!(count("sigma-foreign-order"), 70, "the theft of the sample");
    assert!(sigma::list().contains("source.ip (ip)"));
}

/// A subject, how many calls, and the source and line of each.
type OnCalls = (String, u64, Vec<(u32, u64)>);

/// What a rule over calls finds in an account with a drain, whose call log is cut into so many files.
fn on_calls(rules: &str, parts: usize) -> Vec<OnCalls> {
    read_so(rules, parts, Reading::default())
}

/// The same, read in a certain way.
fn read_so(rules: &str, parts: usize, reading: Reading) -> Vec<OnCalls> {
    let folder = Folder::new();
    let drained = account(&Plan { incident: Incident::Drain, ..Plan::default() });
    drained.write(&folder.path).unwrap();
    let log = String::from_utf8(std::fs::read(folder.path.join("api-calls.csv")).unwrap()).unwrap();
    let (header, rows) = log.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    for (at, part) in rows.chunks(rows.len().div_ceil(parts)).enumerate() {
        let name = if at == 0 { "api-calls.csv".to_owned() } else { format!("api-calls-{at}.csv") };
        folder.write(&name, format!("{header}\n{}\n", part.join("\n")).as_bytes());
    }
    folder.write("mine.yml", rules.as_bytes());
    let settings = Settings { rules: vec![folder.path.join("mine.yml")], reading, ..folder.settings() };
    let report = report(&settings).unwrap_or_else(|failure| panic!("{}", failure.message));
    let failed: Vec<&String> = report.verdict.reasons.iter().filter(|reason| reason.contains("failed")).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let own = report.findings.iter().filter(|finding| finding.rule.starts_with(sigma::PREFIX));
    own.map(|f| (f.subject.value.clone(), f.count, f.evidence.iter().map(|e| (e.source, e.line)).collect())).collect()
}

fn call_rule(detection: &str) -> String {
    format!("title: It\nname: it\nlogsource: {{product: exchange, service: calls}}\ndetection:\n{detection}\n")
}

#[test]
fn rules_over_calls_see_every_call() {
    let foreign = "  order: {http.request.method: POST, url.path|endswith: /order, loganalyze.class: trade}\n  elsewhere: {loganalyze.ip_verdict: unrecognized}\n  condition: order and elsewhere";
    let found = on_calls(&call_rule(foreign), 1);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0.as_str(), found[0].1), (FOREIGN_IP, DRAIN_ORDERS as u64));
    let lines: Vec<u64> = found[0].2.iter().map(|(_, line)| *line).collect();
    assert!(lines.iter().all(|line| *line > 1) && lines.is_sorted(), "{lines:?}");
    let cut = on_calls(&call_rule(foreign), 3);
    assert_eq!((&cut[0].0, cut[0].1), (&found[0].0, found[0].1), "the same however the log is cut");
    let blocks = Reading { jobs: 3, block: 4096, ..Reading::default() };
    assert_eq!(read_so(&call_rule(foreign), 1, blocks), found, "the same however it is read");
    // Values of single calls, which the first reading does not keep.
    let sales = |side: &str| {
        let all = on_calls(
            &call_rule(&format!("  a: {{Symbol: AKROUSDT, Side: {side}, OrderQty|gt: 0}}\n  condition: a")),
            1,
        );
        all.iter().map(|(_, count, _)| count).sum::<u64>()
    };
    assert_eq!((sales("BUY"), sales("SELL")), (62, 0));
    assert_eq!(on_calls(&call_rule("  a: [no such words]\n  condition: a"), 1), []);
    let own = on_calls(&call_rule("  a: {event.outcome: success, source.ip|cidr: 203.0.113.0/24}\n  condition: a"), 1);
    assert!(own.len() == 1 && own[0].1 > 500, "{own:?}");
}

#[test]
fn correlations_over_calls_count_each_one() {
    let rules = |least: u32, span: &str| {
        let part = call_rule("  a: {loganalyze.class: trade}\n  condition: a");
        format!(
            "{part}---\ntitle: Burst\ncorrelation:\n  type: event_count\n  rules: [it]\n  group-by: [api.key, source.ip]\n  timespan: {span}\n  condition: {{gte: {least}}}\n"
        )
    };
    let burst = on_calls(&rules(50, "10m"), 2);
    assert_eq!(burst.len(), 1, "{burst:?}");
    assert_eq!((burst[0].0.as_str(), burst[0].1), ("3Commas-Spot, 198.51.100.77", 70));
    assert_eq!(on_calls(&rules(71, "10m"), 2), []);
}

#[test]
fn rules_over_orders_see_the_call_that_made_them() {
    let rule = |detection: &str| call_rule(detection).replace("service: calls", "service: orders");
    let akro = on_calls(
        &rule("  a: {source.ip: 198.51.100.77, Symbol: AKRO*, loganalyze.verdict: suspicious-source}\n  condition: a"),
        1,
    );
    assert_eq!((akro[0].0.as_str(), akro[0].1), ("AKROUSDT", 62));
    assert_eq!(on_calls(&rule("  a: {source.ip: 198.51.100.77, api.key: GridBot*}\n  condition: a"), 1), []);
}

#[test]
fn keys_are_looked_at_whenever_they_were_made_and_what_is_not_there_is_named() {
    let keys = "title: Trades\nlogsource: {service: keys}\ndetection: {a: {permissions|contains: trading, status: Enabled}, condition: a}\n";
    let found = on_calls(keys, 1);
    assert_eq!(found.iter().map(|(key, ..)| key.as_str()).collect::<Vec<_>>(), ["3Commas-Spot", "GridBot-Spot"]);
    let (_folder, settings) =
        folder("title: None\nlogsource: {service: events}\ndetection: {a: {action: x}, condition: a}\n");
    let report = report(&settings).unwrap();
    assert!(report.not_checked.iter().any(|item| item.what == "your rule sigma-none"), "{:?}", report.not_checked);
}
