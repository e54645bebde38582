//! `loganalyze rules`: what a file of rules holds that is not supported, and what is.

use std::fmt::Write;
use std::path::PathBuf;

use super::{fields, open};
use crate::exit::{Exit, Failure};
use crate::outputs::{PIPE_WIDTH, printable, wrap};
use crate::tables::Table;

/// Says of each rule in some files whether it can be run, and of the others why not.
///
/// # Errors
/// When a file cannot be read, or holds a rule that cannot be run.
pub fn check(paths: &[PathBuf]) -> Result<String, Failure> {
    let rules = open(paths)?;
    let mut text = String::new();
    for detection in &rules.detections {
        let use_ = if detection.reports { "" } else { " (for correlations only)" };
        let _ = writeln!(text, "ok  {}: looks at {}{use_}", detection.rule.id, detection.table.words());
    }
    for correlation in &rules.correlations {
        let of: Vec<&str> = correlation.rules.iter().map(|at| rules.detections[*at].rule.id).collect();
        let _ = writeln!(text, "ok  {}: correlates {}", correlation.rule.id, of.join(", "));
    }
    if rules.refused.is_empty() {
        return Ok(printable_lines(&text));
    }
    for refused in &rules.refused {
        for fault in &refused.faults {
            let _ = writeln!(text, "{}:{}: {}: {}", refused.file, fault.line, refused.rule.id, fault.message);
        }
    }
    let many = match rules.refused.len() {
        1 => "1 rule".to_owned(),
        many => format!("{many} rules"),
    };
    Err(Failure::new(Exit::Usage, format!("{many} cannot be run\n{text}")))
}

fn printable_lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", printable(line))).collect()
}

/// What rules may use: tables with their fields, modifiers, correlations.
pub fn list() -> String {
    let mut text = "Rules of your own are in Sigma 2.1. `logsource: {product: exchange, service: TABLE}` says which table a rule\nlooks at. Its fields, besides the columns:\n".to_owned();
    for table in Table::ALL {
        let _ = writeln!(text, "\n{}: {}", table.name(), table.words());
        let pairs: Vec<String> =
            fields::named(*table).iter().map(|field| format!("{} ({})", field.name, field.column)).collect();
        let columns: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        for (lead, list) in [("fields", pairs.join(", ")), ("columns", columns.join(", "))] {
            for (at, line) in wrap(&list, PIPE_WIDTH - 12).iter().enumerate() {
                let _ = writeln!(text, "  {:<8}  {line}", if at == 0 { lead } else { "" });
            }
        }
    }
    text.push_str(
        "\nmodifiers     contains startswith endswith all cased neq re (with i m s) cidr exists fieldref lt lte gt gte\n              windash base64 base64offset (after utf16 utf16le utf16be wide) minute hour day week month year\n\
         conditions    and or not ( ) 1 of all of any of them, names with *\n\
         correlations  event_count value_count temporal temporal_ordered, with gt gte lt lte eq neq,\n              group-by, aliases, generate\n\
         filters       on rules by name or id, or any of the same table\n",
    );
    text
}
