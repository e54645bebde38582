//! The files that expectations name: lists and databases of addresses under `[intel]`, tables under `[reference]`. Their
//! paths are relative to the folder of the expectations.

use std::path::Path;

use super::Expectations;
use super::build::ExpectationsError;
use crate::intel::{self, Database, List};
use crate::reference;
use crate::sources::sha256;

/// What a named file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A list of addresses.
    List(intel::Kind),
    /// A MaxMind database.
    Database,
    /// A table of facts about exchanges.
    Table(reference::Kind),
}

/// A file that the expectations name.
#[derive(Clone, Debug)]
pub struct NamedFile {
    /// What it is for.
    pub purpose: Purpose,
    /// Its path as written.
    pub path: String,
    /// Where it is named: `expected.toml:90:7`.
    pub place: String,
    /// The SHA-256 of its bytes, once it is read.
    pub sha256: Option<String>,
}

impl Expectations {
    /// Reads the files that are named.
    ///
    /// # Errors
    /// Every one that cannot be read or holds what it should not, with file and line.
    pub fn load(&mut self, folder: &Path) -> Result<(), ExpectationsError> {
        let mut errors = Vec::new();
        let mut files = std::mem::take(&mut self.files);
        // What is named first is looked at first.
        for file in files.iter_mut().rev() {
            let read = std::fs::read(folder.join(&file.path)).map_err(|error| format!("{}: {error}", file.path));
            let taken = read.and_then(|bytes| {
                file.sha256 = Some(sha256(&bytes));
                self.take(file, bytes)
            });
            errors.extend(taken.err().map(|message| format!("{}: {message}", file.place)));
        }
        self.files = files;
        errors.reverse();
        if errors.is_empty() { Ok(()) } else { Err(ExpectationsError(errors)) }
    }

    fn take(&mut self, file: &NamedFile, bytes: Vec<u8>) -> Result<(), String> {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(|_| format!("{}: is not text", file.path));
        let at = |(line, message): (usize, String)| format!("{}:{line}: {message}", file.path);
        match file.purpose {
            Purpose::List(kind) => {
                let list = List::parse(&text(bytes)?).map_err(at)?;
                let known = self.intel.lists.remove(&kind).unwrap_or_default();
                self.intel.lists.insert(kind, known.join(list));
            }
            Purpose::Database => {
                let database = Database::parse(bytes).map_err(|message| format!("{}: {message}", file.path))?;
                self.intel.databases.insert(0, database);
            }
            Purpose::Table(kind) => self.reference.add(kind, &text(bytes)?).map_err(at)?,
        }
        Ok(())
    }
}
