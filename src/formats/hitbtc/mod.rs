//! HitBTC.

pub(super) mod movements;
pub(super) mod trades;
