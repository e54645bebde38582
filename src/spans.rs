//! Spans with both ends, of times or of addresses.

/// Puts spans in order, and those that overlap together.
pub fn settle<T: Copy + Ord>(spans: &mut Vec<(T, T)>) {
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let joins = next.0 <= kept.1;
        if joins {
            kept.1 = kept.1.max(next.1);
        }
        joins
    });
}
