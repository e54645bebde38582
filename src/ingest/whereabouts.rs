//! Where the call logs say that an address is: of each address what its first record states.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::cells;
use crate::formats::Cell;

/// The columns that say it.
const COLUMNS: [&str; 4] = ["country", "city", "latitude", "longitude"];

/// What a log says of an address; empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// The source and the record that say so: the first in the order of the files, whoever read it.
    at: (u32, u64),
    /// The country, as logged.
    pub country: String,
    /// The city, as logged.
    pub city: String,
    /// The degrees north and east, as logged.
    pub degrees: (String, String),
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

    /// What a record says; a field that is no text says nothing.
    pub(super) fn read(self, at: (u32, u64), record: &csv::ByteRecord) -> Whereabouts {
        let [country, city, north, east] = self.0.map(|column| {
            let cell = column.and_then(|column| record.get(column)).unwrap_or_default();
            cells::text(cell).ok().flatten().unwrap_or_default().to_owned()
        });
        Whereabouts { at, country, city, degrees: (north, east) }
    }
}

/// Notes what a record says of an address.
pub(super) fn note(atlas: &mut Atlas, ip: &str, said: Whereabouts) {
    match atlas.entry(ip.to_owned()) {
        Entry::Vacant(new) => {
            new.insert(said);
        }
        Entry::Occupied(mut known) if said.at < known.get().at => {
            known.insert(said);
        }
        Entry::Occupied(_) => {}
    }
}
