//! One integration binary; its modules mirror `src`.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod account;
mod accounts;
mod attribution;
mod balances;
mod baseline;
mod behaviour;
mod cli;
mod containers;
mod damage;
mod docs;
mod expectations;
mod fixtures;
mod folder;
mod formats;
mod incidents;
mod ingest;
mod init;
mod intel;
mod legs;
mod logs;
mod look_alikes;
mod market;
mod mmdb;
mod money;
mod outputs;
mod reading;
mod reference;
mod rules;
mod sameness;
mod samples;
mod scenarios;
mod schedules;
mod schema;
mod sigma;
mod takeovers;
mod thefts;
mod traders;
mod values;
