//! Linking orders to the calls that made them; the bytes are those of the exports that hold both.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use loganalyze::Progress;
use loganalyze::accounts::Accounts;
use loganalyze::attribution::{self, Earlier, Evidence, Names, OwnRecords};
use loganalyze::dataset::coverage::Coverage;
use loganalyze::dataset::{self, Dataset};
use loganalyze::evidence;
use loganalyze::ingest::Reading;
use loganalyze::tables::Table;

use crate::exports::Exports;

/// The orders of an account, and those of one that trades all day.
pub fn orders(c: &mut Criterion) {
    for (name, exports) in [("account", Exports::account("")), ("orders", Exports::orders())] {
        measure(c, name, &exports);
    }
}

fn measure(c: &mut Criterion, name: &str, exports: &Exports) {
    let reading = Reading::default();
    let opened = exports.open(&reading);
    let (tables, sources) = evidence::read_tables(&opened.exports, &reading, &Progress::new(true)).expect("tables");
    let calls = exports.calls(&opened, (&tables, sources), &reading);
    let inventory = calls.inventory.clone();
    let expectations = Some(&exports.expectations);
    let data: Dataset<'_> = dataset::join(tables, calls, expectations, &Accounts::one(), reading.jobs)
        .expect("the tables are joined")
        .remove(0);
    let covered = data.coverage_of(Table::Calls);
    let names = Names { expectations, inventory: &inventory };
    let own = OwnRecords::new(&data.frames).expect("records of bots");
    let Dataset { calls: log, events, window, .. } = &data;
    let evidence = Evidence { log, coverage: covered, events, own: &own, window, names, jobs: reading.jobs };
    let view = data.orders.as_ref().expect("orders");
    let earlier = covered.and_then(Coverage::first).map_or(Earlier::None, Earlier::From);
    let orders = attribution::orders(view, &data.sources, window, earlier).expect("orders");
    let mut group = c.benchmark_group("attribution");
    group.throughput(Throughput::Bytes(exports.bytes));
    group.bench_function(name, |b| {
        b.iter_batched(
            || orders.clone(),
            |orders| black_box(attribution::attribute(orders, &evidence)),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}
