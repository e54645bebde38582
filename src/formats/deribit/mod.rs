//! Deribit.

pub(super) mod transactions;
