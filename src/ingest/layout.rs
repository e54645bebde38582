//! Where the columns of a call log stand, and what its records showed before.
//!
//! Logs repeat themselves but for times, amounts and ids: neighbouring columns that go together (a key, its address and its
//! client) are one text, which is understood once and from then on only compared. Which columns go together is found out
//! from records of the log itself; it decides how fast a log is read, never what is read.

use fearless_simd::Simd;

use super::dictionary::{FastMap, FastSet};
use super::line::{Row, Rows};
use super::records::{Piece, Records};
use super::texts::Texts;
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
/// So many pairs of parts of callers are remembered.
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
    seen: Texts<Seen>,
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

/// What a text of a group says.
#[derive(Clone, Copy, Default)]
struct Seen {
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
    /// Whether there are no such names and values.
    pub is_all_groups: bool,
}

/// What a record shows without being split into fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct Glimpse {
    /// The number of the caller that its groups make; [`UNKNOWN`] when a text of it was not met before, or when it is not
    /// of the usual shape.
    pub caller: u32,
    /// The code of its pair.
    pub symbol: u32,
    /// The code of its side.
    pub side: u32,
}

/// Of a caller that was not met before.
pub const UNKNOWN: u32 = u32::MAX;

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
            is_all_groups: false,
            roles,
        };
        layout.arrange(text);
        layout.is_all_groups = layout.singles.is_empty() && layout.values.is_empty();
        layout
    }

    /// Finds out which columns go together.
    fn arrange(&mut self, text: &[u8]) {
        let sample = self.sample(text);
        let distinct = |from: usize, to: usize| {
            let texts = sample.iter().filter_map(|(raw, ends)| Row::new(raw, 0, ends).fields(from, to));
            texts.collect::<FastSet<&[u8]>>().len()
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
            if matches!(piece, Piece::Record { .. }) && records.row().width() == self.roles.len() {
                sample.push((raw, records.row().ends()));
            }
        }
        sample
    }

    /// Looks at some records. One group is looked up for all of them before the next: what a look-up needs then stays in
    /// the processor's registers.
    #[inline(always)]
    pub fn glimpse<S: Simd>(&self, simd: S, rows: Rows<'_>, glimpses: &mut Vec<Glimpse>) {
        let width = self.roles.len();
        let shape =
            |row: Row<'_>| Glimpse { caller: if row.is_of_width(width) { 0 } else { UNKNOWN }, ..Glimpse::default() };
        glimpses.clear();
        glimpses.extend(rows.iter().map(shape));
        for (at, group) in self.groups.iter().enumerate() {
            let (first, last) = group.columns;
            for (row, glimpse) in rows.iter().zip(&mut *glimpses) {
                let place = row.place(first, last).filter(|_| glimpse.caller != UNKNOWN);
                let Some(seen) = place.and_then(|place| group.seen.find(simd, rows.text(), place)) else {
                    glimpse.caller = UNKNOWN;
                    continue;
                };
                let number = if at == 0 { Some(seen.part) } else { group.numbers.find(glimpse.caller, seen.part) };
                glimpse.caller = number.unwrap_or(UNKNOWN);
                glimpse.symbol |= seen.symbol;
                glimpse.side |= seen.side;
            }
        }
    }

    /// Where the time of a record stands.
    #[inline(always)]
    pub fn time_place(&self, row: Row<'_>) -> Option<(usize, usize)> {
        row.place(self.time, self.time)
    }

    /// The text of a record's time.
    pub fn time<'r>(&self, row: Row<'r>) -> Option<&'r [u8]> {
        row.plain(self.time)
    }

    /// Remembers the texts of a record of the right width, as far as there is room, and what it was understood to name.
    /// Gives the number of the caller that its groups make, and that caller.
    pub fn learn(&mut self, row: Row<'_>, names: &Names) -> Option<(u32, [u32; 9])> {
        let mut all: Option<(u32, [u32; 9])> = None;
        for group in &mut self.groups {
            let (part, own) = group.learn(row.fields(group.columns.0, group.columns.1)?, names)?;
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

impl Group {
    fn new(columns: (usize, usize)) -> Self {
        Self {
            columns,
            names: Vec::new(),
            seen: Texts::default(),
            parts: FastMap::default(),
            numbers: Numbers::default(),
        }
    }

    /// Remembers a text: gives the number of its part of the caller, and that part.
    fn learn(&mut self, text: &[u8], names: &Names) -> Option<(u32, [u32; 9])> {
        let own = |name: usize| if self.names.contains(&name) { names[name] } else { 0 };
        let part: [u32; 9] = std::array::from_fn(own);
        let (symbol, side) = (own(SYMBOL), own(SIDE));
        if let Some(seen) = self.seen.get(text) {
            return Some((seen.part, part));
        }
        let next = self.parts.len() as u32;
        let number = self.parts.get(&part).copied().unwrap_or(next);
        if !self.seen.add(text, Seen { part: number, symbol, side }) {
            return None;
        }
        self.parts.insert(part, number);
        Some((number, part))
    }
}
