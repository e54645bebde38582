//! Logins and changes of security settings, known by the names their columns go under.
//!
//! A header with Action or Device and no key column is the log of a person's sessions, not of a program's calls. With a key
//! column it is one when the file's name says so: the log of what was done about keys names them.

use super::Cell::{Text, Time};
use super::{Format, Shape, Synonyms};
use crate::tables::Table;

pub(super) static FORMAT: Format = Format {
    id: "security-events",
    exchange: "",
    title: "login and security events",
    export: "Account > Security > Account Activity (copy the table), or a reply from the exchange's support",
    table: Table::Events,
    shape: Shape::Synonyms(&SYNONYMS),
    fixed: &[],
    file_words: &["security", "login", "events", "account activity", "account-activity", "account_activity"],
    by_default: true,
};

static SYNONYMS: Synonyms = Synonyms {
    columns: &[
        (
            Time("time"),
            &[
                "time",
                "timestamp",
                "datetime",
                "event time",
                "login time",
                "log time",
                "utc time",
                "date",
                "login date",
                "activity time",
            ],
        ),
        (Text("ip"), &["ip", "ip address", "source ip", "login ip", "client ip", "remote ip"]),
        (
            Text("action"),
            &[
                "action",
                "activity",
                "event",
                "event type",
                "activity type",
                "operation",
                "event name",
                "login method",
                "type",
                "event.action",
            ],
        ),
        (Text("device"), &["device", "user agent", "browser", "client", "device name", "user_agent.original"]),
        (Text("location"), &["location", "country", "city", "region", "place", "geo"]),
        (
            Text("latitude"),
            &["latitude", "lat", "geo lat", "geo latitude", "source.geo.location.lat", "src_endpoint.location.lat"],
        ),
        (
            Text("longitude"),
            &[
                "longitude",
                "lon",
                "lng",
                "long",
                "geo lon",
                "geo longitude",
                "source.geo.location.lon",
                "src_endpoint.location.long",
            ],
        ),
        (Text("outcome"), &["status", "result", "outcome", "event.outcome", "success"]),
        (Text("account"), &["account", "account id", "user id", "uid", "user", "email", "sub account"]),
        (Text("key"), &["api key", "key", "key name", "api key name", "label", "api key id", "key id"]),
    ],
    needs: &[&["time"], &["action", "device"], &["ip", "device"]],
    headed: &["action", "device"],
    refuses_unless_named: &[
        "api key",
        "key",
        "key name",
        "api key name",
        "label",
        "api key id",
        "key id",
        "access key",
        "access key id",
    ],
    // What only a program's calls have.
    refuses: &["endpoint", "request", "method", "path", "url", "user agent", "symbol", "pair", "side", "quantity"],
};
