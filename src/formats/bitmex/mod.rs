//! BitMEX.

pub(super) mod trades;
pub(super) mod wallet;
