//! Work on several things at once, with results in their order.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Does some work for each of some things, on up to so many threads; each takes the next when it is done with one. Gives the
/// results in the order of the things.
///
/// # Panics
/// When the work does.
pub fn map<T: Sync, R: Send>(things: &[T], jobs: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let take = || {
        let at = next.fetch_add(1, Ordering::Relaxed);
        things.get(at).map(|thing| (at, work(thing)))
    };
    let worker = || std::iter::from_fn(take).collect::<Vec<(usize, R)>>();
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..jobs.min(things.len())).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        done.extend(others.into_iter().flat_map(|other| other.join().unwrap_or_else(|fault| resume_unwind(fault))));
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_things_on_any_number_of_threads() {
        let things: Vec<u32> = (0..1_000).collect();
        for jobs in [0, 1, 3, 2_000] {
            assert_eq!(map(&things, jobs, |thing| thing * 2), things.iter().map(|thing| thing * 2).collect::<Vec<_>>());
        }
        assert!(map(&[0; 0], 2, |thing| *thing).is_empty());
    }
}
