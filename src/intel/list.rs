//! Lists of addresses: one address or network a line with comments behind `#` or `;`, or a MISP warninglist (JSON).

use std::net::IpAddr;

use ipnet::IpNet;

use crate::address::parse_network;
use crate::spans;

/// A set of addresses of any size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// First and last address of spans apart from each other, in order; IPv4 before IPv6.
    spans: Vec<(IpAddr, IpAddr)>,
}

impl List {
    /// Reads a list.
    ///
    /// # Errors
    /// The line at fault and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let text = text.trim_start_matches('\u{feff}');
        let nets = if text.trim_start().starts_with('{') { warninglist(text)? } else { plain(text)? };
        if nets.is_empty() {
            return Err((1, "holds no address".to_owned()));
        }
        Ok(Self::of(nets.iter().map(|net| (net.network(), net.broadcast())).collect()))
    }

    fn of(mut spans: Vec<(IpAddr, IpAddr)>) -> Self {
        spans::settle(&mut spans);
        Self { spans }
    }

    /// Whether an address is on it.
    pub fn holds(&self, ip: IpAddr) -> bool {
        let at = self.spans.partition_point(|(first, _)| *first <= ip);
        at > 0 && self.spans[at - 1].1 >= ip
    }

    /// This list and another.
    pub fn join(mut self, other: Self) -> Self {
        self.spans.extend(other.spans);
        Self::of(self.spans)
    }
}

fn plain(text: &str) -> Result<Vec<IpNet>, (usize, String)> {
    let lines = (1..).zip(text.lines()).filter_map(|(at, line)| {
        let entry = line.split(['#', ';']).next().unwrap_or_default().trim();
        (!entry.is_empty()).then_some((at, entry))
    });
    lines.map(|(at, entry)| parse_network(entry).ok_or_else(|| (at, not_an_address(entry)))).collect()
}

fn not_an_address(entry: &str) -> String {
    format!("`{}` is not an address or a network", entry.chars().take(60).collect::<String>())
}

#[derive(serde::Deserialize)]
struct Warninglist {
    #[serde(default, rename = "type")]
    kind: String,
    list: Vec<String>,
}

fn warninglist(text: &str) -> Result<Vec<IpNet>, (usize, String)> {
    let list: Warninglist =
        serde_json::from_str(text).map_err(|error| (error.line(), format!("not a MISP warninglist: {error}")))?;
    if !matches!(list.kind.as_str(), "" | "cidr" | "string") {
        return Err((1, format!("a warninglist of type `{}` holds no addresses", list.kind)));
    }
    let read = |entry: &String| parse_network(entry).ok_or_else(|| (1, not_an_address(entry)));
    list.list.iter().map(read).collect()
}
