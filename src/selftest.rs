//! `loganalyze selftest`: a made-up theft with known answers, built in, so that the program can be tried on a machine before
//! it is trusted with evidence (SWGDE and NIST CFTT ask for that). Nothing is read from disk or written.

use std::fmt::Write;
use std::path::PathBuf;

use crate::analyze::{Asked, examine};
use crate::decimal::Decimal;
use crate::evidence::Evidence;
use crate::exit::{Exit, Failure};
use crate::expectations;
use crate::ingest::{Reading, export};
use crate::progress::Progress;
use crate::report::Report;
use crate::settings::Bounds;
use crate::sigma::UserRules;
use crate::sources::{File, sha256};

/// The theft: its exports and its owner's expectations.
const FILES: &[(&str, &[u8])] = &[
    (
        "Binance-C2C-Order-History-202611201903(UTC+2)_7b1c9e05.csv",
        include_bytes!("../data/sample/Binance-C2C-Order-History-202611201903(UTC+2)_7b1c9e05.csv"),
    ),
    (
        "Binance-Spot-Order-History-202611201903(UTC+2)-part1-of1.csv",
        include_bytes!("../data/sample/Binance-Spot-Order-History-202611201903(UTC+2)-part1-of1.csv"),
    ),
    (
        "Binance-Spot-Trade-History-202611201903(UTC+2)_7b1c9e04.csv",
        include_bytes!("../data/sample/Binance-Spot-Trade-History-202611201903(UTC+2)_7b1c9e04.csv"),
    ),
    (
        "Binance-Withdraw-History-202611201903(UTC+2)_7b1c9e06.csv",
        include_bytes!("../data/sample/Binance-Withdraw-History-202611201903(UTC+2)_7b1c9e06.csv"),
    ),
    ("api-calls.csv", include_bytes!("../data/sample/api-calls.csv")),
    ("api-keys.csv", include_bytes!("../data/sample/api-keys.csv")),
];
const EXPECTED: &str = include_str!("../data/sample/expected.toml");

/// The address the thief called from, and how many orders he placed.
const THIEF: (&str, usize) = ("198.51.100.77", 70);
/// The SHA-256 of `abc`, as FIPS 180-4 gives it.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// Runs the checks and says what was checked.
///
/// # Errors
/// When one of them fails.
pub fn selftest() -> Result<String, Failure> {
    let (alone, together) = (run(1, 1 << 12)?, run(4, 1 << 20)?);
    let unknown: Vec<&str> =
        alone.ips.iter().filter(|ip| ip.verdict == "unrecognized").map(|ip| ip.ip.as_str()).collect();
    let orders = &alone.orders.unrecognized;
    let adds_up = |report: &Report| {
        let whole = |s: &crate::report::SourceInfo| s.records == s.accepted + s.duplicate + s.rejected + s.skipped;
        report.sources.iter().all(whole)
    };
    let found = |rule: &str| alone.findings.iter().any(|finding| finding.rule == rule);
    let json = |report: &Report| serde_json::to_string(report).unwrap_or_default();
    let checks = [
        ("SHA-256 gives the published value for a known text", sha256(b"abc") == ABC),
        (
            "decimals are exact",
            Decimal::parse(b"0.10000000000000000001").is_ok_and(|d| d.0 == 10_000_000_000_000_000_001),
        ),
        ("every file of the made-up theft is read", alone.sources.len() == FILES.len() && alone.rejected.is_empty()),
        ("each source's record ledger adds up", adds_up(&alone)),
        ("the thief's address is not recognized, and no other", unknown == [THIEF.0]),
        ("his orders are not recognized, and no other", orders.len() == THIEF.1),
        ("each of them names his call", orders.iter().all(|o| o.ip.as_deref() == Some(THIEF.0) && o.call.is_some())),
        ("the withdrawal to his address is found", found("withdraw-new-address")),
        ("calls with the deleted key are found", found("key-use-after-delete")),
        ("the verdict is findings, critical, exit code 14", alone.verdict.exit_code == 14),
        ("one thread and four give the same report, byte for byte", json(&alone) == json(&together)),
    ];
    let mut text = String::new();
    for (what, holds) in checks {
        let _ = writeln!(text, "{}  {what}", if holds { "ok    " } else { "FAILED" });
    }
    match checks.iter().filter(|(_, holds)| !holds).count() {
        0 => Ok(format!("{text}{} of {} checks passed\n", checks.len(), checks.len())),
        failed => Err(Failure::new(Exit::Failed, format!("{failed} of {} checks failed\n{text}", checks.len()))),
    }
}

fn run(jobs: usize, block: usize) -> Result<Report, Failure> {
    let broken = |message: String| Failure::new(Exit::Failed, format!("the built-in incident: {message}"));
    let expectations = expectations::parse(EXPECTED, "sample/expected.toml", sha256(EXPECTED.as_bytes()));
    let expectations = expectations.map_err(|error| broken(error.to_string()))?;
    let mut exports = Vec::new();
    for (name, bytes) in FILES {
        let file = File {
            shown: format!("sample/{name}"),
            path: PathBuf::new(),
            size: bytes.len() as u64,
            head: bytes.to_vec(),
            member: None,
            workbook: None,
        };
        exports.push(export::open(file, &[], &[], true).map_err(|fault| broken(format!("{name}: {}", fault.reason)))?);
    }
    let asked = Asked {
        expectations: Some(&expectations),
        bounds: Bounds::default(),
        rules: &UserRules::default(),
        baseline: None,
        reading: Reading { jobs, block, hash: true, ..Reading::default() },
        strict: true,
    };
    examine(Evidence { exports, unreadable: Vec::new(), unknown: Vec::new() }, &asked, &Progress::new(true))
}
