//! Pionex.

pub(super) mod trades;
pub(super) mod transfers;
