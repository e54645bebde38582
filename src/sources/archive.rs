//! Archives, opened in memory: their members one by one, with caps on what they may hold. Nothing is written to disk.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::read::ZipReadOptions;

/// What archives of a run may hold, counted on the unpacked side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Bytes of one member.
    pub member: u64,
    /// Bytes of all members of a run.
    pub run: u64,
    /// How many times larger than its packed form a member may be.
    pub ratio: u64,
    /// Members of one archive.
    pub members: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self { member: 1 << 30, run: 4 << 30, ratio: 250, members: 10_000 }
    }
}

/// A ratio means nothing below this size.
const SMALL: u64 = 1 << 20;

/// A member of an archive.
#[derive(Debug)]
pub struct Member {
    /// Its name in the archive.
    pub name: String,
    /// Its bytes, or why they are not read.
    pub bytes: Result<Vec<u8>, String>,
}

/// What kind of archive begins with these bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Zip,
    Gzip,
    Tar,
}

fn kind(head: &[u8]) -> Option<Kind> {
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Kind::Zip),
        [0x1f, 0x8b, ..] => Some(Kind::Gzip),
        _ if head.get(257..262) == Some(b"ustar") => Some(Kind::Tar),
        _ => None,
    }
}

/// Whether bytes are the beginning of an archive or workbook.
pub fn is_archive(head: &[u8]) -> bool {
    kind(head).is_some()
}

/// What is left of the bytes that a run may unpack.
#[derive(Debug)]
pub struct Budget {
    caps: Caps,
    left: u64,
}

impl Budget {
    /// A whole one.
    pub fn new(caps: Caps) -> Self {
        Self { caps, left: caps.run }
    }

    /// Reads a packed stream of so many bytes to its end, within the caps.
    fn read(&mut self, stream: impl Read, packed: u64) -> Result<Vec<u8>, String> {
        let caps = self.caps;
        let most_by_ratio = packed.saturating_mul(caps.ratio).max(SMALL);
        let most = caps.member.min(most_by_ratio).min(self.left);
        let mut bytes = Vec::new();
        stream.take(most + 1).read_to_end(&mut bytes).map_err(|error| format!("cannot be unpacked: {error}"))?;
        if bytes.len() as u64 <= most {
            self.left -= bytes.len() as u64;
            return Ok(bytes);
        }
        Err(if most == self.left {
            format!("the archives of this run hold more than {} bytes unpacked (--max-unpacked)", caps.run)
        } else if most == caps.member {
            format!("holds more than {} bytes unpacked (--max-member)", caps.member)
        } else {
            format!(
                "is more than {} times larger unpacked than packed (--max-ratio): not taken for an export",
                caps.ratio
            )
        })
    }
}

/// The members of an archive of that name; `None` when the bytes are none, or are a workbook.
///
/// # Errors
/// Why the archive cannot be read at all.
pub fn members(name: &str, bytes: &[u8], budget: &mut Budget) -> Option<Result<Vec<Member>, String>> {
    Some(match kind(bytes)? {
        Kind::Zip => match open(bytes) {
            Ok(zip) if is_workbook(&zip) => return None,
            Ok(zip) => unzip(zip, budget),
            Err(error) => Err(error),
        },
        Kind::Tar => untar(bytes, budget),
        Kind::Gzip => match budget.read(MultiGzDecoder::new(bytes), bytes.len() as u64) {
            Ok(inner) if kind(&inner) == Some(Kind::Tar) => untar(&inner, budget),
            inner => Ok(vec![Member { name: without_ending(name), bytes: inner }]),
        },
    })
}

/// A ZIP archive over bytes in memory.
pub(super) type Zip<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Opens a ZIP archive.
pub(super) fn open(bytes: &[u8]) -> Result<Zip<'_>, String> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("a ZIP archive that cannot be read: {error}"))
}

/// Whether a ZIP archive is an XLSX workbook.
pub(super) fn is_workbook(zip: &Zip<'_>) -> bool {
    zip.index_for_name("xl/workbook.xml").is_some()
}

/// Unpacks a ZIP archive.
pub(super) fn unzip(mut zip: Zip<'_>, budget: &mut Budget) -> Result<Vec<Member>, String> {
    check_count(zip.len(), budget)?;
    if zip.has_duplicate_names() {
        return Err("holds two members of one name: which of them is meant cannot be told".to_owned());
    }
    let mut members = Vec::new();
    for at in 0..zip.len() {
        let name = zip.name_for_index(at).and_then(Result::ok).map(std::borrow::Cow::into_owned);
        let name = name.unwrap_or_else(|| format!("member {}", at + 1));
        let options = ZipReadOptions::new().enforce_header_consistency(true);
        let bytes = match zip.by_index_with_options(at, options) {
            Err(error) => Err(format!("cannot be unpacked: {error}")),
            Ok(file) if file.is_dir() => continue,
            Ok(file) => {
                let refused = refused(&name).or_else(|| file.is_symlink().then(|| "a link: not followed".to_owned()));
                let packed = file.compressed_size();
                refused.map_or_else(|| budget.read(file, packed), Err)
            }
        };
        members.push(Member { name, bytes });
    }
    Ok(members)
}

fn untar(bytes: &[u8], budget: &mut Budget) -> Result<Vec<Member>, String> {
    let broken = |error: std::io::Error| format!("a tar archive that cannot be read: {error}");
    let mut archive = tar::Archive::new(bytes);
    let mut members: Vec<Member> = Vec::new();
    let mut names = HashSet::new();
    for entry in archive.entries().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        check_count(members.len() + 1, budget)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !names.insert(name.clone()) {
            return Err("holds two members of one name: which of them is meant cannot be told".to_owned());
        }
        let link = (!kind.is_file()).then(|| "a link or device: not read".to_owned());
        let size = entry.size();
        let bytes = refused(&name).or(link).map_or_else(|| budget.read(entry, size), Err);
        members.push(Member { name, bytes });
    }
    Ok(members)
}

fn check_count(members: usize, budget: &Budget) -> Result<(), String> {
    let most = budget.caps.members;
    if members <= most { Ok(()) } else { Err(format!("holds more than {most} members (--max-members)")) }
}

/// Why a member of that name is not read, if it must not be.
fn refused(name: &str) -> Option<String> {
    let parts = || name.split(['/', '\\']);
    let drive = name.as_bytes().get(1) == Some(&b':');
    let leaves = drive || name.contains('\0') || parts().next() == Some("") || parts().any(|part| part == "..");
    leaves.then(|| "its name leads out of the archive: not read".to_owned())
}

/// The name of what a compressed file holds.
fn without_ending(name: &str) -> String {
    let end = name.len().saturating_sub(3);
    let gz = name.is_char_boundary(end) && name[end..].eq_ignore_ascii_case(".gz");
    if gz { name[..end].to_owned() } else { name.to_owned() }
}
