//! From bytes to text: byte order marks, UTF-16 with and without one, and files that are no text at all.

use std::borrow::Cow;

use encoding_rs::{GBK, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The text of a file.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    /// UTF-8, as far as the file is; broken bytes are left for the reader of records to reject where they stand.
    pub bytes: Cow<'a, [u8]>,
    /// The encoding found.
    pub encoding: &'static str,
}

/// First bytes of documents that are no text, with what to do about them.
const NOT_TEXT: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document, not an export: download the same history as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook, which is not read: save the sheet as CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive, which is not opened: unpack it"),
    (b"Rar!\x1a\x07", "a RAR archive, which is not opened: unpack it"),
    (b"\xfd7zXZ\0", "an xz file, which is not opened: unpack it"),
    (b"BZh", "a bzip2 file, which is not opened: unpack it"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file, which is not opened: unpack it"),
    (b"SQLite format 3\0", "an SQLite database, which is not read: write its table to a CSV"),
    (b"PAR1", "a Parquet file, which is not read: write it to a CSV"),
    (b"\x89PNG", "a picture: type what it shows into a template (`loganalyze template`)"),
    (b"\xff\xd8\xff", "a picture: type what it shows into a template (`loganalyze template`)"),
];

/// Whether a text is UTF-16: it is decoded as a whole.
pub fn is_wide(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || unmarked(bytes).is_some()
}

/// The kind of UTF-16 that bytes without a byte order mark are. Of the texts of exports most characters are ASCII, of which
/// one byte of the two is NUL, always on the same side.
fn unmarked(bytes: &[u8]) -> Option<(&'static encoding_rs::Encoding, &'static str)> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1), head.len() / 2) {
        (few, many, pairs) if many * 2 > pairs && few * 100 < pairs => Some((UTF_16LE, "UTF-16LE (assumed)")),
        (many, few, pairs) if many * 2 > pairs && few * 100 < pairs => Some((UTF_16BE, "UTF-16BE (assumed)")),
        _ => None,
    }
}

/// Decodes UTF-8 and UTF-16, with or without a byte order mark.
///
/// # Errors
/// The reason in words, when the bytes are no text.
pub fn decode(bytes: &[u8]) -> Result<Text<'_>, String> {
    if let Some((_, reason)) = NOT_TEXT.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err((*reason).to_owned());
    }
    if bytes.iter().all(u8::is_ascii_whitespace) || bytes == b"\xef\xbb\xbf" {
        return Err("an empty file".to_owned());
    }
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            Ok(Text { bytes: Cow::Borrowed(rest), encoding: "UTF-8 with byte order mark" })
        }
        [0xff, 0xfe, rest @ ..] => utf16(rest, UTF_16LE, "UTF-16LE"),
        [0xfe, 0xff, rest @ ..] => utf16(rest, UTF_16BE, "UTF-16BE"),
        _ if is_binary(bytes) => match unmarked(bytes) {
            Some((encoding, name)) => utf16(bytes, encoding, name),
            None => Err("not a text file (it holds many NUL bytes)".to_owned()),
        },
        _ => Ok(Text { bytes: Cow::Borrowed(bytes), encoding: "UTF-8" }),
    }
}

/// Decodes a text that is no UTF-8 by a guess: pairs of high bytes are GBK, single ones Windows-1252. `None` where the text is
/// UTF-8 but for single broken places.
pub fn decode_assumed(bytes: &[u8]) -> Option<(Vec<u8>, &'static str)> {
    if std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let broken = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let valid: usize = bytes.utf8_chunks().map(|chunk| chunk.valid().chars().filter(|c| !c.is_ascii()).count()).sum();
    // Other encodings hold valid characters of UTF-8 by chance alone.
    if valid > 2 * broken {
        return None;
    }
    let pairs = bytes.split(u8::is_ascii).all(|run| run.len() % 2 == 0);
    let (gbk, faults) = GBK.decode_without_bom_handling(bytes);
    if pairs && !faults {
        return Some((gbk.into_owned().into_bytes(), "GBK (assumed)"));
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Some((text.into_owned().into_bytes(), "Windows-1252 (assumed)"))
}

/// Whether more than one in ten of the first bytes is NUL; a stray one costs only its record.
fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    head.iter().filter(|byte| **byte == 0).count() * 10 > head.len()
}

fn utf16<'a>(
    bytes: &'a [u8],
    encoding: &'static encoding_rs::Encoding,
    name: &'static str,
) -> Result<Text<'a>, String> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken {
        return Err(format!("broken {name} text"));
    }
    Ok(Text { bytes: Cow::Owned(text.into_owned().into_bytes()), encoding: name })
}
