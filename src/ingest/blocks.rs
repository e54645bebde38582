//! Hands out the text of sources in chunks that begin and end with a record, to as many threads as ask; the very bytes that
//! are read are hashed.

use std::io::{self, Read};
use std::sync::{Arc, Mutex};

use super::export::Export;
use super::hashing::{Hashing, locked};
use super::records::cut;
use crate::progress::Progress;
use crate::sources::Bytes;

/// So many bytes are read at a time: large enough to be worth a turn, small enough to stay in the processor's cache until
/// they are parsed and hashed.
pub const BLOCK: usize = 1 << 18;

/// A text without a line's end is cut here all the same, to be rejected in parts: no export has such a record.
const LONGEST: usize = 64 << 20;

/// A text that begins and ends with a record.
pub struct Chunk<'a> {
    /// The place of its source among the exports that are read.
    pub source: usize,
    /// Its place among the chunks of all sources, from 0.
    pub turn: u64,
    /// Its number in its source, from 0.
    pub number: u32,
    /// The byte of the source's text at which it starts.
    pub byte: u64,
    held: Held<'a>,
    length: usize,
    /// Why the source could not be read further, behind this chunk.
    pub broken: Option<String>,
}

/// What holds a chunk, from its first byte on.
enum Held<'a> {
    /// A source that is in memory.
    Source(&'a [u8]),
    /// What was read of one.
    Buffer(Arc<Buffer>),
}

impl Chunk<'_> {
    /// Its text.
    pub fn text(&self) -> &[u8] {
        match &self.held {
            Held::Source(bytes) => &bytes[..self.length],
            Held::Buffer(buffer) => &buffer.bytes[..self.length],
        }
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
    rest: Rest<'a>,
    number: u32,
    byte: u64,
}

/// What is left of a source.
enum Rest<'a> {
    /// In memory.
    Memory(&'a [u8]),
    /// To be read: with the beginning of a record whose end was not read yet.
    Stream(Box<dyn Read + Send + 'a>, Vec<u8>),
}

/// What comes next of a source: what holds it, its length, whether it is the last, and why it broke off.
type Next<'a> = (Held<'a>, usize, bool, Option<io::Error>);

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
    pub fn chunk(&mut self) -> Option<Chunk<'a>> {
        let (mut open, unopened) = match self.open.take() {
            Some(open) => (open, None),
            None => {
                let export = *self.exports.get(self.next)?;
                self.next += 1;
                let (rest, error) = match &export.bytes {
                    Bytes::Memory(bytes) => (Rest::Memory(bytes), None),
                    on_disk @ Bytes::Disk { .. } => match on_disk.stream() {
                        Ok(stream) => (Rest::Stream(stream, Vec::new()), None),
                        Err(error) => (Rest::Memory(&[]), Some(error)),
                    },
                };
                (Open { rest, number: 0, byte: export.skipped }, error)
            }
        };
        let source = self.next - 1;
        let (held, length, ended, broken) = match &mut open.rest {
            Rest::Memory(rest) => self.held(source, rest),
            Rest::Stream(stream, carry) => self.read(source, &mut **stream, carry),
        };
        let broken = unopened.or(broken).map(|error| error.to_string());
        let (turn, number, byte) = (self.turn, open.number, open.byte);
        self.turn += 1;
        open.byte += length as u64;
        open.number += 1;
        self.open = (!ended).then_some(open);
        Some(Chunk { source, turn, number, byte, held, length, broken })
    }

    /// What comes next of a source in memory, which was hashed when it was opened.
    fn held(&self, source: usize, rest: &mut &'a [u8]) -> Next<'a> {
        let all = *rest;
        let mut end = 0;
        let length = loop {
            end = all.len().min(end + self.block);
            if let Some(length) = self.cut(source, &all[..end], end == all.len()) {
                break length;
            }
        };
        self.progress.advance(length as u64);
        *rest = &all[length..];
        (Held::Source(all), length, rest.is_empty(), None)
    }

    /// Reads what comes next of a source.
    fn read(&self, source: usize, stream: &mut dyn Read, carry: &mut Vec<u8>) -> Next<'a> {
        loop {
            let fresh = carry.len();
            let mut bytes = locked(&self.pool).pop().unwrap_or_default();
            bytes.resize(bytes.len().max(fresh + self.block), 0);
            bytes[..fresh].copy_from_slice(carry);
            let (filled, broken) = match fill(stream, &mut bytes[fresh..fresh + self.block]) {
                Ok(read) => (fresh + read, None),
                Err(error) => (fresh, Some(error)),
            };
            let buffer = Arc::new(Buffer { bytes, pool: self.pool.clone() });
            self.progress.advance((filled - fresh) as u64);
            if let Some(hashing) = self.hashing {
                hashing.add(source, &buffer, fresh..filled);
            }
            let ended = filled < fresh + self.block || broken.is_some();
            let text = &buffer.bytes[..filled];
            carry.clear();
            let Some(length) = self.cut(source, text, ended) else {
                carry.extend_from_slice(text);
                continue;
            };
            carry.extend_from_slice(&text[length..]);
            return (Held::Buffer(buffer), length, ended, broken);
        }
    }

    /// Where the last record of a text ends that is followed by more, unless it is the last; `None` where more is needed.
    fn cut(&self, source: usize, text: &[u8], ended: bool) -> Option<usize> {
        let export = self.exports[source];
        if ended {
            return Some(text.len());
        }
        cut(text, export.delimiter, export.most_fields).or((text.len() >= LONGEST).then_some(text.len()))
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
