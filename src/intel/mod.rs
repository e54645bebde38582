//! What lists and databases on disk say of an address: context for the reader, never permission.
//!
//! Everything is the user's own file, read offline: lists of Tor, VPN and hosting addresses, and MaxMind databases.

mod geo;
mod list;

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::ingest::whereabouts::Whereabouts;

pub use geo::{Database, Place};
pub use list::List;

/// What the addresses of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Exits of the Tor network.
    Tor,
    /// Exits of VPN providers.
    Vpn,
    /// Hosting and cloud providers.
    Hosting,
}

impl Kind {
    /// All, the ones that hide most first.
    pub const ALL: &[Self] = &[Self::Tor, Self::Vpn, Self::Hosting];

    /// The name in `[intel]` and in reports.
    pub fn name(self) -> &'static str {
        ["tor", "vpn", "hosting"][self as usize]
    }
}

/// Everything the user's files say.
#[derive(Clone, Debug, Default)]
pub struct Intel {
    /// The lists, by kind.
    pub lists: BTreeMap<Kind, List>,
    /// The databases: country, network, place.
    pub databases: Vec<Database>,
}

/// What is known of an address.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// The lists it is on.
    pub lists: Vec<Kind>,
    /// Its country, as an ISO code.
    pub country: Option<String>,
    /// Its city, where a log names it.
    pub city: Option<String>,
    /// The number of its network.
    pub asn: Option<u32>,
    /// Who runs its network.
    pub organization: Option<String>,
    /// Where it is.
    pub place: Option<Place>,
}

impl Intel {
    /// Whether there is nothing to ask.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.databases.is_empty()
    }

    /// What is known of an address.
    pub fn about(&self, ip: IpAddr) -> About {
        let lists = Kind::ALL.iter().copied().filter(|kind| self.lists.get(kind).is_some_and(|list| list.holds(ip)));
        let mut about = About { lists: lists.collect(), ..About::default() };
        for database in &self.databases {
            let found = database.about(ip);
            about.country = about.country.or(found.country);
            about.asn = about.asn.or(found.asn);
            about.organization = about.organization.or(found.organization);
            about.place = about.place.or(found.place);
        }
        about
    }
}

impl About {
    /// The same with what a log says of the address, where no list or database does.
    pub fn or_logged(mut self, said: &Whereabouts) -> Self {
        self.country = self.country.or_else(|| said.country().map(str::to_owned));
        self.city = said.city().map(str::to_owned);
        self.place = self.place.or_else(|| said.place());
        self
    }

    /// In a few words: `tor, NL, AS64500 Example Hosting`; empty when nothing is known.
    pub fn words(&self) -> String {
        let lists = self.lists.iter().map(|kind| kind.name().to_owned());
        let network = match (self.asn, &self.organization) {
            (Some(asn), Some(name)) => Some(format!("AS{asn} {name}")),
            (Some(asn), None) => Some(format!("AS{asn}")),
            (None, name) => name.clone(),
        };
        lists.chain(self.country.clone()).chain(self.city.clone()).chain(network).collect::<Vec<_>>().join(", ")
    }
}
