//! Hashes what is read, along the way. SHA-256 takes the bytes of a source in their order, so one thread at a time does:
//! any that has parsed its chunk and finds nobody at it. Thus all threads have work as long as there is any.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use sha2::{Digest, Sha256};

use super::blocks::Buffer;
use super::export::Export;
use crate::sources::hex;

/// So many parts may wait until there is time.
const FEW: usize = 2;

/// So many parts may wait, before whoever comes with more has to wait too: what waits is held in memory.
const MOST: usize = 16;

/// The hashes of the sources that are read.
pub struct Hashing<'a> {
    exports: &'a [&'a Export],
    waiting: Mutex<VecDeque<Part>>,
    hashes: Mutex<Hashes>,
}

/// Bytes of a source.
struct Part {
    source: usize,
    buffer: Arc<Buffer>,
    range: Range<usize>,
}

#[derive(Default)]
struct Hashes {
    /// The source at hand.
    open: Option<(usize, Sha256)>,
    /// Those that are done, in hex.
    done: Vec<(usize, String)>,
}

impl<'a> Hashing<'a> {
    /// Hashes of those exports that have none.
    pub fn new(exports: &'a [&'a Export]) -> Self {
        Self { exports, waiting: Mutex::default(), hashes: Mutex::default() }
    }

    /// Adds what was read next, of one source after the other.
    pub fn add(&self, source: usize, buffer: &Arc<Buffer>, range: Range<usize>) {
        if self.exports[source].sha256.is_none() {
            locked(&self.waiting).push_back(Part { source, buffer: buffer.clone(), range });
        }
    }

    /// Whether more waits than stays in the processor's cache.
    pub fn is_behind(&self) -> bool {
        locked(&self.waiting).len() >= FEW
    }

    /// Hashes what waits, unless another does.
    pub fn go_on(&self) {
        match self.hashes.try_lock() {
            Ok(hashes) => self.take(hashes),
            Err(TryLockError::Poisoned(poisoned)) => self.take(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if locked(&self.waiting).len() > MOST => self.take(locked(&self.hashes)),
            Err(TryLockError::WouldBlock) => {}
        }
    }

    fn take(&self, mut hashes: MutexGuard<'_, Hashes>) {
        // The queue must not stay locked while a part is hashed.
        let next = || locked(&self.waiting).pop_front();
        while let Some(Part { source, buffer, range }) = next() {
            if hashes.open.as_ref().is_none_or(|(at, _)| *at != source) {
                hashes.close();
                hashes.open = Some((source, Sha256::new_with_prefix(&self.exports[source].mark)));
            }
            if let Some((_, hash)) = &mut hashes.open {
                hash.update(&buffer.bytes()[range]);
            }
        }
    }

    /// The hashes, once everything was read: the SHA-256 of each source, in hex.
    pub fn finish(self) -> Vec<(usize, String)> {
        self.take(locked(&self.hashes));
        let mut hashes = self.hashes.into_inner().unwrap_or_else(PoisonError::into_inner);
        hashes.close();
        hashes.done
    }
}

impl Hashes {
    fn close(&mut self) {
        self.done.extend(self.open.take().map(|(at, hash)| (at, hex(&hash.finalize()))));
    }
}

/// What a lock holds; a thread that failed with it fails the run anyway.
pub fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
