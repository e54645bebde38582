//! XLSX workbooks: each sheet as the text of a CSV, a line per row of the sheet, so that line numbers are its row numbers.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::archive::{self, Budget};

/// A sheet of a workbook.
#[derive(Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows as CSV.
    pub text: Vec<u8>,
}

/// A sheet's text may not be larger than this: a single cell far to the right makes every row as wide.
const LARGEST: usize = 1 << 30;

/// The sheets of a workbook that hold anything; `None` when the bytes are none.
///
/// # Errors
/// Why the workbook cannot be read.
pub fn sheets(bytes: &[u8], budget: &mut Budget) -> Option<Result<Vec<Sheet>, String>> {
    let zip = bytes.starts_with(b"PK").then(|| archive::open(bytes).ok())??;
    archive::is_workbook(&zip).then(|| {
        // What it holds is unpacked once within the caps, before anything is made of it.
        for member in archive::unzip(zip, budget)? {
            member.bytes.map_err(|reason| format!("{} {reason}", member.name))?;
        }
        read(bytes).map_err(|error| format!("a workbook that cannot be read: {error}"))
    })
}

fn read(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let words = |error: calamine::XlsxError| error.to_string();
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(words)?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let mut text = Vec::new();
        let (mut row, mut column) = (0, 0);
        // The size that a sheet states of itself is often wrong: cells are taken as they come.
        let mut cells = workbook.worksheet_cells_reader(&name).map_err(words)?;
        while let Some(cell) = cells.next_cell().map_err(words)? {
            let (at_row, at_column) = cell.get_position();
            let value = value(cell.get_value());
            if value.is_empty() {
                continue;
            }
            if at_row < row || (at_row == row && at_column < column) {
                return Err("its cells are not in order".to_owned());
            }
            text.extend(std::iter::repeat_n(b'\n', (at_row - row) as usize));
            column = if at_row > row { 0 } else { column };
            text.extend(std::iter::repeat_n(b',', (at_column - column) as usize));
            write_field(&mut text, &value);
            (row, column) = (at_row, at_column);
            if text.len() > LARGEST {
                return Err(format!("its sheet {name} is too large"));
            }
        }
        if !text.is_empty() {
            text.push(b'\n');
            sheets.push(Sheet { name, text });
        }
    }
    Ok(sheets)
}

/// The text of a cell: as written where the workbook holds text, numbers without an exponent, times year first.
fn value(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::DateTime(time) => date_time(time),
        DataRef::Error(error) => error.to_string(),
    }
}

/// Beyond this a workbook's numbers do not hold every integer: what was an id is none any more.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number that the workbook holds as one. One that cannot be exact is written with an exponent, which ids have not.
fn float(number: f64) -> String {
    if number.abs() >= EXACT { format!("{number:E}") } else { number.to_string() }
}

fn date_time(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        return float(time.as_f64());
    }
    let (year, month, day, hour, minute, second, millis) = time.to_ymd_hms_milli();
    let whole = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    if millis == 0 { whole } else { format!("{whole}.{millis:03}") }
}

fn write_field(text: &mut Vec<u8>, field: &str) {
    if !field.contains([',', '"', '\n', '\r']) {
        text.extend_from_slice(field.as_bytes());
        return;
    }
    // A line of the text is a row of the sheet: breaks within a cell are blanks.
    text.push(b'"');
    text.extend_from_slice(field.replace('"', "\"\"").replace(['\n', '\r'], " ").as_bytes());
    text.push(b'"');
}
