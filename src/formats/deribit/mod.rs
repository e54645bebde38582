//! Deribit.

pub(super) mod access_log;
pub(super) mod transactions;
