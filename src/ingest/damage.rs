//! What spreadsheets do to exports: dates written anew, ids taken for numbers, amounts turned into binary fractions.

use super::cells;
use super::export::field_lists;
use super::opening::Opening;
use crate::formats::recognise::Recognised;
use crate::formats::{Cell, Layout, Order};

/// What is to be said of it, with what is lost.
pub(super) fn notes(text: &[u8], opening: &Opening) -> impl Iterator<Item = String> {
    [redated(text, opening), lost_ids(text, opening), inexact(text, opening)].into_iter().flatten()
}

/// So many records are looked at to find out whether ids are lost.
const LOOKED_AT: usize = 1000;

/// What is to be said of ids that a spreadsheet took for numbers.
fn lost_ids(text: &[u8], opening: &Opening) -> Option<String> {
    let ids = opening.recognised.cells.iter().enumerate();
    let ids: Vec<usize> =
        ids.filter(|(_, cell)| matches!(cell, Cell::Text(name) if name.ends_with("_id"))).map(|(at, _)| at).collect();
    let mut records = field_lists(text, opening.delimiter).skip(opening.before.1 as usize + 1).take(LOOKED_AT);
    let lost = |fields: csv::ByteRecord| {
        let text = |at: &usize| std::str::from_utf8(fields.get(*at)?).ok().map(|text| (*at, text.trim().to_owned()));
        ids.iter().filter_map(text).find(|(_, text)| cells::is_lost_id(text))
    };
    if ids.is_empty() {
        return None;
    }
    let rounded = rounded(text, opening, &ids);
    let Some((at, shown)) = records.find_map(lost) else { return rounded };
    Some(format!(
        "a spreadsheet took ids for numbers (column {}: {shown}): they are lost and left out; use the file as the exchange gave it",
        opening.header[at]
    ))
}

/// What is to be said of ids that a spreadsheet rounded: it keeps fifteen digits and writes zeros behind them.
fn rounded(text: &[u8], opening: &Opening, ids: &[usize]) -> Option<String> {
    const KEPT: usize = 15;
    let records = || field_lists(text, opening.delimiter).skip(opening.before.1 as usize + 1).take(LOOKED_AT);
    let is_rounded = |id: &[u8]| {
        let id = id.trim_ascii();
        id.len() > KEPT + 2 && id.iter().all(u8::is_ascii_digit) && id[KEPT..].iter().all(|digit| *digit == b'0')
    };
    let all = |at: &&usize| {
        let mut ids = 0;
        let mut filled = records().filter(|fields| fields.get(**at).is_some_and(|id| !id.trim_ascii().is_empty()));
        filled.all(|fields| {
            ids += 1;
            is_rounded(&fields[**at])
        }) && ids > 1
    };
    ids.iter().find(all).map(|at| {
        format!(
            "a spreadsheet rounded ids to {KEPT} digits (column {}): they end in zeros and are no longer the exchange's; use the file as the exchange gave it",
            opening.header[*at]
        )
    })
}

/// The position of the time of the records, where the export writes it in the usual way.
fn time_column(recognised: &Recognised) -> Option<usize> {
    recognised.cells.iter().position(|cell| *cell == Cell::Time(recognised.format.table.time()))
}

/// What is to be said of amounts that went through binary fractions.
fn inexact(text: &[u8], opening: &Opening) -> Option<String> {
    let cells = opening.recognised.cells.iter().enumerate();
    let columns: Vec<usize> = cells.filter(|(_, cell)| cell.is_number()).map(|(at, _)| at).collect();
    let mut records = field_lists(text, opening.delimiter).skip(opening.before.1 as usize + 1).take(LOOKED_AT);
    let (at, shown) = records.find_map(|fields| {
        let text = |at: &usize| std::str::from_utf8(fields.get(*at)?).ok().map(|text| (*at, text.trim().to_owned()));
        columns.iter().filter_map(text).find(|(_, text)| cells::is_binary_fraction(text))
    })?;
    Some(format!(
        "amounts in it look like binary fractions written out (column {}: {shown}): the program that wrote them does not hold amounts exactly, so their last digits may not be the exchange's",
        opening.header.get(at).map(String::as_str).unwrap_or_default()
    ))
}

