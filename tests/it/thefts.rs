//! Made-up thefts by trade, after the public ones, and their harmless twin. Every number is varied by the seed.

#![allow(dead_code, reason = "each user of this file needs a part of it")]

use fastrand::Rng;

use super::market::{DAY, MINUTE, Market, normal};
use super::traders::{END, Order, order, round};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theft {
    /// VIA 2018: two minutes, twenty coins sold for bitcoin, one thin coin bought ever higher.
    Via,
    /// AKRO 2022: 4,200 orders in 84 minutes.
    Akro,
    /// DMG 2022: thousands of losing loops.
    Dmg,
    /// AXS 2022: a million into one coin that trebles.
    Axs,
    /// The cookie theft of 2024: thin pairs far above the market, for an hour.
    Cookie,
    /// The drain of a small account, as through a vendor: seventy orders.
    Small,
    /// The same over two hours.
    Slow,
}

pub const ALL: [Theft; 7] = [Theft::Via, Theft::Akro, Theft::Dmg, Theft::Axs, Theft::Cookie, Theft::Small, Theft::Slow];

/// How the thief trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Market,
    /// Limit orders that cross the book, filled at once.
    Crossing,
}

/// When it happened: some days before the end.
pub fn moment(rng: &mut Rng) -> i64 {
    END - rng.i64(2 * DAY..25 * DAY)
}

/// The orders of a theft that begins at an instant.
pub fn theft(theft: Theft, hand: Hand, rng: &mut Rng, market: &Market, at: i64) -> Vec<Order> {
    let mut thief = Thief { rng, market, now: at, hand, orders: Vec::new() };
    match theft {
        Theft::Via => thief.via(),
        Theft::Akro => thief.akro(),
        Theft::Dmg => thief.dmg(),
        Theft::Axs => thief.axs(),
        Theft::Cookie => thief.cookie(),
        Theft::Small => thief.small(6 * MINUTE),
        Theft::Slow => thief.small(120 * MINUTE),
    }
    thief.orders
}

/// Who trades for himself with another's money.
pub struct Thief<'a> {
    pub rng: &'a mut Rng,
    pub market: &'a Market,
    /// When the next order is.
    pub now: i64,
    pub hand: Hand,
    pub orders: Vec<Order>,
}

impl Thief<'_> {
    /// Makes an order.
    pub fn trade(&mut self, base: &str, quote: &'static str, buy: bool, price: f64, total: f64, pause: i64) {
        let price = round(
            price,
            if price < 0.01 {
                8
            } else if price < 10.0 {
                5
            } else {
                2
            },
        );
        let quantity = round(total / price, if price > 1000.0 { 5 } else { 2 });
        let kind = if self.hand == Hand::Market { "MARKET" } else { "LIMIT" };
        let filled = self.now + if self.hand == Hand::Market { 0 } else { self.rng.i64(0..900) };
        let made = Order { filled, quote, foreign: true, ..order(self.now, base, buy, kind, price, quantity) };
        self.orders.push(made);
        self.now += (pause as f64 * (0.5 + self.rng.f64())) as i64;
    }

    /// Sells balances for dollars.
    pub fn liquidate(&mut self, coins: &[&str], total: f64, pause: i64) {
        for coin in coins {
            for _ in 0..3 {
                let price = self.market.price(coin, self.now) * 0.999;
                self.trade(coin, "USDT", false, price, total / coins.len() as f64 / 3.0, pause);
            }
        }
    }

    /// Buys a coin ever higher.
    pub fn chase(
        &mut self,
        (base, quote): (&str, &'static str),
        [from, times]: [f64; 2],
        count: usize,
        total: f64,
        pause: i64,
    ) {
        for number in 0..count {
            let rise = times.powf(number as f64 / count as f64) * (0.01 * normal(self.rng)).exp();
            let share = total / count as f64 * (0.5 + self.rng.f64());
            self.trade(base, quote, true, from * rise, share, pause);
        }
    }

    fn via(&mut self) {
        const ALTS: [&str; 20] = [
            "TRX", "NEO", "EOS", "XLM", "IOTA", "QTUM", "OMG", "ZRX", "BAT", "LSK", "STRAT", "WAVES", "ICX", "KNC",
            "ENJ", "POWR", "REQ", "STORJ", "MANA", "SNT",
        ];
        for coin in ALTS {
            let (price, total) = (0.00001 * (0.8 + 3.0 * self.rng.f64()), 0.02 + 0.05 * self.rng.f64());
            self.trade(coin, "BTC", false, price, total, 2_200);
        }
        let count = self.rng.usize(35..60);
        self.chase(("VIA", "BTC"), [0.00022, 11.0], count, 0.9, 1_300);
    }

    fn akro(&mut self) {
        self.liquidate(&["BTC", "ETH", "BNB"], 180_000.0, 2_500);
        for _ in 0..6 {
            self.trade("GBP", "USDT", false, 1.21, 8_000.0, 2_500);
        }
        let pause = 84 * MINUTE / 4_180;
        let half = 2_080u32;
        for number in 0..half {
            let rise = 9f64.powf(f64::from(number) / f64::from(half));
            let (a, b) = (0.02 * normal(self.rng), 0.02 * normal(self.rng));
            let totals = [40.0 + 50.0 * self.rng.f64(), 20.0 + 20.0 * self.rng.f64()];
            self.trade("AKRO", "USDT", true, 0.0031 * rise * a.exp(), totals[0], pause);
            self.trade("MIR", "USDT", true, 0.12 * rise.sqrt() * b.exp(), totals[1], pause);
        }
    }

    fn dmg(&mut self) {
        let mut price = 0.021;
        for _ in 0..2_500 {
            price *= (0.004 * normal(self.rng)).exp();
            let total = 500.0 + 300.0 * self.rng.f64();
            self.trade("DMG", "USDT", true, price * 1.03, total, 7_000);
            self.trade("DMG", "USDT", false, price * 0.97, total * 0.94, 7_000);
        }
    }

    fn axs(&mut self) {
        self.liquidate(&["BTC", "ETH"], 1_000_000.0, 4_000);
        let count = self.rng.usize(90..180);
        self.chase(("AXS", "USDT"), [6.8, 3.0], count, 990_000.0, 2_500);
    }

    fn cookie(&mut self) {
        self.liquidate(&["ETH", "SOL"], 90_000.0, 9_000);
        for _ in 0..4 {
            let price = self.market.price("BTC", self.now);
            self.trade("BTC", "USDT", true, price, 15_000.0, 20_000);
        }
        let bitcoin = self.market.price("BTC", self.now);
        for (base, quote, dollars) in [
            ("QTUM", "BTC", 3.2),
            ("DASH", "BTC", 29.0),
            ("PYR", "BTC", 4.1),
            ("ENA", "USDC", 0.8),
            ("NEO", "USDC", 15.0),
        ] {
            let worth = if quote == "BTC" { bitcoin } else { 1.0 };
            let total = 12_000.0 / worth;
            let times = 1.5 + 0.6 * self.rng.f64();
            self.chase((base, quote), [dollars / worth * 1.1, times], 24, total, 25_000);
        }
    }

    fn small(&mut self, span: i64) {
        self.liquidate(&["BTC", "ETH", "SOL"], 60_000.0, span / 90);
        self.chase(("AKRO", "USDT"), [0.0031, 8.0], 62, 58_000.0, span / 75);
    }
}
