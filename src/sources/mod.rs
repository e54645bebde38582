//! The evidence as it lies on disk: which files there are, their bytes, hashes and text. Nothing is ever written.

pub mod archive;
pub mod json;
mod text;
mod walk;
pub mod workbook;

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use archive::{Budget, Caps};
pub use text::{Text, decode, decode_assumed, is_wide};
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

/// So much of a file is read at least when it is opened, to find out what it is.
const HEAD: u64 = 64 << 10;

/// The bytes of a file.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// All of them.
    Memory(Vec<u8>),
    /// On disk, from a byte on.
    Disk {
        /// Where.
        path: PathBuf,
        /// How many bytes before them are left out.
        skip: u64,
    },
}

impl Bytes {
    /// Reads them from the first one.
    ///
    /// # Errors
    /// When the file cannot be opened any more.
    pub fn stream(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(match self {
            Self::Memory(bytes) => Box::new(bytes.as_slice()),
            Self::Disk { path, skip } => {
                let mut file = fs::File::open(path)?;
                file.seek(SeekFrom::Start(*skip))?;
                Box::new(file)
            }
        })
    }

    /// At most so many of the last ones.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn tail(&self, most: u64) -> io::Result<Vec<u8>> {
        match self {
            Self::Memory(bytes) => Ok(bytes[bytes.len().saturating_sub(most as usize)..].to_vec()),
            Self::Disk { path, skip } => {
                let mut file = fs::File::open(path)?;
                let size = file.seek(SeekFrom::End(0))?;
                file.seek(SeekFrom::Start(size.saturating_sub(most).max(*skip)))?;
                let mut tail = Vec::new();
                file.take(most).read_to_end(&mut tail)?;
                Ok(tail)
            }
        }
    }
}

/// A file that was opened.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path as shown in reports.
    pub shown: String,
    /// Where it is.
    pub path: PathBuf,
    /// Its name in the archive or workbook that it was taken from.
    pub member: Option<String>,
    /// Its size.
    pub size: u64,
    /// Its first bytes; all of them where they are few.
    pub head: Vec<u8>,
    /// The SHA-256 of the workbook that its text was made from.
    pub workbook: Option<String>,
}

impl File {
    /// Opens a file; one of up to `whole` bytes is read, of a longer one its head.
    ///
    /// # Errors
    /// The reason in words, when it cannot be read.
    pub fn open(found: &Found, whole: usize) -> Result<Self, String> {
        if let Some(reason) = &found.refused {
            return Err(reason.clone());
        }
        let mut head = Vec::new();
        let mut read = || -> io::Result<u64> {
            let file = fs::File::open(&found.path)?;
            let size = file.metadata()?.len();
            let most = HEAD.max(whole as u64);
            // One byte more than there are shows the end.
            head.reserve_exact(size.min(most) as usize + 1);
            file.take(most).read_to_end(&mut head)?;
            Ok(size.max(head.len() as u64))
        };
        let size = read().map_err(|error| format!("cannot be read: {error}"))?;
        Ok(Self { shown: found.shown.clone(), path: found.path.clone(), member: None, size, head, workbook: None })
    }

    /// Whether all of it was read.
    pub fn is_whole(&self) -> bool {
        self.member.is_some() || self.workbook.is_some() || self.head.len() as u64 == self.size
    }

    /// The name that says what it is: that in an archive, else its own.
    pub fn name(&self) -> &str {
        let own = file_name(&self.shown);
        match &self.member {
            Some(member) if self.workbook.is_none() || member.contains('.') => file_name(member),
            _ => own,
        }
    }

    /// The same without bytes.
    fn clone_empty(&self) -> Self {
        Self {
            head: Vec::new(),
            shown: self.shown.clone(),
            path: self.path.clone(),
            member: self.member.clone(),
            workbook: None,
            size: 0,
        }
    }

    /// Reads the rest of it.
    ///
    /// # Errors
    /// The reason in words, when it cannot be read.
    pub fn complete(&mut self) -> Result<(), String> {
        if !self.is_whole() {
            self.head = fs::read(&self.path).map_err(|error| format!("cannot be read: {error}"))?;
            self.size = self.head.len() as u64;
        }
        Ok(())
    }
}

/// A member of an archive that is not read: its name, if it has one, and the reason.
pub type Refused = (Option<String>, String);

/// The files that a file holds: itself, or the members of the archive or the sheets of the workbook that it is.
pub fn unpack(mut file: File, budget: &mut Budget) -> Vec<Result<File, Refused>> {
    if !archive::is_archive(&file.head) {
        return vec![Ok(file)];
    }
    if let Err(reason) = file.complete() {
        return vec![Err((None, reason))];
    }
    let members = match archive::members(file_name(&file.shown), &file.head, budget) {
        None => return sheets(&file, budget),
        Some(Err(reason)) => return vec![Err((None, reason))],
        Some(Ok(members)) if members.is_empty() => return vec![Err((None, "an empty archive".to_owned()))],
        Some(Ok(members)) => members,
    };
    let mut files = Vec::new();
    for archive::Member { name, bytes } in members {
        match bytes {
            Err(reason) => files.push(Err((Some(name), reason))),
            Ok(bytes) => {
                let size = bytes.len() as u64;
                let inner = File { member: Some(name), size, head: bytes, ..file.clone_empty() };
                if archive::is_archive(&inner.head) {
                    files.extend(sheets(&inner, budget));
                } else {
                    files.push(Ok(inner));
                }
            }
        }
    }
    files
}

/// The sheets of a workbook, each as a file of its text.
fn sheets(file: &File, budget: &mut Budget) -> Vec<Result<File, Refused>> {
    let refused = |reason: String| vec![Err((file.member.clone(), reason))];
    match workbook::sheets(&file.head, budget) {
        None => refused("an archive within an archive: unpack it".to_owned()),
        Some(Err(reason)) => refused(reason),
        Some(Ok(sheets)) if sheets.is_empty() => refused("a workbook with nothing in it".to_owned()),
        Some(Ok(sheets)) => {
            let alone = sheets.len() == 1;
            let hash = sha256(&file.head);
            let name = |sheet: String| match &file.member {
                Some(member) if alone => Some(member.clone()),
                Some(member) => Some(format!("{member}/{sheet}")),
                None => (!alone).then_some(sheet),
            };
            let file = |sheet: workbook::Sheet| File {
                member: name(sheet.name),
                size: file.head.len() as u64,
                head: sheet.text,
                workbook: Some(hash.clone()),
                ..file.clone_empty()
            };
            sheets.into_iter().map(|sheet| Ok(file(sheet))).collect()
        }
    }
}

/// The SHA-256 of some bytes, in hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The SHA-256 of a file, in hex.
///
/// # Errors
/// When it cannot be read.
pub fn sha256_of_file(path: &Path) -> io::Result<String> {
    let (mut file, mut hash, mut block) = (fs::File::open(path)?, Sha256::new(), vec![0; 1 << 18]);
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&block[..read]),
        }
    }
}

/// Bytes in hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
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
