//! Writes a made-up account into a folder, to try the program on: `cargo run --example account -- SEED clean|drain|theft FOLDER`.

#[path = "../tests/it/account.rs"]
mod account;

use account::{CALL_HEADERS, Incident, Plan};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [seed, incident, folder] = args.as_slice() else {
        return Err("usage: account SEED clean|drain|theft FOLDER".into());
    };
    let seed: u64 = seed.parse()?;
    let plan = Plan {
        seed,
        incident: match incident.as_str() {
            "drain" => Incident::Drain,
            "theft" => Incident::Theft,
            _ => Incident::None,
        },
        days: if incident == "theft" { 45 } else { 75 },
        call_header: CALL_HEADERS[seed as usize % CALL_HEADERS.len()],
        offset_hours: [0, 2, -6, 9, 1][seed as usize % 5],
        iso: !seed.is_multiple_of(3),
        delimiter: if seed % 4 == 3 { ';' } else { ',' },
        bom: !seed.is_multiple_of(2),
    };
    account::account(&plan).write(folder.as_ref())?;
    Ok(())
}