/// The first two numbers of a date with slashes and the year last, as a spreadsheet writes it: `14/04/2020 10:41`.
fn slashed(text: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let parts: Vec<&str> = text.split(['/', ' ']).collect();
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 2);
    (parts.len() >= 3 && parts[2].len() == 4).then_some(())?;
    number(parts[0]).zip(number(parts[1]))
}

/// What is to be said of dates with points in them, as spreadsheets of some countries write them: `14.04.2020 10:41`. The day
/// comes first in all of those.
fn redated(text: &[u8], opening: &Opening) -> Option<String> {
    let at = time_column(&opening.recognised)?;
    let first = field_lists(text, opening.delimiter).nth(opening.before.1 as usize + 1)?;
    let shown = std::str::from_utf8(first.get(at)?).ok()?.trim().to_owned();
    let parts: Vec<usize> = shown.split(' ').next()?.split('.').map(str::len).collect();
    matches!(parts[..], [1..=2, 1..=2, 4]).then(|| {
        format!(
            "re-saved by a spreadsheet, which wrote its dates anew ({shown}); they are read day first; use the file as the exchange gave it"
        )
    })
}

/// Whether the first record's time is one that a spreadsheet wrote, with the year last.
pub(super) fn respelled(text: &[u8], opening: &Opening) -> Result<bool, String> {
    let Some(at) = time_column(&opening.recognised) else { return Ok(false) };
    let first = field_lists(text, opening.delimiter).nth(opening.before.1 as usize + 1);
    Ok(first.is_some_and(|fields| fields.get(at).and_then(slashed).is_some()))
}

/// Finds out from all records of a re-saved file in which order its dates are; gives what is to be said of it.
///
/// # Errors
/// When no record tells day and month apart, or the records do not agree.
pub(super) fn respelling(text: &[u8], opening: &mut Opening) -> Result<String, String> {
    let title = opening.recognised.format.title;
    let at = time_column(&opening.recognised).unwrap_or_default();
    let (mut day_first, mut month_first, mut has_seconds) = (None, None, false);
    for fields in field_lists(text, opening.delimiter).skip(opening.before.1 as usize + 1) {
        let Some((first, second)) = fields.get(at).and_then(slashed) else { continue };
        let shown = || String::from_utf8_lossy(fields.get(at).unwrap_or_default()).trim().to_owned();
        has_seconds |= shown().matches(':').count() > 1;
        if first > 12 {
            day_first.get_or_insert_with(shown);
        }
        if second > 12 {
            month_first.get_or_insert_with(shown);
        }
    }
    let cut = if has_seconds { "" } else { " and cut the seconds off" };
    let lost = format!("re-saved by a spreadsheet, which wrote its dates anew{cut}");
    let (order, proof) = match (day_first, month_first) {
        (Some(proof), None) => (Order::Day, proof),
        (None, Some(proof)) => (Order::Month, proof),
        (None, None) => {
            return Err(format!(
                "recognised as {title}, but {lost}: whether day or month comes first cannot be told from any of its dates; use the file as the exchange gave it"
            ));
        }
        (Some(one), Some(other)) => {
            return Err(format!(
                "recognised as {title}, but {lost}, and not all in one order ({one}, {other}): use the file as the exchange gave it"
            ));
        }
    };
    let layout = Layout { order, to_the_minute: true };
    let recognised = &mut opening.recognised;
    for cell in recognised.cells.iter_mut().chain(recognised.parts.iter_mut().flat_map(|part| &mut part.cells)) {
        if let Cell::Time(column) = *cell {
            *cell = Cell::TimeAs(column, layout);
        }
    }
    let words = if order == Order::Day { "day" } else { "month" };
    Ok(format!(
        "{lost}; they are read {words} first, since {proof} can be nothing else; use the file as the exchange gave it"
    ))
}
