//! Where the columns of a call log stand, and what its records showed before.
//!
//! Logs repeat themselves but for times, amounts and ids: neighbouring columns that go together (a key, its address and its
//! client) are one text, which is understood once and from then on only compared. Which columns go together is found out
//! from records of the log itself; it decides how fast a log is read, never what is read.

use std::collections::HashSet;
use std::hash::BuildHasher;

use hashbrown::HashTable;

use super::dictionary::{FastMap, Hash};
use super::line::is_bare;
use super::records::{Piece, Records};
use crate::formats::Cell;

/// The columns that make a caller, in the order of its codes.
pub const CALLER: [&str; 9] = ["account", "key_name", "key", "ip", "client", "method", "operation", "status", "code"];
/// The columns whose values hardly repeat.
pub const VALUES: [&str; 4] = ["quantity", "price", "order_id", "client_order_id"];
/// The number of the pair among what a record names, behind the caller's columns.
pub const SYMBOL: usize = 9;
/// The number of the side.
pub const SIDE: usize = 10;
/// Codes of the caller, the pair and the side.
pub type Names = [u32; 11];

/// So many records are looked at to find out which columns go together.
const LEARNED_FROM: usize = 2048;
/// Columns go together as long as they make no more texts than this, or twice as many as one of them alone.
const FEW: usize = 256;
/// So many texts of columns that go together are remembered.
const REMEMBERED: usize = 1 << 16;
/// And so many pairs of what they make.
const ROOM: usize = 1 << 21;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Time,
    Value(usize),
    Name(usize),
    Ignored,
}

/// Columns that go together, and the texts met in them.
struct Group {
    /// The first and the last of them.
    columns: (usize, usize),
    names: Vec<usize>,
    seen: HashTable<Seen>,
    texts: Vec<u8>,
    /// The distinct callers among them: their codes, zero for columns of others.
    parts: FastMap<[u32; 9], u32>,
    /// The numbers of the callers that they make together with the groups before.
    numbers: Numbers,
}

/// The number of each pair of a number and a part, in one field of rows: it is looked into for every record.
#[derive(Default)]
struct Numbers {
    /// A row holds so many parts, as a power of two.
    bits: u32,
    /// A number more by one, or zero where the pair was not met.
    rows: Vec<u32>,
    count: u32,
}

impl Numbers {
    #[inline]
    fn find(&self, before: u32, part: u32) -> Option<u32> {
        let at = (before as usize) << self.bits | part as usize;
        if part >> self.bits == 0 { self.rows.get(at)?.checked_sub(1) } else { None }
    }

    /// The number of a pair, as far as there is room.
    fn learn(&mut self, before: u32, part: u32) -> Option<u32> {
        if let Some(number) = self.find(before, part) {
            return Some(number);
        }
        let bits = self.bits.max(u32::BITS - part.leading_zeros());
        let size = (before as usize + 1) << bits;
        if size > ROOM || self.rows.len() >> self.bits << bits > ROOM {
            return None;
        }
        if bits > self.bits {
            let old = std::mem::take(&mut self.rows);
            for row in old.chunks(1 << self.bits) {
                self.rows.extend_from_slice(row);
                self.rows.resize(self.rows.len().next_multiple_of(1 << bits), 0);
            }
            self.bits = bits;
        }
        if self.rows.len() < size {
            self.rows.resize(size, 0);
        }
        self.count += 1;
        self.rows[(before as usize) << bits | part as usize] = self.count;
        Some(self.count - 1)
    }
}

/// A text of a group.
#[derive(Clone, Copy)]
struct Seen {
    from: u32,
    length: u32,
    part: u32,
    symbol: u32,
    side: u32,
}

/// The layout of a log.
pub struct Layout {
    delimiter: u8,
    roles: Vec<Role>,
    time: usize,
    groups: Vec<Group>,
    /// Names that hardly repeat, with their columns.
    pub singles: Vec<(usize, usize)>,
    /// [`VALUES`] that the log has, with their columns.
    pub values: Vec<(usize, usize)>,
    hash: Hash,
}

