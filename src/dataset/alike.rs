//! Finds records that are alike, without a copy of what they say.

use hashbrown::HashTable;

/// The first of every group of rows that are alike.
pub struct Alike<H, S> {
    rows: HashTable<u32>,
    hash: H,
    same: S,
}

impl<H: Fn(usize) -> u64, S: Fn(usize, usize) -> bool> Alike<H, S> {
    /// Of rows that are `same`; such rows have one `hash`.
    pub fn new(hash: H, same: S) -> Self {
        Self { rows: HashTable::new(), hash, same }
    }

    /// The first row given that is like this one: itself, if there was none.
    pub fn first(&mut self, at: usize) -> usize {
        let Self { rows, hash, same } = self;
        let found = rows.entry(hash(at), |row| same(*row as usize, at), |row| hash(*row as usize));
        *found.or_insert(at as u32).get() as usize
    }
}
