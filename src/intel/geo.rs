//! MaxMind databases: the country, network and place of an address.

use std::net::IpAddr;
use std::sync::Arc;

use maxminddb::Reader;

use super::About;

/// A place on Earth, in degrees, and how far off it may be, in kilometres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
    /// How far off it may be.
    pub radius: f64,
}

/// The mean radius of the Earth in kilometres (IUGG).
const EARTH: f64 = 6371.0;
/// How far off a place may be when its database does not say, in kilometres.
const VAGUE: f64 = 200.0;

impl Place {
    /// A place as a log states it, in degrees; `None` when that is none on Earth.
    pub fn logged(latitude: &str, longitude: &str) -> Option<Self> {
        let degrees = |text: &str, most: f64| text.trim().parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
        Some(Self { latitude: degrees(latitude, 90.0)?, longitude: degrees(longitude, 180.0)?, radius: VAGUE })
    }

    /// The least distance that two places can have, in kilometres: along a great circle, less what both may be off.
    pub fn least_distance(self, other: Self) -> f64 {
        let [north, south] = [self.latitude, other.latitude].map(f64::to_radians);
        let (rise, turn) = (south - north, (other.longitude - self.longitude).to_radians());
        let haversine = (rise / 2.0).sin().powi(2) + north.cos() * south.cos() * (turn / 2.0).sin().powi(2);
        let apart = 2.0 * EARTH * haversine.sqrt().min(1.0).asin();
        (apart - self.radius - other.radius).max(0.0)
    }
}

/// A database.
#[derive(Clone)]
pub struct Database(Arc<Reader<Vec<u8>>>);

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.metadata().database_type)
    }
}

#[derive(serde::Deserialize)]
struct Country {
    iso_code: Option<String>,
}

#[derive(serde::Deserialize)]
struct Location {
    latitude: Option<f64>,
    longitude: Option<f64>,
    accuracy_radius: Option<u16>,
}

/// What the databases for countries, cities and networks hold, as far as it is of use.
#[derive(serde::Deserialize)]
struct Entry {
    country: Option<Country>,
    location: Option<Location>,
    autonomous_system_number: Option<u32>,
    autonomous_system_organization: Option<String>,
}

impl Database {
    /// Reads a database.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, String> {
        let reader = Reader::from_source(bytes).map_err(|error| format!("not a MaxMind database: {error}"))?;
        Ok(Self(Arc::new(reader)))
    }

    /// What it says of an address; nothing where its entry cannot be read.
    pub fn about(&self, ip: IpAddr) -> About {
        let entry = self.0.lookup(ip).ok().and_then(|found| found.decode::<Entry>().ok().flatten());
        let Some(entry) = entry else { return About::default() };
        let place = entry.location.and_then(|at| {
            let radius = at.accuracy_radius.map_or(VAGUE, f64::from);
            Some(Place { latitude: at.latitude?, longitude: at.longitude?, radius })
        });
        About {
            lists: Vec::new(),
            country: entry.country.and_then(|country| country.iso_code),
            city: None,
            asn: entry.autonomous_system_number,
            organization: entry.autonomous_system_organization,
            place,
        }
    }
}
