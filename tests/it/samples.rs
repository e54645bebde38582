//! What every sample of a format is read as, value by value.

use std::fmt::Write;
use std::path::PathBuf;

use loganalyze::Progress;
use loganalyze::decimal::Decimal;
use loganalyze::evidence::{Ours, open, read_tables};
use loganalyze::formats::ALL;
use loganalyze::ingest::Reading;
use loganalyze::ingest::call_scan::reads;
use loganalyze::ingest::table::Value;
use loganalyze::time::Timestamp;

/// The zone of each file of a folder, and the records that were read from them.
fn shown(folder: PathBuf) -> String {
    let (reading, progress) = (Reading::default(), Progress::new(true));
    let evidence = open(&[folder], &[], &Ours::new(None, None), &reading).unwrap();
    let (builders, _) = read_tables(&evidence.exports, &reading, &progress);
    let mut text = String::new();
    for (id, export) in evidence.exports.iter().enumerate() {
        let (generation, zone) = (export.recognised.generation, export.zone);
        let _ = writeln!(text, "{} [{generation}] {zone} from {}", export.shown, export.zone_from);
        for builder in &builders {
            for at in (0..builder.len()).filter(|&at| builder.source[at] as usize == id) {
                let value = |value: Value| match value {
                    Value::Time(time) => Timestamp(time).to_string(),
                    Value::Text(text) => text,
                    Value::Decimal(units) => Decimal(units).to_string(),
                };
                let cells = builder.row(at).into_iter().zip(builder.table.columns());
                let cells: Vec<String> =
                    cells.filter_map(|(cell, column)| Some(format!("{}={}", column.name, value(cell?)))).collect();
                let _ = writeln!(text, "  {}: {}", builder.table.name(), cells.join(" "));
            }
        }
    }
    text
}

#[test]
fn samples_are_read_as_these_values() {
    let samples = crate::folder::project("data/formats");
    let tables = ALL.iter().filter(|format| !reads(format.table));
    let all: Vec<String> = tables.map(|format| shown(samples.join(format.id))).collect();
    insta::assert_snapshot!(all.concat());
}
