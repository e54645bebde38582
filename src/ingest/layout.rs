//! Where the columns of a call log stand, and what its records showed before.
//!
//! Logs repeat themselves but for times, amounts and ids: neighbouring columns that go together (a key, its address and its
//! client) are one text, which is understood once and from then on only compared. Which columns go together is found out
//! from records of the log itself; it decides how fast a log is read, never what is read.

use std::collections::HashSet;
use std::hash::BuildHasher;

use hashbrown::HashTable;

use super::dictionary::{FastMap, Hash};
use super::records::{Piece, Records, field_end};
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

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Time,
    Value(usize),
    Name(usize),
    Ignored,
}

/// A part of a record.
enum Step {
    Time,
    Value(usize),
    /// A name that hardly repeats.
    Single(usize),
    /// So many columns of no use.
    Ignored(usize),
    Group(Group),
}

/// Columns that go together, and the texts met in them.
struct Group {
    columns: usize,
    names: Vec<usize>,
    seen: HashTable<Seen>,
    texts: Vec<u8>,
    /// The distinct callers among them: their codes, zero for columns of others.
    parts: FastMap<[u32; 9], u32>,
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
    steps: Vec<Step>,
    /// The numbers of the callers that groups make together with those before them, by the number of these and their part:
    /// a map for each group.
    chain: Vec<FastMap<(u32, u32), u32>>,
    hash: Hash,
    /// The places of names that hardly repeat in the record at hand, with what they name.
    pub singles: Vec<(usize, usize, usize)>,
}

