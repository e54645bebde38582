//! Speed in bytes per second, of every stage by itself and of whole runs, on made-up data: `cargo bench`, or
//! `cargo bench -- --quick` for a first look. Files are read from the page cache.

#![expect(clippy::expect_used, reason = "a bench that cannot go on has failed")]

#[path = "../../tests/it/account.rs"]
mod account;
mod attribution;
#[path = "../call_log.rs"]
mod call_log;
mod exports;
mod matching;
#[path = "../orders.rs"]
mod orders;
mod reading;
mod whole_run;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, reading::records, reading::orders, matching::calls, attribution::orders, whole_run::reports);
criterion_main!(benches);
