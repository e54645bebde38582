//! Formats of the user's own: a TOML file of the same shape as the built-in ones.
//!
//! ```toml
//! id = "my-exchange-trades"
//! title = "trades of my exchange"
//! table = "trades"
//! fixed = { market = "spot" }
//! [columns]
//! "Time" = "time"
//! "Pair" = "symbol"
//! "Amount" = "quantity signed side"   # the sign is the side
//! "Total" = ""                        # known, and of no use
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::header::HeaderCell;
use super::{Cell, Format, Generation, Layout, Shape};
use crate::exit::{Exit, Failure};
use crate::tables::{Kind, Table};

/// What names of such files end in, by which those in a folder of exports are known.
pub const ENDING: &str = ".format.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: Spanned<String>,
    title: Option<String>,
    exchange: Option<String>,
    table: Spanned<String>,
    #[serde(default)]
    fixed: BTreeMap<Spanned<String>, String>,
    columns: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// Reads the formats in some files.
///
/// # Errors
/// The file and the line at fault, and what to write.
pub fn read(paths: &[impl AsRef<Path>]) -> Result<Vec<&'static Format>, Failure> {
    let one = |path: &Path| {
        let text = std::fs::read_to_string(path).map_err(|error| (1, error.to_string()));
        text.and_then(|text| parse(&text))
            .map_err(|(line, what)| Failure::new(Exit::Usage, format!("{} line {line}: {what}", path.display())))
    };
    paths.iter().map(|path| one(path.as_ref())).collect()
}

/// Reads a format from the text of its file. It lives as long as the program, like those that are built in.
///
/// # Errors
/// The line at fault and what is wrong with it.
pub fn parse(text: &str) -> Result<&'static Format, (usize, String)> {
    let line = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
    let file: File = toml::from_str(text)
        .map_err(|error| (error.span().map_or(1, |span| line(span.start)), error.message().to_owned()))?;
    let table = Table::ALL.iter().copied().find(|table| table.name() == file.table.get_ref()).ok_or_else(|| {
        let names: Vec<&str> = Table::ALL.iter().map(|table| table.name()).collect();
        (
            line(file.table.span().start),
            format!("there is no table `{}`; there are {}", file.table.get_ref(), names.join(", ")),
        )
    })?;
    if super::by_id(file.id.get_ref()).is_some() {
        return Err((
            line(file.id.span().start),
            format!("`{}` is a built-in format: choose another id", file.id.get_ref()),
        ));
    }
    let mut columns: Vec<(&'static str, Cell)> = Vec::new();
    for (name, meaning) in &file.columns {
        let cell = cell(table, meaning.get_ref()).map_err(|what| (line(meaning.span().start), what))?;
        columns.push((leak(&HeaderCell::new(name.get_ref()).name), cell));
    }
    if table.holds_events() && !columns.iter().any(|(_, cell)| cell.column() == Some(table.time())) {
        return Err((line(file.table.span().start), format!("no column is the `{}` of the records", table.time())));
    }
    let mut fixed: Vec<(&'static str, &'static str)> = Vec::new();
    for (column, value) in &file.fixed {
        known(table, column.get_ref()).map_err(|what| (line(column.span().start), what))?;
        fixed.push((leak(column.get_ref()), leak(value)));
    }
    let generation = Generation::new("user's own", Vec::leak(columns));
    Ok(Box::leak(Box::new(Format {
        id: leak(file.id.get_ref()),
        exchange: file.exchange.as_deref().map_or("", leak),
        title: leak(file.title.as_ref().unwrap_or(file.id.get_ref())),
        export: "as its author says",
        table,
        shape: Shape::Headers(Vec::leak(vec![generation])),
        fixed: Vec::leak(fixed),
        file_words: &[],
        by_default: true,
    })))
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// The column of a table by its name, with the kind of its values.
fn known(table: Table, name: &str) -> Result<(&'static str, Kind), String> {
    table.columns().iter().find(|column| column.name == name).map(|column| (column.name, column.kind)).ok_or_else(
        || {
            let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
            let nearest = names.iter().min_by_key(|known| strsim::damerau_levenshtein(name, known)).unwrap_or(&"");
            format!("{} has no column `{name}`; did you mean `{nearest}`? It has {}", table.name(), names.join(", "))
        },
    )
}

/// What a column means: a canonical column, how it is read where that is not the usual way, and a second column.
fn cell(table: Table, meaning: &str) -> Result<Cell, String> {
    let words: Vec<&str> = meaning.split_whitespace().collect();
    let Some(name) = words.first() else { return Ok(Cell::Ignored) };
    let (column, kind) = known(table, name)?;
    let second = words.get(2).map(|name| known(table, name)).transpose()?.map(|(name, _)| name);
    let how = words.get(1).copied();
    Ok(match (kind, how, second) {
        (Kind::Time, None, None) => Cell::Time(column),
        (Kind::Time, Some("day-first"), None) => {
            Cell::TimeAs(column, Layout { to_the_minute: true, ..Layout::DAY_FIRST })
        }
        (Kind::Time, Some("month-first"), None) => Cell::TimeAs(column, Layout::MONTH_FIRST_MINUTES),
        (Kind::Time, Some("minutes"), None) => Cell::TimeAs(column, Layout::MINUTES),
        (Kind::Text, None, None) if column == "symbol" => Cell::Symbol(column),
        (Kind::Text, None, None) if column == "side" => Cell::Side(column),
        (Kind::Text, None, None) if column == "direction" => Cell::Direction(column),
        (Kind::Text, Some("reversed"), None) if column == "symbol" => Cell::Reversed(column),
        (Kind::Text, Some("base"), None) if column == "symbol" => Cell::BaseAsset(column),
        (Kind::Text, Some("quote"), None) if column == "symbol" => Cell::QuoteAsset(column),
        (Kind::Text, None | Some("text"), None) => Cell::Text(column),
        (Kind::Decimal, None, None) => Cell::Decimal(column),
        (Kind::Decimal, Some("unsigned"), None) => Cell::Size(column),
        (Kind::Decimal, Some("less"), None) => Cell::Less(column),
        (Kind::Decimal, Some("flow"), None) => Cell::Flow(column),
        (Kind::Decimal, Some("signed"), Some(second)) => Cell::Signed(column, second),
        (Kind::Decimal, Some("charge"), Some(second)) => Cell::Charge(column, second),
        (Kind::Decimal, Some("with"), Some(second)) => Cell::Amount(column, second),
        _ => {
            return Err(format!(
                "`{meaning}` is no way to read `{column}`: write the column alone, a time with `day-first`, `month-first` or `minutes`, a symbol with `reversed`, `base` or `quote`, a number with `unsigned`, `less`, `flow`, `signed side`, `charge fee_asset` or `with asset`"
            ));
        }
    })
}
