//! Writes a made-up account into a folder, to try the program on: `cargo run --example account -- SEED clean|drain FOLDER`.

#[path = "../tests/it/account.rs"]
mod account;

use account::{CALL_HEADERS, Incident, Plan};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [seed, incident, folder] = args.as_slice() else {
        eprintln!("usage: account SEED clean|drain FOLDER");
        std::process::exit(2);
    };
    let seed: u64 = seed.parse().expect("SEED is a number");
    let plan = Plan {
        seed,
        incident: if incident == "drain" { Incident::Drain } else { Incident::None },
        call_header: CALL_HEADERS[seed as usize % CALL_HEADERS.len()],
        offset_hours: [0, 2, -6, 9, 1][seed as usize % 5],
        iso: seed % 3 != 0,
        delimiter: if seed % 4 == 3 { ';' } else { ',' },
        bom: seed % 2 == 1,
        ..Plan::default()
    };
    account::account(&plan).write(folder.as_ref());
}
