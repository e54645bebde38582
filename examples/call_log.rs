//! Writes a made-up log of API calls, for measurements:
//! `cargo run --release --example call_log -- CALLS SEED usual|distinct|detailed|quoted FILE [EXPECTATIONS]`.

#[path = "../benches/call_log.rs"]
mod call_log;

use std::fs::{File, write};
use std::io::{BufWriter, Write};

use call_log::Shape;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [calls, seed, shape, file, rest @ ..] = args.as_slice() else {
        return Err("usage: call_log CALLS SEED usual|distinct|detailed|quoted FILE [EXPECTATIONS]".into());
    };
    let (_, shape) = Shape::ALL.into_iter().find(|(name, _)| name == shape).ok_or("no such shape")?;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    call_log::write(&mut out, calls.parse()?, seed.parse()?, shape)?;
    out.flush()?;
    if let [expected, ..] = rest {
        write(expected, call_log::expectations(shape))?;
    }
    Ok(())
}
