//! Writes small MaxMind databases of made-up networks: one record per network, over IPv4.

use std::net::Ipv4Addr;

/// A value of a record.
pub enum Value {
    Text(&'static str),
    Short(u16),
    Number(u32),
    Long(u64),
    Double(f64),
    Map(Vec<(&'static str, Value)>),
    Texts(Vec<&'static str>),
}

fn control(kind: u8, size: usize, out: &mut Vec<u8>) {
    // Sizes from 29 on stand in a byte of their own.
    assert!(size < 29 + 256, "short values only");
    out.push((kind << 5) | size.min(29) as u8);
    out.extend((size >= 29).then(|| (size - 29) as u8));
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Text(text) => {
            control(2, text.len(), out);
            out.extend(text.as_bytes());
        }
        Value::Double(number) => {
            control(3, 8, out);
            out.extend(number.to_be_bytes());
        }
        Value::Number(number) => {
            control(6, 4, out);
            out.extend(number.to_be_bytes());
        }
        Value::Short(number) => {
            control(5, 2, out);
            out.extend(number.to_be_bytes());
        }
        // Types from 8 on stand in a byte of their own, less 7.
        Value::Long(number) => {
            control(0, 8, out);
            out.push(9 - 7);
            out.extend(number.to_be_bytes());
        }
        Value::Texts(texts) => {
            control(0, texts.len(), out);
            out.push(11 - 7);
            texts.iter().for_each(|text| write(&Value::Text(text), out));
        }
        Value::Map(entries) => {
            control(7, entries.len(), out);
            for (name, value) in entries {
                write(&Value::Text(name), out);
                write(value, out);
            }
        }
    }
}

/// A database that knows these /24 networks.
pub fn database(kind: &'static str, networks: &[(Ipv4Addr, Value)]) -> Vec<u8> {
    const EMPTY: u32 = u32::MAX;
    // A child is a node, empty, or (beyond 1 << 30) a record.
    let mut nodes: Vec<[u32; 2]> = vec![[EMPTY; 2]];
    let mut data = Vec::new();
    for (address, value) in networks {
        let at = data.len() as u32;
        write(value, &mut data);
        let mut node = 0;
        for depth in 0..24 {
            let bit = (u32::from(*address) >> (31 - depth)) as usize & 1;
            if depth == 23 {
                nodes[node][bit] = (1 << 30) + at;
            } else {
                if nodes[node][bit] == EMPTY {
                    nodes[node][bit] = nodes.len() as u32;
                    nodes.push([EMPTY; 2]);
                }
                node = nodes[node][bit] as usize;
            }
        }
    }
    let count = nodes.len() as u32;
    let mut out = Vec::new();
    for child in nodes.iter().flatten() {
        let value = match *child {
            EMPTY => count,
            record if record >= 1 << 30 => count + 16 + (record - (1 << 30)),
            node => node,
        };
        out.extend(value.to_be_bytes());
    }
    out.extend([0; 16]);
    out.extend(data);
    out.extend(b"\xab\xcd\xefMaxMind.com");
    let metadata = Value::Map(vec![
        ("binary_format_major_version", Value::Short(2)),
        ("binary_format_minor_version", Value::Short(0)),
        ("build_epoch", Value::Long(1_790_000_000)),
        ("database_type", Value::Text(kind)),
        ("description", Value::Map(vec![("en", Value::Text("made up"))])),
        ("ip_version", Value::Short(4)),
        ("languages", Value::Texts(vec!["en"])),
        ("node_count", Value::Number(count)),
        ("record_size", Value::Short(32)),
    ]);
    write(&metadata, &mut out);
    out
}
