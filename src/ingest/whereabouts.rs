//! Where the call logs say that an address is: of each address what the first record with a place states, and whether another
//! contradicts it.

use std::collections::BTreeMap;

use super::cells;
use crate::formats::Cell;
use crate::intel::Place;

/// The columns that say it.
const COLUMNS: [&str; 4] = ["country", "city", "latitude", "longitude"];
/// Degrees that lie this far apart, in kilometres and beyond how vague such places are, name two places (own proposal: logs
/// round them, and databases move an address within its region).
const APART: f64 = 100.0;

/// Something that records say of an address: the first of them in the order of the files, whoever read it, and the first that
/// says something else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    first: Option<((u32, u64), String)>,
    other: Option<((u32, u64), String)>,
}

impl Said {
    /// Whether this is known already, and an earlier record said it.
    fn knows(&self, at: (u32, u64), text: &str) -> bool {
        [&self.first, &self.other].into_iter().flatten().any(|(known, said)| *known <= at && said == text)
    }

    fn note(&mut self, at: (u32, u64), text: &str) {
        if text.is_empty() || self.knows(at, text) {
            return;
        }
        let mut all: Vec<((u32, u64), String)> = [self.first.take(), self.other.take()].into_iter().flatten().collect();
        match all.iter_mut().find(|(_, said)| said == text) {
            Some(known) => known.0 = at.min(known.0),
            None => all.push((at, text.to_owned())),
        }
        all.sort_unstable();
        let mut all = all.into_iter();
        (self.first, self.other) = (all.next(), all.next());
    }

    fn merge(&mut self, other: Self) {
        for (at, text) in [other.first, other.other].into_iter().flatten() {
            self.note(at, &text);
        }
    }

    fn first(&self) -> Option<&str> {
        self.first.as_ref().map(|(_, text)| text.as_str())
    }

    fn both(&self) -> Option<[&str; 2]> {
        Some([self.first()?, self.other.as_ref()?.1.as_str()])
    }
}

/// What the logs say of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    country: Said,
    city: Said,
    degrees: Said,
}

impl Whereabouts {
    /// The country, as logged, where all records agree.
    pub fn country(&self) -> Option<&str> {
        self.country.first().filter(|_| differ(&self.country).is_none())
    }

    /// The city, as logged, where all records agree.
    pub fn city(&self) -> Option<&str> {
        self.city.first().filter(|_| differ(&self.city).is_none())
    }

    /// The place, where no records contradict each other on where the address is.
    pub fn place(&self) -> Option<Place> {
        self.conflict().is_none().then(|| place(self.degrees.first()?)).flatten()
    }

    /// Two statements that contradict each other.
    pub fn conflict(&self) -> Option<[&str; 2]> {
        let far = || {
            let both = self.degrees.both()?;
            let [one, other] = both.map(place);
            (one?.least_distance(other?) > APART).then_some(both)
        };
        differ(&self.country).or_else(|| differ(&self.city)).or_else(far)
    }

    fn merge(&mut self, other: Self) {
        self.country.merge(other.country);
        self.city.merge(other.city);
        self.degrees.merge(other.degrees);
    }
}

/// Two names that differ by more than their case.
fn differ(said: &Said) -> Option<[&str; 2]> {
    said.both().filter(|[one, other]| !one.eq_ignore_ascii_case(other))
}

/// The place of degrees north and east.
fn place(degrees: &str) -> Option<Place> {
    let (north, east) = degrees.split_once(' ')?;
    Place::logged(north, east)
}

/// What the logs say, by address.
pub type Atlas = BTreeMap<String, Whereabouts>;

/// Which fields of a record say where its address is.
#[derive(Clone, Copy)]
pub(super) struct Columns([Option<usize>; 4]);

impl Columns {
    /// Of a log; `None` when it has none of them.
    pub(super) fn of(cells: &[Cell]) -> Option<Self> {
        let columns = COLUMNS.map(|name| cells.iter().position(|cell| cell.column() == Some(name)));
        columns.iter().any(Option::is_some).then_some(Self(columns))
    }

    /// Notes what a record says of its address; a field that is no text says nothing.
    pub(super) fn note(self, atlas: &mut Atlas, ip: &str, at: (u32, u64), record: &csv::ByteRecord) {
        let [country, city, north, east] = self.0.map(|column| {
            let cell = column.and_then(|column| record.get(column)).unwrap_or_default();
            cells::text(cell).ok().flatten().unwrap_or_default()
        });
        if [&country, &city, &north, &east].iter().all(|text| text.is_empty()) {
            return;
        }
        if !atlas.contains_key(ip) {
            atlas.insert(ip.to_owned(), Whereabouts::default());
        }
        let Some(known) = atlas.get_mut(ip) else { return };
        known.country.note(at, country);
        known.city.note(at, city);
        if !north.is_empty() && !east.is_empty() {
            known.degrees.note(at, &format!("{north} {east}"));
        }
    }
}

/// Adds what other records say of an address.
pub(super) fn merge(atlas: &mut Atlas, ip: String, said: Whereabouts) {
    atlas.entry(ip).or_default().merge(said);
}
