//! Finds out, from the exports of an exchange account, which API calls, orders and money movements were not the
//! owner's, without any network.
//!
//! The way of the data:
//!
//! ```text
//! cli → settings → sources → formats (recognise) → ingest → dataset → attribution → rules → engine → report → outputs
//! ```
//!
//! [`analyze`] names these stages in order. Files are read block by block. Calls are reduced to tallies while they are
//! parsed, so that a log of any length takes the same memory; all other tables are polars frames held in memory. A million
//! orders or trades take up to 3 GB that way; some millions more and they need the same treatment, beginning with the texts
//! of [`ingest`]'s table builder.

pub mod accounts;
mod address;
mod analyze;
pub mod attribution;
mod balances;
pub mod baseline;
mod behaviour;
mod cli;
mod columns;
pub mod dataset;
pub mod decimal;
mod engine;
mod episodes;
pub mod evidence;
pub mod exit;
pub mod expectations;
mod explain;
pub mod formats;
pub mod ingest;
mod init;
mod inspect;
pub mod intel;
mod ladder;
mod matching;
mod names;
pub mod outputs;
mod progress;
pub mod reference;
pub mod report;
pub mod rules;
mod selftest;
pub mod settings;
pub mod sigma;
pub mod sources;
pub mod tables;
pub mod template;
pub mod time;

pub use analyze::analyze;
pub use cli::run;
pub use progress::Progress;
