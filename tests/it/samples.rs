//! What every sample of a format is read as, value by value.

use std::fmt::Write;
use std::path::PathBuf;

use loganalyze::Progress;
use loganalyze::evidence::{Ours, open, read_tables};
use loganalyze::formats::ALL;
use loganalyze::ingest::Reading;
use loganalyze::ingest::call_scan::reads;

/// The zone of each file of a folder, and the records that were read from them.
fn shown(folder: PathBuf) -> String {
    let (reading, progress) = (Reading::default(), Progress::new(true));
    let evidence = open(&[folder], &[], &Ours::new(None, None), &reading).unwrap();
    let (tables, _) = read_tables(&evidence.exports, &reading, &progress).unwrap();
    let mut text = String::new();
    for (id, export) in evidence.exports.iter().enumerate() {
        let (generation, zone) = (export.recognised.generation, export.zone);
        let _ = writeln!(text, "{} [{generation}] {zone} from {}", export.shown, export.zone_from);
        for table in &tables {
            let sources = table.sources();
            for at in (0..table.len()).filter(|&at| sources.get(at) == Some(id as u32)) {
                let shown = |name: &str| Some(format!("{name}={}", table.values(name)?.shown(at)?));
                let cells: Vec<String> = table.table.columns().iter().filter_map(|column| shown(column.name)).collect();
                let _ = writeln!(text, "  {}: {}", table.table.name(), cells.join(" "));
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
