//! A sample of the calls that may have made an order, wherever the orders are: by it the clock of a log is measured when the
//! log is hours off.

use std::collections::BTreeMap;

use super::calls::{CallPlace, OrderCall};

/// Calls kept: enough to tell one shift from another.
const KEPT: usize = 2_000;

/// The calls whose times have the lowest hashes: the same ones in whatever order they come, and however parts are joined.
#[derive(Clone, Debug, Default)]
pub struct ClockSample {
    calls: BTreeMap<(u64, CallPlace), OrderCall>,
}

impl ClockSample {
    /// Takes a call into account.
    pub fn offer(&mut self, call: OrderCall) {
        let key = (scramble(call.place.time.cast_unsigned()), call.place);
        if self.calls.len() < KEPT || self.calls.last_key_value().is_some_and(|(last, _)| key < *last) {
            self.calls.insert(key, call);
        }
        if self.calls.len() > KEPT {
            self.calls.pop_last();
        }
    }

    /// The calls, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = &OrderCall> {
        self.calls.values()
    }

    /// The calls, to renumber what they refer to.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut OrderCall> {
        self.calls.values_mut()
    }
}

/// Spreads a number over all 64 bits (the finalizer of SplitMix64, Steele, Lea and Flood 2014).
pub fn scramble(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}
