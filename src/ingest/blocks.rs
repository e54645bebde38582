//! Hands out the text of sources in chunks that begin and end with a record, to as many threads as ask; the very bytes that
//! are read are hashed.

use std::io::{self, Read};
use std::sync::{Arc, Mutex};

use super::export::Export;
use super::hashing::{Hashing, locked};
use super::records::cut;
use crate::progress::Progress;

/// So many bytes are read at a time: large enough to be worth a turn, small enough to stay in the processor's cache until
/// they are parsed and hashed.
pub const BLOCK: usize = 1 << 18;

/// A text without a line's end is cut here all the same, to be rejected in parts: no export has such a record.
const LONGEST: usize = 64 << 20;

/// A text that begins and ends with a record.
pub struct Chunk {
    /// The place of its source among the exports that are read.
    pub source: usize,
    /// Its place among the chunks of all sources, from 0.
    pub turn: u64,
    /// Its number in its source, from 0.
    pub number: u32,
    /// The byte of the source's text at which it starts.
    pub byte: u64,
    buffer: Arc<Buffer>,
    length: usize,
    /// Why the source could not be read further, behind this chunk.
    pub broken: Option<String>,
}

impl Chunk {
    /// Its text.
    pub fn text(&self) -> &[u8] {
        &self.buffer.bytes[..self.length]
    }
}

/// Buffers that are done with, to be filled again: fresh memory costs as much time as reading into it.
type Pool = Arc<Mutex<Vec<Vec<u8>>>>;

/// Bytes that several threads look at; they go back to their pool with the last of them.
pub struct Buffer {
    bytes: Vec<u8>,
    pool: Pool,
}

impl Buffer {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if self.bytes.len() <= 4 * BLOCK {
            locked(&self.pool).push(std::mem::take(&mut self.bytes));
        }
    }
}

/// The chunks of a list of exports, in order.
pub struct Blocks<'a> {
    exports: &'a [&'a Export],
    block: usize,
    next: usize,
    turn: u64,
    open: Option<Open<'a>>,
    hashing: Option<&'a Hashing<'a>>,
    progress: &'a Progress,
    pool: Pool,
}

/// The source at hand.
struct Open<'a> {
    stream: Box<dyn Read + Send + 'a>,
    number: u32,
    byte: u64,
    /// The beginning of a record whose end was not read yet.
    carry: Vec<u8>,
}

impl<'a> Blocks<'a> {
    /// The chunks of exports, read `block` bytes at a time.
    pub fn new(
        exports: &'a [&'a Export],
        block: usize,
        hashing: Option<&'a Hashing<'a>>,
        progress: &'a Progress,
    ) -> Self {
        Self { exports, block, next: 0, turn: 0, open: None, hashing, progress, pool: Pool::default() }
    }

    /// The next chunk, `None` at the end. Every source has at least one.
    pub fn chunk(&mut self) -> Option<Chunk> {
        let (mut open, mut broken) = match self.open.take() {
            Some(open) => (open, None),
            None => {
                let export = *self.exports.get(self.next)?;
                self.next += 1;
                let (stream, broken): (Box<dyn Read + Send>, _) = match export.bytes.stream() {
                    Ok(stream) => (stream, None),
                    Err(error) => (Box::new(io::empty()), Some(error)),
                };
                (Open { stream, number: 0, byte: export.skipped, carry: Vec::new() }, broken)
            }
        };
        let source = self.next - 1;
        let export = self.exports[source];
        loop {
            let fresh = open.carry.len();
            let mut bytes = locked(&self.pool).pop().unwrap_or_default();
            bytes.resize(bytes.len().max(fresh + self.block), 0);
            bytes[..fresh].copy_from_slice(&open.carry);
            let read = fill(&mut *open.stream, &mut bytes[fresh..fresh + self.block]);
            let filled = match read {
                Ok(read) => fresh + read,
                Err(error) => {
                    broken = Some(error);
                    fresh
                }
            };
            let buffer = Arc::new(Buffer { bytes, pool: self.pool.clone() });
            self.progress.advance((filled - fresh) as u64);
            if let Some(hashing) = self.hashing {
                hashing.add(source, &buffer, fresh..filled);
            }
            let ended = filled < fresh + self.block || broken.is_some();
            let text = &buffer.bytes[..filled];
            let cut = match cut(text, export.delimiter, export.most_fields) {
                _ if ended => filled,
                Some(at) => at,
                None if filled >= LONGEST => filled,
                None => {
                    open.carry = text.to_vec();
                    continue;
                }
            };
            open.carry.clear();
            open.carry.extend_from_slice(&text[cut..]);
            let broken = broken.map(|error| error.to_string());
            let (turn, number, byte) = (self.turn, open.number, open.byte);
            let chunk = Chunk { source, turn, number, byte, buffer, length: cut, broken };
            self.turn += 1;
            open.byte += cut as u64;
            open.number += 1;
            self.open = (!ended).then_some(open);
            return Some(chunk);
        }
    }
}

/// Reads until a buffer is full or the stream ends.
fn fill(stream: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match stream.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
