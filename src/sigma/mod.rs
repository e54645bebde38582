//! Rules of the user's own, in Sigma (specification 2.1): detections, correlations and filters over the canonical tables.
//!
//! ```text
//! yaml → read (rules, correlations, filters) → plan (polars expressions) → run (matching records, hits of rules)
//! ```
//!
//! What is not supported is named with its line and never passed over: `loganalyze rules check` lists it, and a report with
//! such a rule names the rule as failed and goes on with the others.

mod calls;
mod condition;
mod correlate;
mod detection;
mod encoding;
mod fields;
mod listing;
mod matcher;
mod plan;
mod read;
mod run;
mod yaml;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure};
use crate::rules::Rule;
use crate::sources::sha256;
use crate::tables::Table;

pub use calls::{MatchedCalls, Question};
use condition::Condition;
use correlate::Correlation;
use fields::Field;
pub use listing::{check, list};
use matcher::Match;
pub use run::{UserHits, run};

/// The ids of these rules begin so.
pub const PREFIX: &str = "sigma-";

/// What is wrong with a file of rules, or not supported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

/// A rule that looks at single records.
#[derive(Clone)]
pub struct Detection {
    /// What is found, in the words of built-in rules.
    pub rule: &'static Rule,
    /// By what names correlations and filters refer to it.
    pub names: Vec<String>,
    /// The table whose records it looks at.
    pub table: Table,
    /// What a record must be like.
    pub condition: Condition<Match>,
    /// Fields that correlations group or count by, by name.
    pub kept: Vec<(String, Field)>,
    /// Whether what it finds is a finding by itself, or only of use to correlations.
    pub reports: bool,
}

impl Detection {
    /// The columns it looks at or keeps.
    pub fn columns(&self) -> BTreeSet<&'static str> {
        let mut columns: BTreeSet<&'static str> = self.kept.iter().map(|(_, field)| field.column).collect();
        self.condition.each(&mut |part| match part.fields() {
            fields if fields.is_empty() => columns.extend(fields::texts(self.table)),
            fields => columns.extend(fields.iter().map(|field| field.column)),
        });
        columns
    }
}

/// A rule that could not be understood whole.
#[derive(Clone)]
pub struct Refused {
    /// It, as far as it was understood.
    pub rule: &'static Rule,
    /// Its file.
    pub file: String,
    /// What is not supported or wrong.
    pub faults: Vec<Fault>,
}

/// All rules of the user's own.
#[derive(Clone, Default)]
pub struct UserRules {
    /// Rules over single records.
    pub detections: Vec<Detection>,
    /// Rules over several records.
    pub correlations: Vec<Correlation>,
    /// Rules that are not run.
    pub refused: Vec<Refused>,
    /// The files they were read from.
    pub files: Vec<RuleFile>,
}

/// A file of rules.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

impl UserRules {
    /// The files they were read from.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Whether any rule looks at calls.
    pub fn look_at_calls(&self) -> bool {
        self.detections.iter().any(|detection| detection.table == Table::Calls)
    }
}

/// Reads the rules of files, and of the files ending in `.yml` or `.yaml` in folders.
///
/// # Errors
/// When a file cannot be read or is no YAML.
pub fn open(paths: &[PathBuf]) -> Result<UserRules, Failure> {
    let usage = |path: &Path, message: String| Failure::new(Exit::Usage, format!("{}{message}", path.display()));
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(|error| usage(path, format!(": {error}")))?;
            let inside = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
            let is_rules = |path: &PathBuf| path.extension().is_some_and(|end| end == "yml" || end == "yaml");
            let mut inside: Vec<PathBuf> = inside.filter(is_rules).collect();
            inside.sort();
            files.extend(inside);
        } else {
            files.push(path.clone());
        }
    }
    let (mut documents, mut read) = (Vec::new(), Vec::new());
    for path in &files {
        let text = std::fs::read_to_string(path).map_err(|error| usage(path, format!(": {error}")))?;
        let name = path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        let nodes = yaml::parse(&text).map_err(|fault| usage(path, format!(":{}: {}", fault.line, fault.message)))?;
        documents.extend(nodes.into_iter().map(|node| (name.clone(), node)));
        read.push(RuleFile { path: path.clone(), name, sha256: sha256(text.as_bytes()) });
    }
    Ok(UserRules { files: read, ..read::rules(&documents) })
}
