//! A key that a scanner for leaked secrets tries.

use polars::prelude::*;

use super::call_rows::call_rows;
use super::plan::frame;
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::reference::{ClientKind, Reference};
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "ua-secret-scanner",
    title: "key tried by a scanner for leaked secrets",
    severity: "high",
    confidence: Confidence::High,
    subject: Subject::Client,
    message: "{count:call} with key {key} by {scanner} from {ip}: the key stands where such scanners look",
    needs: &[Table::Calls],
    needs_expectations: false,
    why: "Scanners try what they find in public code and files; a key that one of them holds is public.",
    logic: "A call of the window, whatever came of it, whose client is of a known scanner by the table of clients (TruffleHog, Gitleaks, KeyHacks, Nuclei).",
    benign: &["you, or your company, scanned your own code"],
    next: &[Step::DeleteKey, Step::RotateAll],
    sources: "SigmaHQ aws_sts_getcalleridentity_trufflehog (medium)",
    thresholds: &[],
    plan,
};

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let reference = data.expectations.map_or(Reference::built_in(), |e| &e.reference);
    let mut hits = Vec::new();
    for row in call_rows(data)?.iter().filter(|row| data.window.holds(row.tally.first)) {
        if let Some(scanner) = reference.client(row.client()).filter(|client| client.kind == ClientKind::Scanner) {
            let details = [row.key, &scanner.name, row.ip(), row.client()].map(str::to_owned);
            hits.push(row.hit(&scanner.name, Severity::High, details.to_vec()));
        }
    }
    frame(&hits, &["key", "scanner", "ip", "client"])
}
