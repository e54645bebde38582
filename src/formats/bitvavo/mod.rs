//! Bitvavo.

pub(super) mod transactions;
