//! Things by the number that they belong to, all in one list: of a million orders most belong to a call of their own, and a
//! list for each would cost more than what is looked for in them.

/// Which things, by their places, belong to each number.
pub(super) struct Buckets {
    /// Where those of each number begin.
    starts: Vec<u32>,
    places: Vec<u32>,
}

impl Buckets {
    /// Puts things into so many buckets, by the number of each. Those of one bucket stay in order.
    pub(super) fn new(buckets: usize, numbers: impl Iterator<Item = usize> + Clone) -> Self {
        let mut starts = vec![0u32; buckets + 1];
        for number in numbers.clone() {
            starts[number + 1] += 1;
        }
        for number in 0..buckets {
            starts[number + 1] += starts[number];
        }
        let mut places = vec![0u32; starts[buckets] as usize];
        let mut next = starts.clone();
        for (place, number) in (0u32..).zip(numbers) {
            places[next[number] as usize] = place;
            next[number] += 1;
        }
        Self { starts, places }
    }

    /// The places of those of a number.
    pub(super) fn of(&self, number: usize) -> impl Iterator<Item = usize> + Clone + '_ {
        let own = self.starts[number] as usize..self.starts[number + 1] as usize;
        self.places[own].iter().map(|place| *place as usize)
    }

    /// All buckets, in order of their numbers.
    pub(super) fn all(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|pair| &self.places[pair[0] as usize..pair[1] as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::Buckets;

    #[test]
    fn things_stay_in_order_within_their_number() {
        let numbers = [2, 0, 2, 3, 2];
        let buckets = Buckets::new(5, numbers.iter().copied());
        let of = |number| buckets.of(number).collect::<Vec<usize>>();
        assert_eq!([of(0), of(1), of(2), of(3), of(4)], [vec![1], vec![], vec![0, 2, 4], vec![3], vec![]]);
        assert_eq!(buckets.all().map(<[u32]>::len).collect::<Vec<_>>(), [1, 0, 3, 1, 0]);
    }
}
