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
//! parsed, so that a log of any length takes the same memory; all other tables are polars frames held in memory. A trade
//! takes some 120 bytes once it is read and 300 at the peak of a report, an order up to 600, or 1,300 where calls explain
//! it: tens of millions of trades, or some ten million orders, fit a machine with 16 GB. Beyond that they need the same
//! treatment, beginning with the deals of the rules of behaviour and the orders of [`attribution`].

pub mod accounts;
mod address;
mod analyze;
pub mod attribution;
mod balances;
pub mod baseline;
mod behaviour;
mod cli;
mod columns;
mod counted;
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
mod parallel;
mod progress;
pub mod reference;
pub mod report;
pub mod rules;
mod selftest;
pub mod settings;
pub mod sigma;
pub mod sources;
mod spans;
pub mod tables;
pub mod template;
pub mod time;

pub use analyze::analyze;
pub use cli::run;
pub use progress::Progress;
