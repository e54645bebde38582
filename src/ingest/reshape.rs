//! Texts that are brought into one record a line before they are read: whole records in quotes, and orders with their fills
//! below them. A line stays a line, so that records stand where they stood.

use std::borrow::Cow;

use super::records::{Piece, Records, split};
use crate::formats::FILL;

/// Takes the quotes off records that a spreadsheet wrote as one quoted field each.
pub fn unquoted(text: &[u8], delimiter: u8) -> Vec<u8> {
    let mut records = Records::new(text, delimiter);
    let (mut out, mut fields) = (Vec::with_capacity(text.len()), csv::ByteRecord::new());
    while let Some((_, raw, piece)) = records.piece() {
        match piece {
            Piece::Record { quoted: true } => {
                // The spreadsheet's own delimiters stand behind the quotes, for columns that are empty.
                let bare = without_end(raw, b";\t");
                let raw = if bare.ends_with(b"\"") { bare } else { raw };
                split(raw, delimiter, true, &mut fields);
                match (fields.len(), fields.get(0)) {
                    (1, Some(field)) => out.extend_from_slice(field),
                    _ => out.extend_from_slice(raw),
                }
            }
            _ => out.extend_from_slice(raw),
        }
        out.push(b'\n');
    }
    out
}

/// A text without some bytes, and blanks, at its end.
fn without_end<'a>(text: &'a [u8], bytes: &[u8]) -> &'a [u8] {
    let end = text.iter().rposition(|byte| !bytes.contains(byte) && !byte.is_ascii_whitespace());
    &text[..end.map_or(0, |at| at + 1)]
}

/// Puts each fill on a line of its own with the id, pair, side and status of its order, in columns behind those of the
/// orders. `header` is the number of records before the data, `width` that of the orders' columns; `kept` are the columns
/// that fills take from their order.
pub fn lay_flat(text: &[u8], delimiter: u8, header: u64, width: usize, kept: &[usize]) -> Vec<u8> {
    let mut records = Records::new(text, delimiter);
    let (mut out, mut fields) = (Vec::with_capacity(text.len() * 2), csv::ByteRecord::new());
    let mut parent: Vec<Vec<u8>> = Vec::new();
    let mut seen = 0;
    while let Some((_, raw, piece)) = records.piece() {
        let Piece::Record { quoted } = piece else {
            out.extend_from_slice(raw);
            out.push(b'\n');
            continue;
        };
        seen += 1;
        split(raw, delimiter, quoted, &mut fields);
        let mut cells: Vec<Cow<'_, [u8]>> = fields.iter().map(Cow::Borrowed).collect();
        let child = seen > header && cells.first().is_some_and(|first| first.trim_ascii().is_empty());
        if seen == header {
            cells.truncate(width);
            cells.extend(FILL.iter().map(|name| Cow::Borrowed(name.as_bytes())));
        } else if child && !is_child_header(&fields) {
            let fill: Vec<Cow<'_, [u8]>> = cells.drain(1..).take(FILL.len()).collect();
            cells.clear();
            cells.resize(width, Cow::Borrowed(b""));
            for &at in kept {
                cells[at] = Cow::Owned(parent.get(at).cloned().unwrap_or_default());
            }
            cells.extend(fill);
            cells.resize(width + FILL.len(), Cow::Borrowed(b""));
        } else if seen > header && !child {
            parent = cells.iter().map(|cell| cell.to_vec()).collect();
            while cells.len() > width && cells.last().is_some_and(|last| last.trim_ascii().is_empty()) {
                cells.pop();
            }
            // An order of the wrong width stays so, and is rejected as it stands.
            if cells.len() == width {
                cells.resize(width + FILL.len(), Cow::Borrowed(b""));
            }
        }
        write(&mut out, &cells, delimiter);
    }
    out
}

/// Whether a record is the header over the fills of an order, shifted one column to the right.
pub fn is_child_header(fields: &csv::ByteRecord) -> bool {
    fields.get(0).is_some_and(|first| first.trim_ascii().is_empty())
        && fields.get(1).is_some_and(|second| second.trim_ascii().starts_with(b"Date"))
}

fn write(out: &mut Vec<u8>, cells: &[Cow<'_, [u8]>], delimiter: u8) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(delimiter);
        }
        if cell.iter().any(|byte| *byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r')) {
            out.push(b'"');
            for byte in cell.iter() {
                match byte {
                    b'"' => out.extend_from_slice(b"\"\""),
                    // A line stays a line.
                    b'\n' | b'\r' => out.push(b' '),
                    _ => out.push(*byte),
                }
            }
            out.push(b'"');
        } else {
            out.extend_from_slice(cell);
        }
    }
    out.push(b'\n');
}
