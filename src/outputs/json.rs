//! The report as JSON, for programs: whole, whatever is hidden from people.

use std::io::{self, Write};

use super::{Look, Output};
use crate::report::Report;

pub(super) static OUTPUT: Output =
    Output { id: "json", title: "JSON for programs, schema loganalyze.report/v1", write };

fn write(report: &Report, _: &Look, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    out.write_all(b"\n")
}
