//! IP addresses as logs write them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// An address as it is written, and what it is read as.
#[derive(Clone, Copy, Debug)]
pub struct Address<'a> {
    /// The text.
    pub text: &'a str,
    /// The address; `None` when the text is none.
    pub ip: Option<IpAddr>,
}

impl<'a> Address<'a> {
    /// Reads an address.
    pub fn new(text: &'a str) -> Self {
        Self { text, ip: parse_ip(text) }
    }
}

/// Reads an address, without port, brackets or zone id; an IPv4-mapped IPv6 address is the IPv4 address.
///
/// `None` for anything else: host names, lists, `*`, leading zeros.
pub fn parse_ip(text: &str) -> Option<IpAddr> {
    // What most logs hold needs no closer look.
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return Some(ip.into());
    }
    let text = text.trim();
    let host = if let Some(rest) = text.strip_prefix('[') {
        rest.split_once(']')?.0
    } else if let Some((host, port)) = text.rsplit_once(':').filter(|(host, _)| !host.contains(':')) {
        port.parse::<u16>().ok()?;
        host
    } else {
        text
    };
    let host = host.split_once('%').map_or(host, |(address, _)| address);
    host.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

/// The address that a list stands for, as proxies pass it on (`X-Forwarded-For`: the client, then each proxy). The caller can
/// write such a list himself, so every public address in it counts: the first that is not `listed`, else the first.
///
/// `None` when it is no list, or holds no public address.
pub fn of_chain(text: &str, listed: &dyn Fn(IpAddr) -> bool) -> Option<IpAddr> {
    let parts = || text.split([',', ';', ' ']).map(str::trim).filter(|part| !part.is_empty());
    parts().nth(1)?;
    let public = || parts().filter_map(parse_ip).filter(|ip| !is_private(*ip));
    public().find(|ip| !listed(*ip)).or_else(|| public().next())
}

/// Reads a network in CIDR notation, or a single address as a network of one.
pub fn parse_network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    match text.parse::<IpNet>() {
        Ok(IpNet::V6(net)) if net.prefix_len() >= 96 => match net.addr().to_ipv4_mapped() {
            Some(v4) => Ipv4Net::new(v4, net.prefix_len() - 96).ok().map(|net| IpNet::V4(net.trunc())),
            None => Some(IpNet::V6(net.trunc())),
        },
        Ok(net) => Some(net.trunc()),
        Err(_) => parse_ip(text).map(IpNet::from),
    }
}

/// The network by which an address is remembered: IPv4 /24, IPv6 /64 (RFC 8981: temporary addresses change daily).
pub fn neighbourhood(ip: IpAddr) -> IpNet {
    match ip {
        IpAddr::V4(v4) => Ipv4Net::new_assert(v4, 24).trunc().into(),
        IpAddr::V6(v6) => Ipv6Net::new_assert(v6, 64).trunc().into(),
    }
}

/// Whether an address cannot name a caller on the internet: private, shared (RFC 6598), loopback, link-local or unspecified.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4 == Ipv4Addr::BROADCAST
                || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6 == Ipv6Addr::UNSPECIFIED
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
        }
    }
}
