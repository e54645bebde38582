//! Pionex.

pub(super) mod trades;
