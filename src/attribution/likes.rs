//! How likely a call that explains an order would stand there by chance: the more calls like it, the less it says.

use super::matching::Explanation;
use crate::ingest::FastMap;
use crate::ingest::calls::{CallLog, OrderCall};
use crate::time::MINUTE;

/// Calls this far around an order tell how dense they are.
const AROUND: i64 = 30 * MINUTE;

/// The times of calls, by pair and side.
pub struct Likes(FastMap<(u32, u32), Vec<i64>>);

impl Likes {
    /// Of the calls of a log.
    pub fn new(log: &CallLog) -> Self {
        let mut times: FastMap<(u32, u32), Vec<i64>> = FastMap::default();
        for call in &log.order_calls {
            times.entry((call.symbol, call.side)).or_default().push(call.place.time);
        }
        Self(times)
    }

    /// The chance of another call like the one that was found for an order, in the window in which it would explain it; none
    /// where the call names the order, or there is no call.
    pub fn chance_of(&self, found: &Explanation, log: &CallLog) -> f64 {
        match found {
            Explanation::Call(found) if !found.by_id => self.chance(&log.order_calls[found.call], found.width),
            _ => 0.0,
        }
    }

    /// 1 - exp(-rate * window): the chance of at least one other call like it in a window of a width in microseconds, if
    /// calls came at random at the rate they have around it (Poisson).
    fn chance(&self, call: &OrderCall, width: i64) -> f64 {
        let Some(times) = self.0.get(&(call.symbol, call.side)) else { return 0.0 };
        let from = times.partition_point(|time| *time < call.place.time - AROUND);
        let until = times.partition_point(|time| *time <= call.place.time + AROUND);
        let others = (until - from).saturating_sub(1);
        1.0 - (-(others as f64) * width as f64 / (2 * AROUND) as f64).exp()
    }
}
