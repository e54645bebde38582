//! Gemini.

pub(super) mod transactions;
