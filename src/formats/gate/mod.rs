//! Gate.

pub(super) mod billing;
