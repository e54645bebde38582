//! An export as it was read: what it is, and what became of its records.

use std::collections::BTreeMap;

use super::export::Export;
use super::ledger::{Chunks, Ledger};
use super::records::Place;
use super::rejects::Reject;
use crate::tables::Table;
use crate::time::{MINUTE, Timestamp};

/// One export as it was read: what it is and what became of its records.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its number, by path.
    pub id: u32,
    /// Its path as shown.
    pub path: String,
    /// Its name in the archive or workbook that it was taken from.
    pub member: Option<String>,
    /// The SHA-256 of its bytes, unless it was not asked for.
    pub sha256: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// The format's name.
    pub format: &'static str,
    /// Which of the format's headers.
    pub generation: &'static str,
    /// The exchange that wrote it, if the format tells.
    pub exchange: &'static str,
    /// The table its records went to, but for those of `parts`.
    pub table: Table,
    /// The tables that some of its records went to.
    pub parts: Vec<Table>,
    /// Of a ledger: the tables whose events its legs tell besides.
    pub tells: &'static [Table],
    /// The zone its times were taken in.
    pub zone: String,
    /// Where that zone came from: `option`, `header`, `file name`, `value`, `assumed`.
    pub zone_from: &'static str,
    /// When the export was made, by its file name.
    pub stamp: Option<i64>,
    /// The export it is a part of: the same for all parts of one.
    pub export: String,
    /// Which part of how many it is.
    pub part: Option<(u32, u32)>,
    /// How often that part is there already.
    pub again: u32,
    /// Values that all its records have, by column: its market, its direction.
    pub fixed: &'static [(&'static str, &'static str)],
    /// The encoding of its text.
    pub encoding: &'static str,
    /// Columns and what they were taken for; `None` for those of no use or not known.
    pub columns: Vec<(String, Option<&'static str>)>,
    /// Data records.
    pub records: u64,
    /// Records in the tables.
    pub accepted: u64,
    /// Records that another source holds too.
    pub duplicate: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Records left out on purpose, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// The first rejects.
    pub rejects: Vec<Reject>,
    /// The time of the earliest accepted record.
    pub first: Option<i64>,
    /// The newest accepted records, at most two, newest first, with their places.
    pub newest: Vec<(i64, Place)>,
    /// Times that fall into the hour that a clock change repeats; the earlier of the two instants was taken.
    pub ambiguous: u64,
    /// The coarsest unit that a time was written in.
    pub grain: i64,
    /// What else a reader should know.
    pub notes: Vec<String>,
}

impl Source {
    /// A source of which nothing has been read yet.
    pub fn new(id: u32, export: &Export) -> Self {
        let recognised = &export.recognised;
        Self {
            id,
            path: export.shown.clone(),
            member: export.member.clone(),
            sha256: export.sha256.clone(),
            bytes: export.size,
            format: recognised.format.id,
            generation: recognised.generation,
            exchange: recognised.format.exchange,
            table: recognised.format.table,
            parts: recognised.parts.iter().map(|part| part.table).collect(),
            tells: recognised.tells,
            zone: export.zone.to_string(),
            zone_from: export.zone_from,
            stamp: export.stamp,
            export: export.export.clone(),
            part: export.part,
            again: export.again,
            fixed: recognised.format.fixed,
            encoding: export.encoding,
            columns: columns(export),
            records: 0,
            accepted: 0,
            duplicate: 0,
            rejected: 0,
            skipped: BTreeMap::new(),
            rejects: Vec::new(),
            first: None,
            newest: Vec::new(),
            ambiguous: 0,
            grain: 1,
            notes: export.notes.clone(),
        }
    }

    /// The value that all its records have in a column.
    pub fn always(&self, column: &str) -> Option<&'static str> {
        self.fixed.iter().find(|(name, _)| *name == column).map(|(_, value)| *value)
    }

    /// Whether it speaks of what a table holds.
    pub fn holds(&self, table: Table) -> bool {
        self.writes(table) || self.tells.contains(&table)
    }

    /// Whether records of it are records of a table as they stand.
    pub fn writes(&self, table: Table) -> bool {
        self.table == table || self.parts.contains(&table)
    }

    /// Whether it says anything: a record, or that there is none.
    pub fn speaks(&self) -> bool {
        self.accepted + self.duplicate > 0 || self.rejected == 0
    }

    /// All skipped records.
    pub fn skipped_total(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// The time of the newest accepted record.
    pub fn last(&self) -> Option<i64> {
        self.newest.first().map(|(time, _)| *time)
    }

    /// The span of the accepted records, for people.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        Some((Timestamp(self.first?), Timestamp(self.last()?)))
    }

    /// Takes over what became of its records, and its hash where it was made along the way.
    pub(super) fn fill(&mut self, ledger: Ledger, chunks: &Chunks, hash: Option<String>, export: &Export) {
        self.records = ledger.records;
        self.accepted = ledger.accepted;
        self.rejected = ledger.rejected;
        self.skipped = ledger.skipped;
        self.rejects = ledger.rejects;
        for reject in &mut self.rejects {
            reject.place = chunks.place(reject.place);
        }
        self.first = ledger.first;
        self.newest = ledger.newest.iter().map(|(time, place)| (*time, chunks.place(*place))).collect();
        self.ambiguous = ledger.ambiguous;
        self.grain = ledger.grain;
        if self.grain >= MINUTE && export.writes_seconds() {
            self.notes.push(
                "times without seconds, which this export has: a program that re-saved it cut them off, so which of a minute's records came first is lost; use the file as the exchange gave it"
                    .to_owned(),
            );
        }
        if ledger.opening.is_some_and(|(_, own_offset)| own_offset) {
            self.zone = "UTC".to_owned();
            self.zone_from = "value";
        }
        self.sha256 = self.sha256.take().or(hash);
    }
}

/// The columns of an export and what they were taken for: of several tables the first that has a use for one counts. One
/// that has no name is shown where it is of use.
fn columns(export: &Export) -> Vec<(String, Option<&'static str>)> {
    let recognised = &export.recognised;
    let used = |at: usize| {
        let in_part = || recognised.parts.iter().find_map(|part| part.cells.get(at)?.column());
        recognised.cells[at].column().or_else(in_part)
    };
    let name = |at: usize| export.header.get(at).cloned().unwrap_or_default();
    let all = (0..recognised.cells.len()).map(|at| (name(at), used(at)));
    all.map(|(name, used)| (if name.is_empty() { "(no name)".to_owned() } else { name }, used)).collect()
}
