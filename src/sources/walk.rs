//! Walks the paths given and lists every file, in an order that depends on the names alone.

use std::fs;
use std::path::Path;

use super::{Found, shown_path};

/// Folders deeper than this are refused: evidence folders are flat, and a loop of mounts must end.
const DEEPEST: usize = 32;

/// Every file below a path, or the path itself when it is a file.
///
/// Links that leave the path are not followed; pipes, sockets and devices are not opened. Both are listed as refused.
///
/// # Errors
/// When the path does not exist or cannot be read.
pub fn walk(root: &Path) -> Result<Vec<Found>, String> {
    let meta = fs::metadata(root).map_err(|error| format!("{}: {error}", root.display()))?;
    let mut found = Vec::new();
    if meta.is_dir() {
        fs::read_dir(root).map_err(|error| format!("{}: {error}", root.display()))?;
        descend(root, root, 0, &mut found);
    } else {
        let refused = (!meta.is_file()).then(|| "not a regular file (pipe, socket or device)".to_owned());
        found.push(Found { shown: shown_path(root, root), path: root.to_owned(), refused });
    }
    found.sort();
    Ok(found)
}

fn descend(root: &Path, folder: &Path, depth: usize, found: &mut Vec<Found>) {
    let mut list = |path: &Path, refused: Option<String>| {
        found.push(Found { shown: shown_path(root, path), path: path.to_owned(), refused });
    };
    let entries = match fs::read_dir(folder) {
        Ok(_) if depth > DEEPEST => return list(folder, Some(format!("folder more than {DEEPEST} levels deep"))),
        Ok(entries) => entries,
        Err(error) => return list(folder, Some(format!("cannot be read: {error}"))),
    };
    let mut folders = Vec::new();
    for entry in entries {
        let path = match entry {
            Ok(entry) => entry.path(),
            Err(error) => {
                list(folder, Some(format!("cannot be listed: {error}")));
                continue;
            }
        };
        let kind = match fs::symlink_metadata(&path) {
            Ok(meta) => meta.file_type(),
            Err(error) => {
                list(&path, Some(format!("cannot be read: {error}")));
                continue;
            }
        };
        if kind.is_dir() {
            folders.push(path);
        } else if kind.is_symlink() && !stays_inside(root, &path) {
            list(&path, Some("a link that leaves the folder or leads to no file: not followed".to_owned()));
        } else if !(kind.is_file() || kind.is_symlink()) {
            list(&path, Some("not a regular file (pipe, socket or device)".to_owned()));
        } else {
            list(&path, None);
        }
    }
    for path in folders {
        descend(root, &path, depth + 1, found);
    }
}

/// Whether a link leads to a regular file below the root.
fn stays_inside(root: &Path, link: &Path) -> bool {
    match (root.canonicalize(), link.canonicalize()) {
        (Ok(root), Ok(target)) => target.starts_with(root) && target.is_file(),
        _ => false,
    }
}
