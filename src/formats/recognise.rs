//! Recognition: which format a header belongs to, or the nearest one and what is missing.

use super::header::{HeaderCell, Known, is_optional, may_have, squeezes_to};
use super::{ALL, Cell, FILL, Format, Generation, Part, Piece, Shape, Synonyms};
use crate::tables::Table;

/// A format together with what each column of one source means.
#[derive(Clone)]
pub struct Recognised {
    /// The format.
    pub format: &'static Format,
    /// Which of its headers, or `synonyms`.
    pub generation: &'static str,
    /// The meaning of each column of the source, in the source's order.
    pub cells: Vec<Cell>,
    /// Values that every record has besides the format's.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Which records belong in another table.
    pub parts: Vec<RecognisedPart>,
    /// What the file's name says of all records, as [`Generation::in_name`].
    pub in_name: Option<&'static str>,
    /// The tables whose events its legs tell, as [`Generation::tells`].
    pub tells: &'static [Table],
    /// Names of columns that are not known.
    pub unknown: Vec<String>,
}

/// Records of a source that belong in another table than the rest.
#[derive(Clone)]
pub struct RecognisedPart {
    /// The position of the column that tells, and the words it has.
    pub when: (usize, &'static [&'static str]),
    /// The table they go to.
    pub table: Table,
    /// The meaning of each column of the source for them.
    pub cells: Vec<Cell>,
    /// Values that every one of them has.
    pub fixed: &'static [(&'static str, &'static str)],
}

/// Why a header is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unrecognised {
    /// Known, but not read.
    Refused(String),
    /// Several formats share the header and the file name does not tell which it is.
    Ambiguous(String),
    /// Not known; the nearest known format and the difference.
    Unknown(String),
}

impl Unrecognised {
    /// The reason in words.
    pub fn reason(&self) -> &str {
        match self {
            Self::Refused(reason) | Self::Ambiguous(reason) | Self::Unknown(reason) => reason,
        }
    }
}

/// At most so many columns may be unknown in an otherwise complete header: exchanges add columns, but a header with
/// more of them is another export.
const MOST_UNKNOWN: usize = 2;
/// To each unknown column belong so many known ones: of a short header even one more column makes another export.
const KNOWN_PER_UNKNOWN: usize = 5;

/// Finds the format of a header in a file of that name; formats of the user's own come first.
///
/// # Errors
/// When the header is refused, ambiguous or unknown.
pub fn recognise(header: &[HeaderCell], file_name: &str, own: &[&'static Format]) -> Result<Recognised, Unrecognised> {
    let fits =
        |format: &&'static Format| generations(format).iter().find_map(|generation| fit(header, format, generation));
    if let Some(found) = own.iter().find_map(fits) {
        return Ok(found);
    }
    if let Some(found) = by_generation(header, &file_name.to_lowercase())? {
        return Ok(found);
    }
    // A format that the file's name speaks of comes before those that would read the same header in another way.
    let named = |format: &Format| format.file_words.iter().any(|word| file_name.to_lowercase().contains(word));
    for format in ALL.iter().filter(|format| named(format)).chain(ALL) {
        if let Shape::Synonyms(synonyms) = format.shape
            && let Some(found) = by_synonyms(header, format, synonyms, named(format))
        {
            return Ok(found);
        }
    }
    Err(Unrecognised::Unknown(nearest(header)))
}

/// The known headers of a format.
pub fn generations(format: &Format) -> &'static [Generation] {
    match format.shape {
        Shape::Headers(generations) | Shape::TwoLevel(generations) | Shape::Refused(generations, _) => generations,
        Shape::Synonyms(_) => &[],
    }
}

fn by_generation(header: &[HeaderCell], file_name: &str) -> Result<Option<Recognised>, Unrecognised> {
    let mut best: Vec<Recognised> = Vec::new();
    for format in ALL {
        for generation in generations(format) {
            let Some(found) = fit(header, format, generation) else { continue };
            let rank = |found: &Recognised| (found.unknown.len(), usize::MAX - found.cells.len());
            match best.first().map(|first| rank(&found).cmp(&rank(first))) {
                Some(std::cmp::Ordering::Greater) => {}
                Some(std::cmp::Ordering::Equal) if best.iter().any(|other| other.format.id == format.id) => {}
                Some(std::cmp::Ordering::Equal) => best.push(found),
                _ => best = vec![found],
            }
        }
    }
    let chosen = if best.len() <= 1 { best.pop() } else { Some(by_file_name(best, file_name)?) };
    if let Some(found) = &chosen {
        contradicted(found.format, file_name)?;
    }
    match chosen {
        Some(Recognised { format: Format { shape: Shape::Refused(_, why), .. }, .. }) => {
            Err(Unrecognised::Refused((*why).to_owned()))
        }
        other => Ok(other),
    }
}

