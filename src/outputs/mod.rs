//! Writers of the report: one file each. They only write what the report holds; nothing is decided here.

mod assets;
mod episodes;
mod json;
mod page;
mod printable;
mod terminal;
mod unchecked;
mod unrecognized;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure};
use crate::report::Report;
use crate::rules::Severity;

pub use printable::{printable, wrap};

/// Every output, in the order users see.
pub static ALL: &[&Output] = &[&terminal::OUTPUT, &json::OUTPUT];

/// The width of the terminal report when it is not written to a terminal.
pub const PIPE_WIDTH: usize = 100;

/// A way to write the report.
pub struct Output {
    /// Its name in `--output`.
    pub id: &'static str,
    /// What it is for.
    pub title: &'static str,
    /// Writes it.
    pub write: fn(&Report, &Look, &mut dyn Write) -> io::Result<()>,
}

/// How a report for people looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to colour.
    pub color: bool,
    /// Whether to show ids, addresses and names whole.
    pub full: bool,
    /// Findings below are hidden.
    pub min_severity: Severity,
}

/// An `--output KIND[=FILE]`.
#[derive(Clone)]
pub struct OutputRequest {
    /// What to write.
    pub kind: OutputKind,
    /// Where; standard output without it.
    pub file: Option<PathBuf>,
}

/// One of [`ALL`].
#[derive(Clone, Copy)]
pub struct OutputKind(pub &'static Output);

impl Default for OutputKind {
    fn default() -> Self {
        Self(ALL[0])
    }
}

impl std::fmt::Debug for OutputKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.id)
    }
}

impl std::fmt::Debug for OutputRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}={:?}", self.kind, self.file)
    }
}

impl OutputRequest {
    /// Reads `KIND` or `KIND=FILE`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (kind, file) = match text.split_once('=') {
            Some((kind, file)) if !file.is_empty() => (kind, Some(PathBuf::from(file))),
            Some((kind, _)) => return Err(format!("`--output {text}`: name a file after `{kind}=`")),
            None => (text, None),
        };
        let known = ALL.iter().find(|output| output.id == kind);
        let names = || ALL.iter().map(|output| output.id).collect::<Vec<_>>().join(", ");
        let kind =
            known.ok_or_else(|| format!("`--output {text}`: there is no output `{kind}`; there are {}", names()))?;
        Ok(Self { kind: OutputKind(kind), file })
    }
}

/// Refuses requests that cannot be met, before any work is done.
///
/// # Errors
/// Two outputs for standard output, one file named twice, or a file that exists and is not to be replaced.
pub fn check(requests: &[OutputRequest], force: bool) -> Result<(), Failure> {
    let usage = |message: String| Err(Failure::new(Exit::Usage, message));
    if requests.iter().filter(|request| request.file.is_none()).count() > 1 {
        return usage("only one --output can go to standard output: write the others as KIND=FILE".to_owned());
    }
    for (at, request) in requests.iter().enumerate() {
        let Some(file) = &request.file else { continue };
        if requests[..at].iter().any(|other| other.file.as_ref() == Some(file)) {
            return usage(format!("{}: named by two outputs", file.display()));
        }
        if file.exists() && !force {
            return usage(format!("{}: exists already; use --force to replace it", file.display()));
        }
    }
    Ok(())
}

/// Writes all outputs of a run.
///
/// # Errors
/// When one cannot be written; a reader that closes its pipe is no error.
pub fn write_all(report: &Report, requests: &[OutputRequest], look: &Look, force: bool) -> Result<(), Failure> {
    check(requests, force)?;
    for request in requests {
        // Files get the same bytes whatever the terminal.
        let plain = Look { width: PIPE_WIDTH, color: false, ..*look };
        let look = if request.file.is_some() { &plain } else { look };
        let name = request.file.as_ref().map_or("standard output".to_owned(), |file| file.display().to_string());
        let write = |out: &mut dyn Write| (request.kind.0.write)(report, look, out);
        let written = match &request.file {
            None => to_stdout(write),
            Some(file) => atomically(file, write),
        };
        written.map_err(|error| Failure::new(Exit::Failed, format!("{name}: {error}")))?;
    }
    Ok(())
}

/// Writes a text to standard output.
///
/// # Errors
/// When it cannot be written; a reader that closes its pipe is no error.
pub fn print(text: &str) -> Result<(), Failure> {
    to_stdout(|out| out.write_all(text.as_bytes()))
        .map_err(|error| Failure::new(Exit::Failed, format!("standard output: {error}")))
}

/// Writes a file that is no report; an existing one is replaced only with `force`.
///
/// # Errors
/// When it exists or cannot be written.
pub fn write_new(file: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    if file.exists() && !force {
        return Err(Failure::new(
            Exit::Usage,
            format!("{}: exists already; use --force to replace it", file.display()),
        ));
    }
    atomically(file, |out| out.write_all(bytes))
        .map_err(|error| Failure::new(Exit::Failed, format!("{}: {error}", file.display())))
}

/// What is handed on at a time.
const PART: usize = 1 << 16;

fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    match buffered(io::stdout().lock(), write) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map(drop),
    }
}

/// Writes in parts of a size worth it. Gives what was written to.
fn buffered<W: Write>(out: W, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<W> {
    let mut out = BufWriter::with_capacity(PART, out);
    write(&mut out)?;
    out.flush()?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

/// Writes a file under a temporary name beside it, then renames it: a killed run leaves the old file or none. A pipe or a
/// device is written as it is: a file in its place would break whoever uses it.
fn atomically(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if fs::metadata(file).is_ok_and(|known| !known.is_file() && !known.is_dir()) {
        return fs::OpenOptions::new().write(true).open(file).and_then(|out| buffered(out, write)).map(drop);
    }
    let folder = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = file.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "names no file"))?;
    let temporary = folder.join(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
    let written = fs::File::create(&temporary)
        .and_then(|out| buffered(out, write)?.sync_all())
        .and_then(|()| fs::rename(&temporary, file));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}
