//! The evidence as it lies on disk: which files there are, their bytes, hashes and text. Nothing is ever written.

mod text;
mod walk;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use text::{Text, decode};
pub use walk::walk;

/// A file that was found below one of the paths given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its path relative to the parent of the path given, with `/` between the parts.
    pub shown: String,
    /// Where it is.
    pub path: PathBuf,
    /// Why it cannot be read, when that is known without opening it.
    pub refused: Option<String>,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path as shown in reports.
    pub shown: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
}

/// Reads a file and hashes what was read.
///
/// # Errors
/// The reason in words, when it cannot be read.
pub fn read(found: &Found) -> Result<File, String> {
    if let Some(reason) = &found.refused {
        return Err(reason.clone());
    }
    let bytes = std::fs::read(&found.path).map_err(|error| format!("cannot be read: {error}"))?;
    let sha256 = sha256(&bytes);
    Ok(File { shown: found.shown.clone(), bytes, sha256 })
}

/// The SHA-256 of some bytes, in hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The last part of a shown path.
pub fn file_name(shown: &str) -> &str {
    shown.rsplit('/').next().unwrap_or(shown)
}

/// A path relative to the parent of `root`, so that equal folders give equal reports.
pub fn shown_path(root: &Path, path: &Path) -> String {
    let name = match root.file_name() {
        Some(name) => name.to_os_string(),
        None => root.canonicalize().ok().and_then(|full| full.file_name().map(Into::into)).unwrap_or_default(),
    };
    let below = path.strip_prefix(root).unwrap_or(Path::new(""));
    let parts = std::iter::once(name.to_string_lossy().into_owned())
        .chain(below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}