/// Refuses a file whose name says another export of the same table than its header.
fn contradicted(format: &Format, file_name: &str) -> Result<(), Unrecognised> {
    let named = |format: &Format| format.file_words.iter().any(|word| file_name.contains(word));
    let direction = |format: &Format| format.fixed.iter().find(|(column, _)| *column == "direction");
    let opposite =
        |other: &&&Format| other.table == format.table && direction(other) != direction(format) && named(other);
    match ALL.iter().find(opposite) {
        Some(other) if !format.file_words.is_empty() && !named(format) => Err(Unrecognised::Ambiguous(format!(
            "its header is that of the {}, its name that of the {}: rename the file for what it is",
            format.title, other.title
        ))),
        _ => Ok(()),
    }
}

/// Chooses among formats that share a header.
fn by_file_name(mut found: Vec<Recognised>, file_name: &str) -> Result<Recognised, Unrecognised> {
    let named = |format: &Format| format.file_words.iter().any(|word| file_name.contains(word));
    let hits = found.iter().filter(|found| named(found.format) && !found.format.by_default).count();
    if hits == 1 {
        found.retain(|found| named(found.format) && !found.format.by_default);
    } else if hits == 0 {
        let titles: Vec<String> = found
            .iter()
            .filter_map(|f| Some(format!("\"{}\" for the {}", f.format.file_words.first()?, f.format.title)))
            .collect();
        found.retain(|found| found.format.by_default);
        if found.is_empty() {
            return Err(Unrecognised::Ambiguous(format!(
                "several exports have this header and the file name does not tell which it is: rename the file so that it contains {}",
                titles.join(", or ")
            )));
        }
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        _ => Err(Unrecognised::Ambiguous(format!(
            "several exports have this header and the file name fits more than one of them: {}",
            found.iter().map(|f| f.format.title).collect::<Vec<_>>().join(", ")
        ))),
    }
}

/// Lays a known header over the source's, by name; columns of one name are taken in their order.
fn fit(header: &[HeaderCell], format: &'static Format, generation: &'static Generation) -> Option<Recognised> {
    let whole: Vec<HeaderCell>;
    let header = match format.shape {
        Shape::TwoLevel(_) => {
            whole = header.iter().cloned().chain(FILL.iter().map(|name| HeaderCell::new(name))).collect();
            &whole
        }
        _ => header,
    };
    let required = || generation.columns.iter().map(|(name, _)| *name).filter(|name| !is_optional(name));
    if header.len() < required().count() || !required().all(|name| may_have(header, name)) {
        return None;
    }
    let mut left: Vec<(Known, Cell)> =
        generation.columns.iter().map(|(name, cell)| (Known::new(name), *cell)).collect();
    let mut cells = Vec::with_capacity(header.len());
    let mut unknown = Vec::new();
    for cell in header {
        let named = left.iter().position(|(known, _)| known.is(cell) && !known.is_any());
        match named.or_else(|| left.iter().position(|(known, _)| known.is_any())) {
            Some(at) => cells.push(left.remove(at).1),
            None => {
                let by_asset = by_asset(&cell.name).filter(|_| generation.by_asset);
                cells.push(by_asset.unwrap_or(Cell::Ignored));
                unknown.extend((by_asset.is_none() && !cell.name.is_empty()).then(|| cell.name.clone()));
            }
        }
    }
    // A column that not even the header of the export has.
    cells.extend(left.iter().filter(|(known, _)| known.is_nameless()).map(|(_, cell)| *cell));
    let bearable = MOST_UNKNOWN.min(required().count() / KNOWN_PER_UNKNOWN);
    let whole = left.iter().all(|(known, _)| known.optional);
    (whole && unknown.len() <= bearable).then(|| Recognised {
        format,
        generation: generation.name,
        parts: parts(header, generation, &cells),
        cells,
        fixed: generation.fixed,
        in_name: generation.in_name,
        tells: generation.tells,
        unknown,
    })
}

/// Lays the parts of a generation over a header that has all its columns.
fn parts(header: &[HeaderCell], generation: &Generation, all: &[Cell]) -> Vec<RecognisedPart> {
    let named = |cell: &HeaderCell| {
        let known = generation.columns.iter().map(|(name, _)| Known::new(name));
        known.filter(|known| !known.is_any()).any(|known| known.is(cell))
    };
    let find = |name: &str| {
        let known = Known::new(name);
        let at = header.iter().position(|cell| if known.is_any() { !named(cell) } else { known.is(cell) });
        at.or_else(|| (known.is_nameless() && all.len() > header.len()).then_some(header.len()))
    };
    let laid = |part: &Part| {
        let plain = |cell: &Cell| if matches!(cell, Cell::OfAsset(_)) { *cell } else { Cell::Ignored };
        let mut cells: Vec<Cell> = all.iter().map(plain).collect();
        for (name, cell) in part.columns {
            match find(name) {
                Some(at) => cells[at] = *cell,
                None if is_optional(name) => {}
                None => return None,
            }
        }
        Some(RecognisedPart { when: (find(part.column)?, part.words), table: part.table, cells, fixed: part.fixed })
    };
    generation.parts.iter().filter_map(laid).collect()
}

