//! From files to a report.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use loganalyze::Progress;
use loganalyze::ingest::Reading;
use loganalyze::settings::Settings;

use crate::call_log::Shape;
use crate::exports::Exports;

/// Reports on an account, on orders with their calls, and on call logs of every shape, with and without hashes.
pub fn reports(c: &mut Criterion) {
    let mut group = c.benchmark_group("report");
    group.sample_size(20);
    let logs = Shape::ALL.into_iter().map(|(name, shape)| (name, Exports::log(shape)));
    for (name, exports) in logs.chain([("account", Exports::account("")), ("orders", Exports::orders())]) {
        group.throughput(Throughput::Bytes(exports.bytes));
        for (what, hash) in [("sha256", true), ("no hash", false)] {
            let reading = Reading { hash, ..Reading::default() };
            let settings = Settings { paths: vec![exports.path().to_owned()], reading, ..Settings::default() };
            group.bench_function(BenchmarkId::new(what, name), |b| {
                b.iter(|| black_box(loganalyze::analyze(&settings, &Progress::new(true)).expect("a report")));
            });
        }
    }
    group.finish();
}
