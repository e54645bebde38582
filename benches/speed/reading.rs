//! From text to records, on one thread, and from files to a table.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use loganalyze::Progress;
use loganalyze::evidence;
use loganalyze::ingest::Reading;
use loganalyze::ingest::records::{Piece, Records, split};

use crate::call_log::Shape;
use crate::exports::{Exports, log_text};

/// Finding the records of a call log, and splitting them into fields.
pub fn records(c: &mut Criterion) {
    let mut group = c.benchmark_group("reading");
    for (name, shape) in Shape::ALL {
        let text = log_text(shape);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("records", name), &text, |b, text| {
            b.iter(|| {
                let mut records = Records::new(text, b',');
                while let Some(piece) = records.piece() {
                    black_box(piece);
                }
            });
        });
        group.bench_with_input(BenchmarkId::new("fields", name), &text, |b, text| {
            let mut fields = csv::ByteRecord::new();
            b.iter(|| {
                let mut records = Records::new(text, b',');
                while let Some((_, raw, piece)) = records.piece() {
                    if let Piece::Record { quoted } = piece {
                        split(raw, b',', quoted, &mut fields);
                        black_box(&fields);
                    }
                }
            });
        });
    }
    group.finish();
}

/// A table of orders, every cell typed.
pub fn orders(c: &mut Criterion) {
    let exports = Exports::account("Spot-Order-History");
    let reading = Reading { hash: false, ..Reading::default() };
    let opened = exports.open(&reading);
    let mut group = c.benchmark_group("reading");
    group.throughput(Throughput::Bytes(exports.bytes));
    group.bench_function("orders", |b| {
        b.iter(|| black_box(evidence::read_tables(&opened.exports, &reading, &Progress::new(true))));
    });
    group.finish();
}
