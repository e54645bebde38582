//! An earlier report to compare with: which findings are new, which persist, and which are gone.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::exit::{Exit, Failure};
use crate::report::SCHEMA;
use crate::sources::sha256;

/// An earlier report, as far as it is compared.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The name of its file.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// The instant it speaks of.
    pub as_of: String,
    /// Its findings, by fingerprint.
    pub findings: BTreeMap<String, Earlier>,
}

/// A finding of an earlier report.
#[derive(Clone, Debug, Deserialize)]
pub struct Earlier {
    id: String,
    /// Its rule.
    pub rule: String,
    /// How bad it was.
    pub severity: String,
    /// What it said.
    pub message: String,
}

#[derive(Deserialize)]
struct Old {
    schema: String,
    run: OldRun,
    findings: Vec<Earlier>,
}

#[derive(Deserialize)]
struct OldRun {
    as_of: String,
}

/// Reads the JSON of an earlier report.
///
/// # Errors
/// When it is none.
pub fn read(path: &Path) -> Result<Baseline, Failure> {
    let wrong = |message: String| Failure::new(Exit::Usage, format!("--baseline {}: {message}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let old: Old = serde_json::from_str(&text)
        .map_err(|error| wrong(format!("not the JSON of a report (--output json=FILE): {error}")))?;
    if old.schema != SCHEMA {
        return Err(wrong(format!("its schema is `{}`; this program compares `{SCHEMA}`", old.schema)));
    }
    let name = path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let findings = old.findings.into_iter().map(|finding| (finding.id.clone(), finding)).collect();
    Ok(Baseline { name, sha256: sha256(text.as_bytes()), as_of: old.run.as_of, findings })
}
