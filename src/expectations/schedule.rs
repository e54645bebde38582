//! When a tool calls: how often, and at what hours of its day.

use crate::time::{DAY, HOUR, MINUTE, Zone};

/// How a tool spreads its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// All the time, never silent for longer than its period.
    Continuous,
    /// In runs, one per period.
    Periodic,
    /// When the user starts it.
    Manual,
}

impl Rhythm {
    /// The rhythm of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [("continuous", Self::Continuous), ("periodic", Self::Periodic), ("manual", Self::Manual)]
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, rhythm)| rhythm)
    }
}

/// When a tool calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// How it spreads its calls.
    pub rhythm: Rhythm,
    /// Its period, if it has one.
    pub every: Option<i64>,
    /// How far a run may lie off its due time.
    pub jitter: i64,
    /// The hours of the day in which it calls.
    pub window: Option<DayWindow>,
    /// The zone of those hours.
    pub zone: Zone,
    /// Whether the expectations state it; else it is what tools of its kind do.
    pub stated: bool,
}

/// What tools of a kind do unless their schedule says otherwise (trackers sync several times a day by CoinTracker's FAQ;
/// tax tools are taken to be quarterly; the others are own proposals).
const PRESETS: &[(&str, Rhythm, i64)] = &[
    ("bot", Rhythm::Continuous, DAY),
    ("copy", Rhythm::Continuous, HOUR),
    ("tax", Rhythm::Periodic, 92 * DAY),
    ("tracker", Rhythm::Continuous, DAY),
    ("script", Rhythm::Continuous, 7 * DAY),
];

impl Schedule {
    /// The schedule of a kind of tool that states none.
    pub fn of_kind(kind: &str) -> Self {
        let preset = PRESETS.iter().find(|(name, ..)| *name == kind);
        Self {
            rhythm: preset.map_or(Rhythm::Manual, |(_, rhythm, _)| *rhythm),
            every: preset.map(|(_, _, every)| *every),
            jitter: 0,
            window: None,
            zone: Zone::UTC,
            stated: false,
        }
    }
}

/// The steps in which hours are looked at.
const STEP: i64 = 15 * MINUTE;
/// No silence needs to be looked at for longer: it is one in any case.
const LONG: i64 = 7 * DAY;

/// How much of a span, in microseconds, falls into the hours of at least one of some schedules; one that states no hours is
/// always awake.
pub fn awake(schedules: &[Schedule], from: i64, to: i64) -> i64 {
    if to - from > LONG || schedules.iter().any(|schedule| schedule.window.is_none()) {
        return to - from;
    }
    let inside = |time: i64| schedules.iter().any(|s| s.window.is_some_and(|hours| hours.holds(time, s.zone, 0)));
    let steps = (0..(to - from) / STEP).filter(|step| inside(from + step * STEP + STEP / 2));
    (steps.count() as i64 * STEP).min(to - from)
}

/// Hours of a day, local, which may wrap midnight: from inclusive, to exclusive, in microseconds since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayWindow {
    from: i64,
    to: i64,
}

impl DayWindow {
    /// Reads `06:00-22:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let clock = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok().filter(|_| minute.len() == 2)?);
            ((0..=24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * HOUR + minute * MINUTE)
        };
        let (from, to) = text.split_once('-')?;
        Some(Self { from: clock(from)?, to: clock(to)? })
    }

    /// Whether an instant lies in these hours of its own local day, give or take some microseconds: a clock change moves
    /// the hours with the wall clock.
    pub fn holds(self, time: i64, zone: Zone, grace: i64) -> bool {
        let local = zone.local(time).rem_euclid(DAY);
        let span = (self.to - self.from).rem_euclid(DAY);
        let span = if span == 0 { DAY } else { span };
        (local - (self.from - grace)).rem_euclid(DAY) < span + 2 * grace || span + 2 * grace >= DAY
    }
}
