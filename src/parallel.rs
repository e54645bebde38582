//! Work on several things at once, with results in their order.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does some work for each of some things, on up to so many threads; each takes the next when it is done with one. Gives the
/// results in the order of the things.
///
/// # Panics
/// When the work does.
pub fn map<T: Send, R: Send>(things: Vec<T>, jobs: usize, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let others = jobs.min(things.len()).saturating_sub(1);
    let queue = Mutex::new(things.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let take = || next().map(|(at, thing)| (at, work(thing)));
    let worker = || std::iter::from_fn(take).collect::<Vec<(usize, R)>>();
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (0..others).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        done.extend(others.into_iter().flat_map(|other| other.join().unwrap_or_else(|fault| resume_unwind(fault))));
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Fewer things than this are not worth a thread: it takes some tens of microseconds to start, and fresh memory.
const LEAST: usize = 1 << 14;

/// Does some work for the parts of a list, on up to so many threads, and puts what it gives together in the list's order. The
/// work is told where a part begins.
///
/// # Panics
/// When the work does.
pub fn in_parts<T: Sync, R: Send>(things: &[T], jobs: usize, work: impl Fn(usize, &[T]) -> Vec<R> + Sync) -> Vec<R> {
    // A few parts for each thread, as some take longer than others.
    let part = things.len().div_ceil(4 * jobs.max(1)).max(LEAST);
    if jobs < 2 || things.len() <= part {
        return work(0, things);
    }
    let parts = map(things.chunks(part).enumerate().collect(), jobs, |(at, part_of)| work(at * part, part_of));
    let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    parts.into_iter().for_each(|part| all.extend(part));
    all
}

/// Does two things, at the same time where there is more than one thread.
///
/// # Panics
/// When one of them does.
pub fn both<A, B: Send>(jobs: usize, one: impl FnOnce() -> A, other: impl FnOnce() -> B + Send) -> (A, B) {
    if jobs < 2 {
        return (one(), other());
    }
    thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        (one, other.join().unwrap_or_else(|fault| resume_unwind(fault)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_put_together_in_order_and_know_where_they_begin() {
        let things: Vec<usize> = (0..100_007).collect();
        for jobs in [0, 1, 2, 3] {
            let all = in_parts(&things, jobs, |from, part| {
                part.iter().enumerate().map(|(at, thing)| (from + at, *thing)).collect()
            });
            assert!(all.len() == things.len() && all.iter().all(|(at, thing)| at == thing), "{jobs}");
            assert_eq!(both(jobs, || 1, || 2), (1, 2));
        }
    }

    #[test]
    fn results_stand_in_the_order_of_things_on_any_number_of_threads() {
        let things: Vec<u32> = (0..1_000).collect();
        for jobs in [0, 1, 3, 2_000] {
            assert_eq!(
                map(things.clone(), jobs, |thing| thing * 2),
                things.iter().map(|thing| thing * 2).collect::<Vec<_>>()
            );
        }
        assert!(map(Vec::<u32>::new(), 2, |thing| thing).is_empty());
    }
}
