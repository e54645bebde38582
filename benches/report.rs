//! Reading and reporting, in bytes per second.

#![expect(clippy::expect_used, reason = "a bench that cannot go on has failed")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use loganalyze::Progress;
use loganalyze::settings::{Settings, WindowRequest};

#[path = "../tests/it/account.rs"]
mod account;

use account::{Incident, Plan};

fn whole_run(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let account = account::account(&Plan { incident: Incident::Drain, ..Plan::default() });
    account.write(folder.path()).expect("the account is written");
    let bytes: u64 = account.files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    let settings =
        Settings { paths: vec![folder.path().to_owned()], window: WindowRequest::default(), ..Settings::default() };
    let mut group = c.benchmark_group("report");
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("account of 75 days", |b| {
        b.iter(|| black_box(loganalyze::analyze(&settings, &Progress::new(true)).expect("a report")));
    });
    group.finish();
}

criterion_group!(benches, whole_run);
criterion_main!(benches);
