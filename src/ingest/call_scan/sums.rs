//! Adds the states of threads up, and puts the sum in order.

use std::sync::Arc;

use super::Scan;
use super::runs::add_hour;
use crate::ingest::calls::{CallLog, CallPlace, OrderCall, Tally, shown::IP};
use crate::ingest::dictionary::{FastMap, FastSet};
use crate::ingest::hashing::locked;
use crate::ingest::ledger::Chunks;
use crate::ingest::whereabouts;
use crate::spans;

impl Scan<'_> {
    /// Folds callers beyond those that are told apart.
    pub(super) fn fold(&mut self) {
        let Self { callers, found, log, .. } = self;
        let calls = found.order_calls.iter().chain(found.far_calls.iter());
        let named = calls.flat_map(|call| [call.symbol, call.side, call.order_id, call.client_order_id]);
        let account = log.as_ref().map(|log| log.account);
        callers.fold(named.chain(account).chain(found.activity.codes()));
        if let Some(log) = log {
            log.layout.forget();
            log.callers.clear();
            log.counted.clear();
            log.kinds.clear();
        }
        self.found.atlas.retain(|ip, _| self.callers.texts.find(ip).is_some());
        self.glimpses.clear();
    }

    /// Adds the state of another thread.
    pub(super) fn merge(&mut self, mut other: Self) {
        other.flush_hour();
        let codes: Vec<u32> = other.callers.texts.texts().iter().map(|text| self.callers.texts.code(text)).collect();
        let numbers = self.callers.tallies.merge(other.callers.tallies, &codes);
        let moved = |mut call: OrderCall| {
            call.tally = numbers[call.tally as usize];
            for code in [&mut call.symbol, &mut call.side, &mut call.order_id, &mut call.client_order_id] {
                *code = codes[*code as usize];
            }
            call
        };
        self.found.order_calls.extend(other.found.order_calls.into_iter().map(moved));
        other.found.far_calls.iter().for_each(|call| self.found.far_calls.offer(moved(*call)));
        self.found.activity.merge(other.found.activity, &codes);
        for (hour, seen) in other.found.hours {
            add_hour(&mut self.found, hour, seen);
        }
        self.found.holes.extend(other.found.holes);
        for (ip, said) in other.found.atlas {
            whereabouts::merge(&mut self.found.atlas, ip, said);
        }
        self.found.makes_orders |= other.found.makes_orders;
        if self.callers.tallies.are_many() {
            self.fold();
        }
    }

    /// Puts everything in an order that depends on the content alone.
    pub(super) fn finish(mut self, chunks: &FastMap<u32, Chunks>) -> CallLog {
        self.flush_hour();
        self.found.activity.settle();
        if self.callers.tallies.are_too_many() {
            self.fold();
        }
        let mut log = CallLog { addresses: self.callers.tallies.addresses(), ..self.found };
        log.holes.extend(std::mem::take(&mut *locked(self.stretches)).into_holes());
        spans::settle(&mut log.holes);
        let list = std::mem::take(self.callers.tallies.settle());
        let mut order: Vec<usize> = (0..list.len()).filter(|at| list[*at].count > 0).collect();
        let texts = self.callers.texts.texts();
        order.sort_unstable_by(|&a, &b| {
            let (a, b) = (&list[a], &list[b]);
            // Only texts that differ need to be compared.
            let odd = a.caller.iter().zip(&b.caller).find(|(a, b)| a != b);
            odd.map_or_else(|| a.epoch.cmp(&b.epoch), |(a, b)| texts[*a as usize].cmp(&texts[*b as usize]))
        });
        let mut number = vec![0; list.len()];
        for (new, &old) in order.iter().enumerate() {
            number[old] = new as u32;
        }
        let settled = |place: &mut CallPlace| {
            if let Some(chunks) = chunks.get(&place.source) {
                (place.record, place.line) = chunks.resolve(place.record, place.line);
            }
        };
        let mut tallies: Vec<Option<Tally>> = list.into_iter().map(Some).collect();
        log.tallies = order.iter().filter_map(|&at| tallies[at].take()).collect();
        let told: FastSet<u32> = log.tallies.iter().map(|tally| tally.caller[IP]).collect();
        log.atlas.retain(|ip, _| self.callers.texts.find(ip).is_some_and(|code| told.contains(&code)));
        log.tallies.iter_mut().flat_map(|tally| &mut tally.sample).for_each(settled);
        for call in log.order_calls.iter_mut().chain(log.far_calls.iter_mut()) {
            call.tally = number[call.tally as usize];
            settled(&mut call.place);
        }
        log.order_calls.sort_by_key(|call| call.place);
        log.texts = Arc::new(self.callers.texts.into_texts());
        log
    }
}
