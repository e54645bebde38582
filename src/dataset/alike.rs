//! Finds records that are alike, without a copy of what they say.

/// Those of some rows that are like an earlier one, each with the first such row, in order. Rows that are the `same` have one
/// `hash`.
pub fn repeats(
    rows: impl Iterator<Item = usize>,
    hash: impl Fn(usize) -> u64,
    same: impl Fn(usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    // Half of the hash before the row: sorted, the rows to compare stand side by side. Of millions of rows that takes half
    // the time and memory of a table, which would look for each of them in another place.
    let mut marked: Vec<u64> = rows.map(|row| hash(row) << 32 | row as u64).collect();
    marked.sort_unstable();
    let mut found = Vec::new();
    let mut firsts: Vec<usize> = Vec::new();
    for near in marked.chunk_by(|a, b| a >> 32 == b >> 32).filter(|near| near.len() > 1) {
        firsts.clear();
        for row in near.iter().map(|marked| *marked as u32 as usize) {
            match firsts.iter().find(|first| same(**first, row)) {
                Some(first) => found.push((row, *first)),
                None => firsts.push(row),
            }
        }
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_told_with_their_first_even_where_others_share_the_hash() {
        let texts = ["b", "a", "b", "c", "a", "b"];
        for hash in [|_: &str| 7, |text: &str| u64::from(text.as_bytes()[0])] {
            let same = |a: usize, b: usize| texts[a] == texts[b];
            assert_eq!(repeats(0..texts.len(), |at| hash(texts[at]), same), [(2, 0), (4, 1), (5, 0)]);
        }
        assert!(repeats([1, 3].into_iter(), |_| 0, |a, b| texts[a] == texts[b]).is_empty());
    }
}
