//! `loganalyze inspect`: what each file is, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

use crate::evidence::{Evidence, Ours, open, read_tables};
use crate::exit::{Exit, Failure};
use crate::formats;
use crate::ingest::call_scan::{self, Question};
use crate::ingest::export::Export;
use crate::ingest::order_times::OrderTimes;
use crate::ingest::{Reading, Source};
use crate::matching::Inventory;
use crate::outputs::printable;
use crate::progress::Progress;
use crate::settings::{Bounds, ZoneOption};
use crate::tables::Table;

/// Describes every file below the paths; the exit code tells whether any of them can be read.
///
/// # Errors
/// When a path cannot be walked or an export cannot be read to its end.
pub fn inspect(
    paths: &[PathBuf],
    zones: &[ZoneOption],
    formats: &[PathBuf],
    json: bool,
) -> Result<(String, Exit), Failure> {
    let (reading, progress) = (Reading::default(), Progress::new(true));
    let evidence = open(paths, zones, &Ours::new(None, None).with_formats(formats, paths)?, &reading)?;
    let (_, mut sources) = read_tables(&evidence.exports, &reading, &progress)?;
    let logs: Vec<(u32, &Export)> = (0u32..)
        .zip(&evidence.exports)
        .filter(|(_, export)| call_scan::reads(export.recognised.format.table))
        .collect();
    let question = Question {
        expectations: None,
        inventory: &Inventory::default(),
        window: Bounds::default().window(0),
        orders: &OrderTimes::default(),
    };
    sources.extend(call_scan::scan(&logs, &question, &reading, &progress).sources);
    sources.sort_by_key(|source| source.id);
    let exit = if evidence.exports.is_empty() { Exit::NoInput } else { Exit::Clear };
    if json {
        return Ok((as_json(&sources, &evidence), exit));
    }
    let mut text = String::new();
    for (source, export) in sources.iter().zip(&evidence.exports) {
        describe(&mut text, source, export);
    }
    for file in &evidence.unreadable {
        line(&mut text, &file.path, "");
        line(&mut text, "  not read", &file.reason);
        if let Some((_, header)) = evidence.unknown.iter().find(|(path, _)| *path == file.path) {
            line(
                &mut text,
                "  to read it",
                "save this as a file ending in .format.toml beside it, and say what each column is",
            );
            for part in formats::stub::stub(header).lines() {
                let _ = writeln!(text, "    {}", printable(part));
            }
        }
        text.push('\n');
    }
    Ok((text, exit))
}

/// The same for programs.
fn as_json(sources: &[Source], evidence: &Evidence) -> String {
    let file = |(source, export): (&Source, &Export)| {
        let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
        for reject in &source.rejects {
            *kinds.entry(reject.fault.kind).or_default() += 1;
        }
        let columns: BTreeMap<&String, Option<&str>> =
            source.columns.iter().map(|(name, column)| (name, *column)).collect();
        serde_json::json!({
            "path": source.path, "member": source.member, "sha256": source.sha256, "bytes": source.bytes,
            "format": source.format, "title": export.recognised.format.title, "header": source.generation,
            "encoding": source.encoding, "delimiter": char::from(export.delimiter).to_string(),
            "table": source.table.name(), "parts": source.parts.iter().map(|table| table.name()).collect::<Vec<_>>(),
            "tells": source.tells.iter().map(|table| table.name()).collect::<Vec<_>>(),
            "zone": source.zone, "zone_from": source.zone_from,
            "first": source.span().map(|(first, _)| first), "last": source.span().map(|(_, last)| last),
            "records": source.records, "accepted": source.accepted, "duplicate": source.duplicate,
            "rejected": source.rejected, "rejected_by_kind": kinds, "skipped": source.skipped,
            "columns": columns, "notes": source.notes,
        })
    };
    let unreadable = |file: &crate::report::Unreadable| {
        let header = evidence.unknown.iter().find(|(path, _)| *path == file.path).map(|(_, header)| header);
        serde_json::json!({ "path": file.path, "reason": file.reason, "stub": header.map(|header| formats::stub::stub(header)) })
    };
    let all = serde_json::json!({
        "schema": "loganalyze.inspect/v1",
        "files": sources.iter().zip(&evidence.exports).map(file).collect::<Vec<_>>(),
        "unreadable": evidence.unreadable.iter().map(unreadable).collect::<Vec<_>>(),
    });
    format!("{all:#}\n")
}

fn line(text: &mut String, name: &str, value: &str) {
    let name = printable(name);
    let _ = if value.is_empty() { writeln!(text, "{name}") } else { writeln!(text, "{name:<12} {}", printable(value)) };
}

fn describe(text: &mut String, source: &Source, export: &Export) {
    let title = export.recognised.format.title;
    let member = source.member.as_ref().map_or(String::new(), |member| format!(" / {member}"));
    line(text, &format!("{}{member}", source.path), "");
    line(text, "  format", &format!("{} ({title}); header: {}", source.format, source.generation));
    let delimiter = if export.delimiter == b'\t' { "TAB".to_owned() } else { char::from(export.delimiter).to_string() };
    line(text, "  text", &format!("{}, fields separated by {delimiter}", source.encoding));
    let names = |tables: &[Table]| tables.iter().map(|table| table.name()).collect::<BTreeSet<_>>();
    let parts: Vec<&str> = names(&source.parts).into_iter().filter(|name| *name != source.table.name()).collect();
    let parts = if parts.is_empty() { String::new() } else { format!(", and {} by record", parts.join(", ")) };
    let told: Vec<&str> = names(source.tells).into_iter().collect();
    let told = if told.is_empty() { String::new() } else { format!("; its legs tell {} besides", told.join(" and ")) };
    line(text, "  table", &format!("{}{parts}{told}", source.table.name()));
    line(text, "  zone", &format!("{} (from: {})", source.zone, source.zone_from));
    if let Some((first, last)) = source.span() {
        line(text, "  range", &format!("{first} to {last}"));
    }
    let skipped: Vec<String> = source.skipped.iter().map(|(reason, count)| format!("{reason}: {count}")).collect();
    let reasons = if skipped.is_empty() { String::new() } else { format!(" ({})", skipped.join(", ")) };
    let counts = format!(
        "{} = {} accepted + {} duplicate + {} rejected + {} skipped{reasons}",
        source.records,
        source.accepted,
        source.duplicate,
        source.rejected,
        source.skipped_total()
    );
    line(text, "  records", &counts);
    let mapped: Vec<String> =
        source.columns.iter().filter_map(|(name, column)| Some(format!("{name} → {}", (*column)?))).collect();
    line(text, "  columns", &mapped.join(", "));
    let ignored: Vec<&str> =
        source.columns.iter().filter(|(_, column)| column.is_none()).map(|(name, _)| name.as_str()).collect();
    if !ignored.is_empty() {
        line(text, "  ignored", &ignored.join(", "));
    }
    for note in &source.notes {
        line(text, "  note", note);
    }
    for reject in source.rejects.iter().take(5) {
        let column = reject.column.as_ref().map_or(String::new(), |column| format!(", column {column}"));
        line(text, "  rejected", &format!("line {}{column}: {}", reject.place.line, reject.fault.message));
    }
    if source.rejected > 5 {
        line(text, "  rejected", &format!("{} more", source.rejected - 5));
    }
    let _ = writeln!(text, "  SHA-256    {}\n", source.sha256.as_deref().unwrap_or("not made"));
}
