//! Records of a log whose times cannot be read: the spans of time that these may belong to, by the records around them.
//!
//! Threads read chunks of a log in turn. What is known of neighbouring chunks is joined as soon as both were read, so that
//! it takes the same memory whatever the length of the log.

use crate::time::HOUR;

/// A record that cannot be read at the head or tail of a log may be so long before or after the others.
const OPEN_END: i64 = 6 * HOUR;

/// A span of time, with both ends.
pub type Span = (i64, i64);

/// Neighbouring chunks of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    source: u32,
    /// The first and the last chunk.
    chunks: (u32, u32),
    /// The first and the last accepted time.
    seen: Option<Span>,
    /// Whether a record without a readable time stands before the first of them, and since the last.
    unread: (bool, bool),
}

impl Stretch {
    /// A chunk of which nothing was read yet.
    pub fn new(source: u32, chunk: u32) -> Self {
        Self { source, chunks: (chunk, chunk), ..Self::default() }
    }

    /// The log that it belongs to.
    pub fn source(&self) -> u32 {
        self.source
    }

    /// Takes note of a record without a readable time.
    pub fn miss(&mut self) {
        match self.seen {
            Some(_) => self.unread.1 = true,
            None => self.unread.0 = true,
        }
    }

    /// Takes note of an accepted time. Gives the span of the records before it that could not be read.
    pub fn see(&mut self, time: i64) -> Option<Span> {
        let (_, last) = self.seen.get_or_insert((time, time));
        let hole = std::mem::take(&mut self.unread.1).then_some((time.min(*last), time.max(*last)));
        *last = time;
        hole
    }

    /// Whether another one begins where it ends.
    fn meets(&self, next: &Self) -> bool {
        (self.source, self.chunks.1.checked_add(1)) == (next.source, Some(next.chunks.0))
    }

    /// Adds the one that begins where it ends. Gives the span of the records between them that could not be read.
    fn join(&mut self, next: &Self) -> Option<Span> {
        self.chunks.1 = next.chunks.1;
        let between = self.unread.1 || next.unread.0;
        match (&mut self.seen, next.seen) {
            (Some((_, last)), Some((first, end))) => {
                let hole = between.then_some((first.min(*last), first.max(*last)));
                (*last, self.unread.1) = (end, next.unread.1);
                hole
            }
            (Some(_), None) => {
                self.unread.1 = between;
                None
            }
            (None, seen) => {
                *self = Self { seen, unread: (self.unread.0 || next.unread.0, next.unread.1), ..*self };
                None
            }
        }
    }

    /// The spans of the records before and behind all others that could not be read.
    fn ends(&self) -> impl Iterator<Item = Span> {
        let (before, behind) = self.unread;
        let seen = self.seen.into_iter();
        seen.flat_map(move |(first, last)| {
            let ends =
                [before.then_some((first - OPEN_END, first)), behind.then_some((last - OPEN_END, last + OPEN_END))];
            ends.into_iter().flatten()
        })
    }
}

/// What was read of all logs, by any thread and in any order.
#[derive(Debug, Default)]
pub struct Stretches {
    /// In order, as few as can be.
    list: Vec<Stretch>,
    holes: Vec<Span>,
}

impl Stretches {
    /// Adds a chunk.
    pub fn add(&mut self, chunk: Stretch) {
        let at = self.list.partition_point(|known| (known.source, known.chunks) < (chunk.source, chunk.chunks));
        self.list.insert(at, chunk);
        self.join(at);
        if let Some(before) = at.checked_sub(1) {
            self.join(before);
        }
    }

    /// Joins one with the next, if they meet.
    fn join(&mut self, at: usize) {
        let Some([one, next]) = self.list.get_mut(at..).and_then(<[_]>::first_chunk_mut) else { return };
        if one.meets(next) {
            self.holes.extend(one.join(next));
            self.list.remove(at + 1);
        }
    }

    /// The spans of the records that could not be read, in no order.
    pub fn into_holes(mut self) -> Vec<Span> {
        self.holes.extend(self.list.iter().flat_map(Stretch::ends));
        self.holes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spans;

    /// The records of a chunk: the times of those that have one.
    type Chunk = Vec<Option<i64>>;

    /// The spans of a log whose chunks are read in some order.
    fn holes(chunks: &[Chunk], order: &[usize]) -> Vec<Span> {
        let (mut all, mut holes) = (Stretches::default(), Vec::new());
        for &number in order {
            let mut chunk = Stretch::new(7, number as u32);
            for record in &chunks[number] {
                match record {
                    Some(time) => holes.extend(chunk.see(*time)),
                    None => chunk.miss(),
                }
            }
            all.add(chunk);
        }
        assert_eq!(all.list.len(), 1);
        holes.extend(all.into_holes());
        spans::settle(&mut holes);
        holes
    }

    #[test]
    fn a_log_in_chunks_that_are_read_in_any_order_has_the_holes_of_one_that_is_whole() {
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..2_000 {
            let record =
                |random: &mut fastrand::Rng, at: i64| random.bool().then(|| 1_000 * HOUR * at + random.i64(0..HOUR));
            let records: Chunk = (0..random.i64(0..12)).map(|at| record(&mut random, at)).collect();
            let mut chunks: Vec<Chunk> = vec![Chunk::new()];
            for record in &records {
                while random.u8(0..3) == 0 {
                    chunks.push(Chunk::new());
                }
                chunks.last_mut().unwrap().push(*record);
            }
            let mut order: Vec<usize> = (0..chunks.len()).collect();
            random.shuffle(&mut order);
            assert_eq!(
                holes(&chunks, &order),
                holes(std::slice::from_ref(&records), &[0]),
                "{records:?} {chunks:?} {order:?}"
            );
        }
    }

    #[test]
    fn the_unread_lie_between_their_neighbours_and_at_the_ends_of_a_log() {
        let log = [vec![None, Some(10 * HOUR)], vec![None], vec![Some(11 * HOUR), Some(12 * HOUR)], vec![None]];
        let expected = [(4 * HOUR, 11 * HOUR), (12 * HOUR - OPEN_END, 12 * HOUR + OPEN_END)];
        let mut expected = expected.to_vec();
        spans::settle(&mut expected);
        assert_eq!(holes(&log, &[3, 1, 0, 2]), expected);
    }
}
