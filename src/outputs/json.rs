//! The report as JSON, for programs: whole, whatever is hidden from people.

use std::io::{self, Write};

use super::{Look, Output};
use crate::report::Report;

pub(super) static OUTPUT: Output =
    Output { id: "json", title: "JSON for programs, schema loganalyze.report/v1", write };

fn write(report: &Report, _: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut parts = Parts { out, bytes: Vec::with_capacity(2 * PART) };
    serde_json::to_writer_pretty(&mut parts, report)?;
    parts.write_all(b"\n")?;
    parts.flush()
}

/// So much is handed on at a time.
const PART: usize = 1 << 18;

/// Gathers what is written a few bytes at a time: the words of a value cost less here than a call through `dyn Write` each.
struct Parts<'a> {
    out: &'a mut dyn Write,
    bytes: Vec<u8>,
}

impl Write for Parts<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= PART {
            self.out.write_all(&self.bytes)?;
            self.bytes.clear();
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.bytes)?;
        self.bytes.clear();
        self.out.flush()
    }
}
