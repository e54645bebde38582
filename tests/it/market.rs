//! Made-up price paths: geometric random walks by the minute, with a daily rhythm and jumps. The same seed gives the same
//! prices. Shared by the tests of behaviour and the example `rates`.

use fastrand::Rng;

pub const MINUTE: i64 = 60_000;
pub const DAY: i64 = 1440 * MINUTE;

/// Assets with a price in dollars and the volatility of a year.
const ASSETS: &[(&str, f64, f64)] = &[
    ("BTC", 91_000.0, 0.6),
    ("ETH", 3_100.0, 0.8),
    ("BNB", 880.0, 0.7),
    ("SOL", 155.0, 1.0),
    ("XRP", 2.2, 1.0),
    ("ADA", 0.61, 1.1),
    ("LINK", 18.0, 1.2),
    ("AVAX", 29.0, 1.3),
    ("DOGE", 0.19, 1.4),
    ("DOT", 5.9, 1.5),
];

pub struct Market {
    start: i64,
    paths: Vec<(&'static str, Vec<f64>)>,
}

impl Market {
    /// Prices from an instant (in milliseconds) on for so many days.
    pub fn new(rng: &mut Rng, start: i64, days: i64) -> Self {
        let paths =
            ASSETS.iter().map(|(name, price, volatility)| (*name, path(rng, *price, *volatility, days))).collect();
        Self { start, paths }
    }

    /// The price of an asset in dollars.
    pub fn price(&self, asset: &str, time: i64) -> f64 {
        let Some((_, path)) = self.paths.iter().find(|(name, _)| *name == asset) else { return 1.0 };
        let minutes = (time - self.start) as f64 / MINUTE as f64;
        let at = (minutes.max(0.0) as usize).min(path.len() - 2);
        path[at] + (path[at + 1] - path[at]) * (minutes - at as f64).clamp(0.0, 1.0)
    }
}

/// A normal deviate.
pub fn normal(rng: &mut Rng) -> f64 {
    (-2.0 * (1.0 - rng.f64()).ln()).sqrt() * (std::f64::consts::TAU * rng.f64()).cos()
}

fn path(rng: &mut Rng, price: f64, volatility: f64, days: i64) -> Vec<f64> {
    // Jumps: on average eight a year of some 6 %, up or down.
    let jumps = 8.0 / (365.0 * 1440.0);
    let step = volatility / (365.0f64 * 1440.0).sqrt();
    let mut path = Vec::with_capacity(days as usize * 1440 + 2);
    let mut log = price.ln();
    for minute in 0..days * 1440 + 2 {
        path.push(log.exp());
        let rhythm = 1.0 + 0.5 * (std::f64::consts::TAU * (minute % 1440) as f64 / 1440.0).sin();
        log += step * rhythm * normal(rng);
        if rng.f64() < jumps {
            log += 0.06 * normal(rng);
        }
    }
    path
}