/// What a record shows without being split into fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct Glimpse<'r> {
    /// Its time, as written.
    pub time: &'r [u8],
    /// Its values, as written; empty where there is none.
    pub values: [&'r [u8]; 4],
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
        let mut layout =
            Self { delimiter, roles, steps: Vec::new(), chain: Vec::new(), hash: Hash::default(), singles: Vec::new() };
        layout.arrange(text);
        layout
    }

    /// Finds out which columns go together.
    fn arrange(&mut self, text: &[u8]) {
        let sample = self.sample(text);
        let distinct = |from: usize, to: usize| {
            let texts = sample.iter().map(|(raw, ends)| &raw[if from == 0 { 0 } else { ends[from - 1] + 1 }..ends[to]]);
            texts.collect::<HashSet<&[u8]>>().len()
        };
        let many = (sample.len() / 4).max(1);
        // The group at hand: its first column and its texts.
        let mut open: Option<(usize, usize)> = None;
        for (at, role) in self.roles.iter().enumerate() {
            let groups = matches!(role, Role::Name(_) | Role::Ignored);
            let own = if groups { distinct(at, at) } else { usize::MAX };
            if own > many {
                self.steps.push(match role {
                    Role::Time => Step::Time,
                    Role::Value(value) => Step::Value(*value),
                    Role::Name(name) => Step::Single(*name),
                    Role::Ignored => Step::Ignored(1),
                });
                open = None;
                continue;
            }
            let joined = open.map(|(first, texts)| (first, distinct(first, at), FEW.max(2 * texts.max(own))));
            match (joined, self.steps.last_mut()) {
                (Some((first, texts, most)), Some(Step::Group(group))) if texts <= most => {
                    group.columns += 1;
                    open = Some((first, texts));
                }
                _ => {
                    self.steps.push(Step::Group(Group::new()));
                    open = Some((at, own));
                }
            }
            if let (Role::Name(name), Some(Step::Group(group))) = (role, self.steps.last_mut()) {
                group.names.push(*name);
            }
        }
        for step in &mut self.steps {
            if let Step::Group(group) = step
                && group.names.is_empty()
            {
                *step = Step::Ignored(group.columns);
            }
        }
        self.chain =
            self.steps.iter().filter(|step| matches!(step, Step::Group(_))).map(|_| FastMap::default()).collect();
    }

    /// Forgets all texts.
    pub fn forget(&mut self) {
        self.chain.iter_mut().for_each(FastMap::clear);
        for step in &mut self.steps {
            if let Step::Group(group) = step {
                *group = Group { columns: group.columns, names: std::mem::take(&mut group.names), ..Group::new() };
            }
        }
    }

    /// Some records of the right width, with the ends of their fields.
    fn sample<'t>(&self, text: &'t [u8]) -> Vec<(&'t [u8], Vec<usize>)> {
        let mut records = Records::at(text, self.delimiter, 1, 1);
        records.expect_width(self.roles.len());
        let fields = |(_, raw, piece): (_, &'t [u8], Piece)| {
            let Piece::Record { quoted } = piece else { return None };
            let mut ends: Vec<usize> = vec![field_end(raw, 0, self.delimiter, quoted)];
            while ends.last().is_some_and(|end| *end < raw.len()) && ends.len() <= self.roles.len() {
                let from = ends.last().map_or(0, |end| end + 1);
                ends.push(field_end(raw, from, self.delimiter, quoted));
            }
            (ends.len() == self.roles.len()).then_some((raw, ends))
        };
        std::iter::from_fn(|| records.piece()).take(LEARNED_FROM).filter_map(fields).collect()
    }

    /// Looks at a record; `None` when a text of it was not met before, or when it is not of the usual shape.
    #[inline]
    pub fn glimpse<'r>(&mut self, raw: &'r [u8], quoted: bool) -> Option<Glimpse<'r>> {
        let Self { steps, chain, hash, singles, delimiter, .. } = self;
        singles.clear();
        let mut glimpse = Glimpse::default();
        let mut groups = 0;
        let shaped = walk(steps, *delimiter, raw, quoted, |step, from, to| {
            let text = &raw[from..to];
            match step {
                Step::Group(group) => {
                    let seen = group.find(text, hash)?;
                    glimpse.caller = match groups {
                        0 => seen.part,
                        _ => *chain[groups].get(&(glimpse.caller, seen.part))?,
                    };
                    groups += 1;
                    glimpse.symbol |= seen.symbol;
                    glimpse.side |= seen.side;
                }
                Step::Ignored(_) => {}
                _ if text.first() == Some(&b'"') => return None,
                Step::Single(name) => singles.push((*name, from, to)),
                Step::Time => glimpse.time = text,
                Step::Value(value) => glimpse.values[*value] = text,
            }
            Some(())
        });
        shaped.map(|()| glimpse)
    }

    /// Remembers the texts of a record of the right width, as far as there is room, and what it was understood to name.
    /// Gives the number of the caller that its groups make, and that caller.
    pub fn learn(&mut self, raw: &[u8], quoted: bool, names: &Names) -> Option<(u32, [u32; 9])> {
        let mut texts = Vec::new();
        walk(&self.steps, self.delimiter, raw, quoted, |step, from, to| {
            if let Step::Group(_) = step {
                texts.push(&raw[from..to]);
            }
            Some(())
        })?;
        let groups = self.steps.iter_mut().filter_map(|step| match step {
            Step::Group(group) => Some(group),
            _ => None,
        });
        let mut all: Option<(u32, [u32; 9])> = None;
        for ((group, text), chain) in groups.zip(texts).zip(&mut self.chain) {
            let (part, own) = group.learn(text, &self.hash, names)?;
            all = Some(match all {
                None => (part, own),
                Some((before, caller)) => {
                    let next = chain.len() as u32;
                    if next as usize >= REMEMBERED && !chain.contains_key(&(before, part)) {
                        return None;
                    }
                    let number = *chain.entry((before, part)).or_insert(next);
                    (number, std::array::from_fn(|at| caller[at] | own[at]))
                }
            });
        }
        // Without any group there is nothing to remember, but all is known.
        Some(all.unwrap_or_default())
    }
}

/// Goes through a record step by step, as long as it has the layout's shape.
#[inline]
fn walk(
    steps: &[Step],
    delimiter: u8,
    raw: &[u8],
    quoted: bool,
    mut take: impl FnMut(&Step, usize, usize) -> Option<()>,
) -> Option<()> {
    let mut from = 0;
    let last = steps.len() - 1;
    for (at, step) in steps.iter().enumerate() {
        if from > raw.len() {
            return None;
        }
        let columns = match step {
            Step::Group(Group { columns, .. }) | Step::Ignored(columns) => *columns,
            Step::Time | Step::Value(_) | Step::Single(_) => 1,
        };
        // The last group reaches to the end: its text was of the right width when it was met first.
        let end = if at == last && matches!(step, Step::Group(_)) {
            raw.len()
        } else {
            let mut end = field_end(raw, from, delimiter, quoted);
            for _ in 1..columns {
                if end >= raw.len() {
                    return None;
                }
                end = field_end(raw, end + 1, delimiter, quoted);
            }
            end
        };
        take(step, from, end)?;
        from = end + 1;
    }
    // One step beyond the end: all of the record was gone through.
    (from == raw.len() + 1).then_some(())
}

impl Group {
    fn new() -> Self {
        Self { columns: 1, names: Vec::new(), seen: HashTable::new(), texts: Vec::new(), parts: FastMap::default() }
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
