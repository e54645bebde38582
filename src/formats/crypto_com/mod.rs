//! Crypto.com.

pub(super) mod app;
