//! Parts with numbers of which those with the same one add up: kept as a list, that may be millions long, and added up
//! whenever it is full.

/// What adds up with others of its number, in any order.
pub trait Part: Copy {
    /// Its number.
    fn number(&self) -> i64;

    /// Adds another with the same number.
    fn join(&mut self, other: &Self);
}

/// Parts by number. The list may hold several of one number, in any order, until it is settled.
#[derive(Clone, Debug)]
pub struct Series<P>(Vec<P>);

impl<P> Default for Series<P> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<P: Part> Series<P> {
    /// Adds a part.
    #[inline]
    pub fn add(&mut self, part: P) {
        match self.0.last_mut() {
            Some(last) if last.number() == part.number() => last.join(&part),
            _ => self.push(part),
        }
    }

    /// Begins another part.
    pub fn push(&mut self, part: P) {
        if self.0.len() == self.0.capacity() {
            self.settle();
            self.0.reserve(self.0.len() / 2 + 1);
        }
        self.0.push(part);
    }

    /// The part that was added last.
    #[inline]
    pub fn last_mut(&mut self) -> Option<&mut P> {
        self.0.last_mut()
    }

    /// Adds all of another one.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
        self.settle();
    }

    /// Adds up what belongs together, and puts the parts in order.
    pub fn settle(&mut self) {
        if self.0.is_sorted_by(|one, next| one.number() < next.number()) {
            return;
        }
        // A stable sort makes use of the order that most of the list has already.
        self.0.sort_by_key(Part::number);
        self.0.dedup_by(|next, kept| {
            let same = next.number() == kept.number();
            if same {
                kept.join(next);
            }
            same
        });
    }

    /// The parts, once they are settled: each number once, in order.
    pub fn parts(&self) -> &[P] {
        &self.0
    }
}

/// Numbers, each once.
impl Part for u64 {
    fn number(&self) -> i64 {
        self.cast_signed()
    }

    fn join(&mut self, _: &Self) {}
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Clone, Copy)]
    struct Counted(i64, u32);

    impl Part for Counted {
        fn number(&self) -> i64 {
            self.0
        }

        fn join(&mut self, other: &Self) {
            self.1 += other.1;
        }
    }

    #[test]
    fn parts_add_up_in_any_order_and_take_little_room() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut counts = BTreeMap::new();
        let mut two: [Series<Counted>; 2] = Default::default();
        for _ in 0..5_000 {
            let number = random.i64(100..700);
            two[random.usize(0..2)].add(Counted(number, 1));
            *counts.entry(number).or_insert(0) += 1;
        }
        assert!(two.iter().all(|series| series.0.capacity() < 1_500));
        let [mut all, other] = two;
        all.extend(other);
        let parts: Vec<(i64, u32)> = all.parts().iter().map(|part| (part.0, part.1)).collect();
        assert_eq!(parts, counts.into_iter().collect::<Vec<_>>());
    }
}