/// What a column is of those that some exchanges write for each asset, such as `BTC Amount BTC` or `Fee (USD) USD`.
fn by_asset(name: &str) -> Option<Cell> {
    let words: Vec<&str> = name.split(' ').collect();
    match words[..] {
        [_, "amount"] | [_, "amount", _] => Some(Cell::OfAsset(Piece::Amount)),
        ["fee", _] | ["fee", _, _] | ["trading", "fee", _] => Some(Cell::OfAsset(Piece::Fee)),
        [_, "balance"] | [_, "balance", _] => Some(Cell::Ignored),
        _ => None,
    }
}

fn by_synonyms(header: &[HeaderCell], format: &'static Format, synonyms: &Synonyms, named: bool) -> Option<Recognised> {
    let names: Vec<String> = header.iter().map(HeaderCell::squeezed).collect();
    let mut cells = vec![None; header.len()];
    let mut found: Vec<&str> = Vec::new();
    for (cell, known) in synonyms.columns {
        let at = known
            .iter()
            .find_map(|known| (0..names.len()).find(|&at| cells[at].is_none() && squeezes_to(known, &names[at])));
        if let Some(at) = at {
            cells[at] = Some(*cell);
            found.extend(cell.column());
        }
    }
    let has = |known: &&str| names.iter().any(|name| squeezes_to(known, name));
    let complete = synonyms.needs.iter().all(|group| group.iter().any(|column| found.contains(column)))
        && (synonyms.headed.is_empty() || synonyms.headed.iter().any(|name| names.iter().any(|have| have == name)))
        && !synonyms.refuses.iter().any(has)
        && (named || !synonyms.refuses_unless_named.iter().any(has));
    let unknown = (0..header.len()).filter(|&at| cells[at].is_none()).map(|at| header[at].name.clone()).collect();
    complete.then(|| Recognised {
        format,
        generation: "synonyms",
        cells: cells.into_iter().map(|cell| cell.unwrap_or(Cell::Ignored)).collect(),
        fixed: &[],
        parts: Vec::new(),
        in_name: None,
        tells: &[],
        unknown,
    })
}

/// How many columns of a header are known to some synonyms, and which of the needed ones are not there.
fn synonym_match(header: &[HeaderCell], synonyms: &Synonyms) -> (usize, Vec<String>) {
    let names: Vec<String> = header.iter().map(HeaderCell::squeezed).collect();
    let has = |known: &[&str]| known.iter().any(|known| names.iter().any(|name| squeezes_to(known, name)));
    let found: Vec<&str> =
        synonyms.columns.iter().filter(|(_, known)| has(known)).filter_map(|(cell, _)| cell.column()).collect();
    let missing = synonyms.needs.iter().filter(|group| !group.iter().any(|column| found.contains(column)));
    (found.len(), missing.map(|group| group.join(" or ")).collect())
}

/// The known header that shares most names with this one, and what this one lacks.
fn nearest(header: &[HeaderCell]) -> String {
    let names: Vec<&str> = header.iter().map(|cell| cell.name.as_str()).collect();
    let mut best: Option<(usize, &Format, Vec<String>)> = None;
    let mut offer = |score: usize, format: &'static Format, missing: Vec<String>| {
        if best.as_ref().is_none_or(|(top, _, _)| score > *top) {
            best = Some((score, format, missing));
        }
    };
    for format in ALL {
        for generation in generations(format) {
            let needed = || generation.columns.iter().map(|(name, _)| *name).filter(|name| !FILL.contains(name));
            let missing: Vec<String> = needed()
                .filter(|name| !is_optional(name) && !header.iter().any(|cell| Known::new(name).is(cell)))
                .map(|name| name.split('|').next().unwrap_or(name).to_owned())
                .collect();
            let known = needed().filter(|name| !is_optional(name)).count();
            offer((known - missing.len()) * 100 / known.max(names.len()), format, missing);
        }
        if let Shape::Synonyms(synonyms) = format.shape {
            let (found, missing) = synonym_match(header, synonyms);
            // What lacks all that the format needs is not near it, whatever else the two share.
            let met = synonyms.needs.len() - missing.len();
            offer(found * 100 * met / (names.len() * synonyms.needs.len()).max(1), format, missing);
        }
    }
    match best {
        Some((score, format, missing)) if score >= 30 => {
            let lacks = if missing.is_empty() {
                "it has columns that do not belong there".to_owned()
            } else {
                format!("missing there: {}", missing.join(", "))
            };
            format!("header not recognised; the nearest known export is the {} ({lacks})", format.title)
        }
        _ => "header not recognised, and no known export is near it".to_owned(),
    }
}