/// What a record shows without being split into fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct Glimpse<'r> {
    /// Its time, as written.
    pub time: &'r [u8],
    /// The number of the caller that its groups make.
    pub caller: u32,
    /// The code of its pair.
    pub symbol: u32,
    /// The code of its side.
    pub side: u32,
}

impl Layout {
    /// Lays out the columns of a log; `text` begins with a record of it.
    pub fn new(cells: &[Cell], delimiter: u8, text: &[u8]) -> Self {
        let role = |(at, cell): (usize, &Cell)| {
            let Some(name) = cell.column() else { return Role::Ignored };
            let number = |list: &[&str]| list.iter().position(|known| *known == name);
            match name {
                // Of two columns with one meaning the first counts.
                _ if cells[..at].iter().any(|cell| cell.column() == Some(name)) => Role::Ignored,
                "time" => Role::Time,
                "symbol" => Role::Name(SYMBOL),
                "side" => Role::Name(SIDE),
                _ => number(&CALLER).map(Role::Name).or(number(&VALUES).map(Role::Value)).unwrap_or(Role::Ignored),
            }
        };
        let roles: Vec<Role> = cells.iter().enumerate().map(role).collect();
        let column = |role: Role| roles.iter().position(|known| *known == role);
        let mut layout = Self {
            delimiter,
            time: column(Role::Time).unwrap_or(0),
            groups: Vec::new(),
            singles: Vec::new(),
            values: (0..VALUES.len()).filter_map(|value| Some((value, column(Role::Value(value))?))).collect(),
            hash: Hash::default(),
            roles,
        };
        layout.arrange(text);
        layout
    }

    /// Finds out which columns go together.
    fn arrange(&mut self, text: &[u8]) {
        let sample = self.sample(text);
        let distinct = |from: usize, to: usize| {
            let texts = sample.iter().filter_map(|(raw, ends)| field(raw, ends, from, to));
            texts.collect::<HashSet<&[u8]>>().len()
        };
        let many = (sample.len() / 4).max(1);
        // How many texts the group at hand has.
        let mut open: Option<usize> = None;
        for (at, role) in self.roles.iter().enumerate() {
            let own = if matches!(role, Role::Name(_) | Role::Ignored) { distinct(at, at) } else { usize::MAX };
            if own > many {
                if let Role::Name(name) = role {
                    self.singles.push((*name, at));
                }
                open = None;
                continue;
            }
            let joined = open.zip(self.groups.last_mut()).and_then(|(texts, group)| {
                let together = distinct(group.columns.0, at);
                (together <= FEW.max(2 * texts.max(own))).then_some((together, group))
            });
            match joined {
                Some((together, group)) => {
                    group.columns.1 = at;
                    open = Some(together);
                }
                None => {
                    self.groups.push(Group::new((at, at)));
                    open = Some(own);
                }
            }
            if let (Role::Name(name), Some(group)) = (role, self.groups.last_mut()) {
                group.names.push(*name);
            }
        }
        self.groups.retain(|group| !group.names.is_empty());
    }

    /// Forgets all texts.
    pub fn forget(&mut self) {
        for group in &mut self.groups {
            *group = Group { names: std::mem::take(&mut group.names), ..Group::new(group.columns) };
        }
    }

