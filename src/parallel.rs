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

#[cfg(test)]
mod tests {
    use super::*;

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
