//! OKX.

pub(super) mod funding;
pub(super) mod trades;
pub(super) mod trading;
