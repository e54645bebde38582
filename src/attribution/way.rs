//! How an order came about by its own account: by hand, by the exchange, by an order before it. That explains an order and
//! never clears it: anybody can send a prefix.

use super::orders::Order;
use crate::dataset::Event;
use crate::reference::{Action, Origin, Reference};
use crate::time::DAY;

/// How an order came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// On the exchange's website or in its app; the name of it.
    Person(String),
    /// The exchange itself: a liquidation, a settlement; the name of it.
    Exchange(String),
    /// An earlier order of the same account: a stop that was reached, the leg of a list.
    Parent,
    /// Nothing says so, or a program did.
    Call,
}

/// Words for it in the columns of exports: Bybit's createType, HTX's order_type and source, Coinbase's initiated by.
const PERSON: &[&str] = &["web", "app", "ios", "android", "website", "mobile", "desktop", "pc", "h5", "manual", "ui"];
const EXCHANGE: &[&str] = &["liq", "adl", "settle", "delist", "takeover", "autoclose"];
const PARENT: &[&str] = &[
    "createbystoporder",
    "createbytakeprofit",
    "createbystoploss",
    "createbytrailing",
    "createbypartialtakeprofit",
    "createbypartialstoploss",
];

/// How an order came about.
pub fn way(order: &Order, reference: &Reference) -> Way {
    let family = order.client_order_id.as_deref().and_then(|id| reference.family(id));
    match family.map(|family| (family.origin, family.name.clone())) {
        Some((Origin::System, name)) => return Way::Exchange(name),
        Some((Origin::Website | Origin::App, name)) => return Way::Person(name),
        _ => {}
    }
    let origin: String = order.origin.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if origin.is_empty() {
        Way::Call
    } else if PARENT.iter().any(|word| origin.starts_with(word)) {
        Way::Parent
    } else if EXCHANGE.iter().any(|word| origin.strip_prefix("createby").unwrap_or(&origin).starts_with(word)) {
        Way::Exchange(order.origin.to_string())
    } else if PERSON.contains(&origin.as_str()) {
        Way::Person(order.origin.to_string())
    } else {
        Way::Call
    }
}

/// Who was logged in when an order was placed by hand.
pub enum Session<'a> {
    /// Somebody at an address of the user's.
    Own(&'a Event),
    /// Somebody elsewhere, and nobody at an address of the user's.
    Foreign(&'a Event),
    /// Nothing settles it.
    Unknown,
}

/// The logins of the day before an order. Events are in order of time.
pub fn session<'a>(events: &'a [Event], time: i64) -> Session<'a> {
    let from = events.partition_point(|event| event.time < time - DAY);
    let before = || events[from..].iter().take_while(|event| event.time <= time);
    let logins = || before().filter(|event| event.action == Action::Login);
    let own = logins().filter(|login| login.expected == Some(true)).last();
    let foreign = logins().filter(|login| login.expected == Some(false)).last();
    match (own, foreign) {
        (Some(own), None) => Session::Own(own),
        (None, Some(foreign)) => Session::Foreign(foreign),
        _ => Session::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::PlSmallStr;

    use super::*;
    use crate::attribution::Rest;

    fn order(client_order_id: &str, origin: &str) -> Order {
        Order {
            rows: Vec::new(),
            time: 10 * DAY,
            symbol: "BTCUSDT".into(),
            side: "BUY".into(),
            quantity: None,
            price: None,
            order_id: None,
            client_order_id: Some(client_order_id.into()).filter(|id: &PlSmallStr| !id.is_empty()),
            kind: PlSmallStr::EMPTY,
            origin: origin.into(),
            source: 0,
            grain: crate::time::SECOND,
            touched: true,
            is_fill: false,
            rest: Rest::No,
        }
    }

    #[test]
    fn ids_and_origins_tell_how_an_order_came_about() {
        let of = |id: &str, origin: &str| way(&order(id, origin), Reference::built_in());
        assert!(matches!(of("web_0123456789abcdef0123456789abcdef", ""), Way::Person(_)));
        assert!(matches!(of("ios_0123456789abcdef0123", ""), Way::Person(_)));
        assert!(matches!(of("autoclose-123", ""), Way::Exchange(_)));
        assert!(matches!(of("", "CreateByLiq"), Way::Exchange(_)));
        assert!(matches!(of("", "CreateByAdl_PassThrough"), Way::Exchange(_)));
        assert!(matches!(of("", "CreateByStopLoss"), Way::Parent));
        assert!(matches!(of("", "Web"), Way::Person(_)));
        for (id, origin) in
            [("x-TKT5PX2F123", ""), ("6gCrw2kRUAF9CvJDGP16IP", ""), ("", ""), ("", "CreateByUser"), ("", "api")]
        {
            assert_eq!(of(id, origin), Way::Call, "{id} {origin}");
        }
    }

    fn login(days: i64, expected: Option<bool>) -> Event {
        Event {
            row: 0,
            time: days * DAY,
            action: Action::Login,
            ip: "198.51.100.9".to_owned(),
            prefix: "198.51.100.0/24".to_owned(),
            device: String::new(),
            key: String::new(),
            expected,
        }
    }

    #[test]
    fn a_login_of_the_day_before_settles_who_placed_an_order_by_hand() {
        let of = |events: &[Event]| match session(events, 10 * DAY + 1) {
            Session::Own(_) => "own",
            Session::Foreign(_) => "foreign",
            Session::Unknown => "unknown",
        };
        assert_eq!(of(&[]), "unknown");
        assert_eq!(of(&[login(8, Some(true))]), "unknown", "two days before");
        assert_eq!(of(&[login(10, Some(true))]), "own");
        assert_eq!(of(&[login(10, Some(false))]), "foreign");
        assert_eq!(of(&[login(10, Some(true)), login(10, Some(false))]), "unknown", "either may have done it");
        assert_eq!(of(&[login(10, None)]), "unknown");
    }
}
