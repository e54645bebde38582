//! Reading call logs on all cores, every call held against the expectations.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use loganalyze::ingest::Reading;

use crate::call_log::Shape;
use crate::exports::Exports;

/// The calls of logs of every shape.
pub fn calls(c: &mut Criterion) {
    let mut group = c.benchmark_group("matching");
    group.sample_size(20);
    for (name, shape) in Shape::ALL {
        let exports = Exports::log(shape);
        let reading = Reading { hash: false, ..Reading::default() };
        let opened = exports.open(&reading);
        group.throughput(Throughput::Bytes(exports.bytes));
        group.bench_function(BenchmarkId::new("calls", name), |b| {
            b.iter(|| black_box(exports.calls(&opened, (&[], Vec::new()), &reading)));
        });
    }
    group.finish();
}
