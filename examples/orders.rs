//! Writes a made-up log of API calls, the orders that some of them made, and a theft without calls among them, for
//! measurements: `cargo run --release --example orders -- CALLS ORDERS SEED FOLDER`. One call in eight makes an order, so
//! there are at most that many.

#[path = "../benches/call_log.rs"]
mod call_log;
#[path = "../benches/orders.rs"]
mod orders;

use std::fs::{File, create_dir_all};
use std::io::{self, BufWriter};

use call_log::Shape;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [calls, orders, seed, folder] = args.as_slice() else {
        return Err("usage: orders CALLS ORDERS SEED FOLDER".into());
    };
    create_dir_all(folder)?;
    let file = |name: &str| -> io::Result<_> {
        Ok(BufWriter::with_capacity(1 << 20, File::create(format!("{folder}/{name}"))?))
    };
    orders::write(file("api-calls.csv")?, file(orders::HISTORY)?, calls.parse()?, orders.parse()?, seed.parse()?)?;
    std::fs::write(format!("{folder}/expected.toml"), call_log::expectations(Shape::Usual))?;
    Ok(())
}