    /// Some records of the right width, with the ends of their fields.
    fn sample<'t>(&self, text: &'t [u8]) -> Vec<(&'t [u8], Vec<u32>)> {
        let mut records = Records::at(text, self.delimiter, 1, 1);
        records.expect_width(self.roles.len());
        let mut sample = Vec::new();
        while sample.len() < LEARNED_FROM
            && let Some((_, raw, piece)) = records.piece()
        {
            if matches!(piece, Piece::Record { .. }) && records.ends().len() == self.roles.len() {
                sample.push((raw, records.ends().to_vec()));
            }
        }
        sample
    }

    /// Looks at a record; `None` when a text of it was not met before, or when it is not of the usual shape.
    #[inline]
    pub fn glimpse<'r>(&self, raw: &'r [u8], ends: &[u32]) -> Option<Glimpse<'r>> {
        let width = self.roles.len();
        if ends.len() != width && !(ends.len() > width && is_bare(&raw[ends[width - 1] as usize..], self.delimiter)) {
            return None;
        }
        let mut glimpse = Glimpse { time: plain(field(raw, ends, self.time, self.time)?)?, ..Glimpse::default() };
        for (at, group) in self.groups.iter().enumerate() {
            let seen = group.find(field(raw, ends, group.columns.0, group.columns.1)?, &self.hash)?;
            glimpse.caller = if at == 0 { seen.part } else { group.numbers.find(glimpse.caller, seen.part)? };
            glimpse.symbol |= seen.symbol;
            glimpse.side |= seen.side;
        }
        Some(glimpse)
    }

    /// Remembers the texts of a record of the right width, as far as there is room, and what it was understood to name.
    /// Gives the number of the caller that its groups make, and that caller.
    pub fn learn(&mut self, raw: &[u8], ends: &[u32], names: &Names) -> Option<(u32, [u32; 9])> {
        let mut all: Option<(u32, [u32; 9])> = None;
        for group in &mut self.groups {
            let (part, own) = group.learn(field(raw, ends, group.columns.0, group.columns.1)?, &self.hash, names)?;
            all = Some(match all {
                None => (part, own),
                Some((before, caller)) => {
                    let number = group.numbers.learn(before, part)?;
                    (number, std::array::from_fn(|at| caller[at] | own[at]))
                }
            });
        }
        // Without any group there is nothing to remember, but all is known.
        Some(all.unwrap_or_default())
    }
}

/// The text of some neighbouring fields.
#[inline]
pub fn field<'r>(raw: &'r [u8], ends: &[u32], first: usize, last: usize) -> Option<&'r [u8]> {
    let from = if first == 0 { 0 } else { *ends.get(first - 1)? as usize + 1 };
    raw.get(from..*ends.get(last)? as usize)
}

/// A field without quotes around it.
#[inline]
pub fn plain(field: &[u8]) -> Option<&[u8]> {
    (field.first() != Some(&b'"')).then_some(field)
}

impl Group {
    fn new(columns: (usize, usize)) -> Self {
        Self {
            columns,
            names: Vec::new(),
            seen: HashTable::new(),
            texts: Vec::new(),
            parts: FastMap::default(),
            numbers: Numbers::default(),
        }
    }

    fn text(texts: &[u8], seen: &Seen) -> std::ops::Range<usize> {
        debug_assert!(seen.from as usize <= texts.len());
        seen.from as usize..seen.from as usize + seen.length as usize
    }

    #[inline]
    fn find(&self, text: &[u8], hash: &Hash) -> Option<Seen> {
        let texts = &self.texts;
        self.seen.find(hash.hash_one(text), |seen| &texts[Self::text(texts, seen)] == text).copied()
    }

    /// Remembers a text: gives the number of its part of the caller, and that part.
    fn learn(&mut self, text: &[u8], hash: &Hash, names: &Names) -> Option<(u32, [u32; 9])> {
        let own = |name: usize| if self.names.contains(&name) { names[name] } else { 0 };
        let part: [u32; 9] = std::array::from_fn(own);
        let (symbol, side) = (own(SYMBOL), own(SIDE));
        if let Some(seen) = self.find(text, hash) {
            return Some((seen.part, part));
        }
        if self.seen.len() >= REMEMBERED {
            return None;
        }
        let next = self.parts.len() as u32;
        let number = *self.parts.entry(part).or_insert(next);
        let from = u32::try_from(self.texts.len()).ok()?;
        let length = u32::try_from(text.len()).ok()?;
        self.texts.extend_from_slice(text);
        let Self { seen, texts, .. } = self;
        let new = Seen { from, length, part: number, symbol, side };
        seen.insert_unique(hash.hash_one(text), new, |seen| hash.hash_one(&texts[Self::text(texts, seen)]));
        Some((number, part))
    }
}
