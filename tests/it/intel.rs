//! Lists and databases of addresses: context in the report, two rules, and no permission.

use std::net::Ipv4Addr;

use loganalyze::intel::{List, Place};
use loganalyze::rules::Severity;

use crate::folder::Folder;
use crate::mmdb::{Value, database};

#[test]
fn lists_hold_addresses_networks_and_warninglists() {
    let plain = List::parse("# exits\n198.51.100.7\n203.0.113.0/24 ; cloud\n\n2001:db8::/32\n").unwrap();
    let json =
        List::parse(r#"{"name": "x", "type": "cidr", "list": ["198.51.100.7/32", "2001:db8::/32", "203.0.113.0/24"]}"#);
    assert_eq!(plain, json.unwrap());
    for (ip, on) in [
        ("198.51.100.7", true),
        ("198.51.100.8", false),
        ("203.0.113.255", true),
        ("203.0.114.0", false),
        ("2001:db8:1::1", true),
        ("2001:db9::", false),
    ] {
        assert_eq!(plain.holds(ip.parse().unwrap()), on, "{ip}");
    }
    assert_eq!(List::parse("198.51.100.7\nexample.org\n").unwrap_err().0, 2);
    assert!(List::parse(r#"{"type": "hostname", "list": ["example.org"]}"#).is_err());
    assert!(List::parse("# nothing\n").is_err());
}

#[test]
fn a_network_inside_another_does_not_hide_it() {
    let list = List::parse("203.0.113.0/24\n203.0.113.4/32\n").unwrap();
    assert!(list.holds("203.0.113.200".parse().unwrap()));
}

#[test]
fn distances_are_those_of_a_globe() {
    let place = |latitude, longitude| Place { latitude, longitude, radius: 0.0 };
    let (berlin, tokyo) = (place(52.52, 13.40), place(35.68, 139.69));
    assert!((berlin.least_distance(tokyo) - 8918.0).abs() < 10.0, "{}", berlin.least_distance(tokyo));
    assert_eq!(berlin.least_distance(Place { radius: 9000.0, ..tokyo }), 0.0, "less what both may be off");
}

const EXPECTED: &str = "version = 1\n[[network]]\nname = \"home\"\ncidrs = [\"203.0.113.0/24\"]\n[[key]]\nname = \"Bot\"\nnetworks = [\"home\"]\n[intel]\n";

fn calls(rows: &[(&str, &str)]) -> String {
    let mut text =
        "Time,Key,IP,User Agent,Endpoint,Status\n2026-11-18 10:00:00,Bot,203.0.113.7,bot/1,GET /api/v3/account,200\n"
            .to_owned();
    for (time, ip) in rows {
        text.push_str(&format!("2026-11-{time},Bot,{ip},bot/1,GET /api/v3/account,200\n"));
    }
    text
}

fn found(folder: &Folder, rule: &str) -> Vec<(String, Severity)> {
    let report = folder.report();
    assert!(report.verdict.reasons.iter().all(|reason| !reason.contains("failed")), "{:?}", report.verdict.reasons);
    assert!(report.unreadable.is_empty(), "lists and databases are ours: {:?}", report.unreadable);
    report.findings.iter().filter(|f| f.rule == rule).map(|f| (f.subject.value.clone(), f.severity)).collect()
}

#[test]
fn ip_anon_or_hosting() {
    let folder = Folder::of(&[
        (
            "calls.csv",
            &calls(&[("18 11:00:00", "198.51.100.7"), ("18 12:00:00", "192.0.2.9"), ("18 13:00:00", "192.0.3.1")]),
        ),
        ("expected.toml", &format!("{EXPECTED}tor = \"tor.txt\"\nhosting = [\"cloud.txt\"]\n")),
        ("tor.txt", "198.51.100.7\n"),
        ("cloud.txt", "192.0.2.0/24\n203.0.113.0/24\n"),
    ]);
    assert_eq!(
        found(&folder, "ip-anon-or-hosting"),
        [("198.51.100.7".to_owned(), Severity::High), ("192.0.2.9".to_owned(), Severity::Medium)],
        "the listed network of the key is no news, and an address on no list neither"
    );
    let report = folder.report();
    let about = |ip: &str| {
        report.ips.iter().find(|info| info.ip == ip).unwrap().about.as_ref().map(|about| about.words.clone())
    };
    assert_eq!(about("198.51.100.7").as_deref(), Some("tor"));
    assert_eq!(about("203.0.113.7").as_deref(), Some("hosting"), "context for expected addresses too");
    assert_eq!(about("192.0.3.1"), None);
    let verdict = &report.ips.iter().find(|info| info.ip == "192.0.2.9").unwrap().verdict;
    assert_eq!(*verdict, "unrecognized", "a list gives no permission");
    folder.write("tor.txt", b"exit.example.org\n");
    assert!(folder.failure().message.contains("tor.txt:1: `exit.example.org`"), "{}", folder.failure().message);
}

fn city(latitude: f64, longitude: f64, country: &'static str) -> Value {
    Value::Map(vec![
        ("country", Value::Map(vec![("iso_code", Value::Text(country))])),
        (
            "location",
            Value::Map(vec![
                ("latitude", Value::Double(latitude)),
                ("longitude", Value::Double(longitude)),
                ("accuracy_radius", Value::Short(20)),
            ]),
        ),
    ])
}

#[test]
fn ip_impossible_travel() {
    let berlin = Ipv4Addr::new(198, 51, 100, 0);
    let tokyo = Ipv4Addr::new(192, 0, 2, 0);
    let places = database("City", &[(berlin, city(52.52, 13.40, "DE")), (tokyo, city(35.68, 139.69, "JP"))]);
    let networks = database(
        "ASN",
        &[(
            berlin,
            Value::Map(vec![
                ("autonomous_system_number", Value::Number(64500)),
                ("autonomous_system_organization", Value::Text("Example Net")),
            ]),
        )],
    );
    let hit = |second: &str, lists: &str| {
        let folder = Folder::of(&[
            ("calls.csv", &calls(&[("18 11:00:00", "198.51.100.7"), (second, "192.0.2.9")])),
            ("expected.toml", &format!("{EXPECTED}databases = [\"city.mmdb\", \"asn.mmdb\"]\n{lists}")),
            ("vpn.txt", "192.0.2.9\n"),
        ]);
        folder.write("city.mmdb", &places);
        folder.write("asn.mmdb", &networks);
        if lists.is_empty() {
            std::fs::remove_file(folder.path.join("vpn.txt")).unwrap();
            let report = folder.report();
            let about = report.ips.iter().find(|info| info.ip == "198.51.100.7").unwrap().about.as_ref().unwrap();
            assert_eq!(about.words, "DE, AS64500 Example Net");
        }
        found(&folder, "ip-impossible-travel")
    };
    assert_eq!(hit("18 13:00:00", ""), [("key Bot".to_owned(), Severity::Medium)]);
    assert_eq!(hit("18 23:30:00", ""), [], "time enough to fly");
    assert_eq!(hit("18 13:00:00", "vpn = \"vpn.txt\"\n"), [], "a VPN says nothing on where a person is");
}

#[test]
fn logins_travel_too_and_may_hide() {
    let events = "Time,Action,IP Address,Device,Status\n2026-11-18 09:00:00,Login,198.51.100.7,Chrome,Success\n2026-11-18 11:00:00,Login,192.0.2.9,Chrome,Success\n2026-11-18 12:00:00,Login,198.51.100.9,Chrome,Failed\n";
    let folder = Folder::of(&[
        ("calls.csv", &calls(&[])),
        ("logins.csv", events),
        ("expected.toml", &format!("{EXPECTED}databases = \"city.mmdb\"\n")),
    ]);
    let (berlin, tokyo) = (Ipv4Addr::new(198, 51, 100, 0), Ipv4Addr::new(192, 0, 2, 0));
    folder.write(
        "city.mmdb",
        &database("City", &[(berlin, city(52.52, 13.40, "DE")), (tokyo, city(35.68, 139.69, "JP"))]),
    );
    let leaps = found(&folder, "ip-impossible-travel");
    assert_eq!(leaps.len(), 1, "the login that failed was nobody's journey: {leaps:?}");
    folder.write("tor.txt", b"192.0.2.9\n");
    folder.write("expected.toml", format!("{EXPECTED}tor = \"tor.txt\"\n").as_bytes());
    std::fs::remove_file(folder.path.join("city.mmdb")).unwrap();
    assert_eq!(found(&folder, "ip-anon-or-hosting"), [("192.0.2.9".to_owned(), Severity::High)]);
}

#[test]
fn places_that_a_log_of_logins_states_itself_are_enough() {
    let leaps = |columns: &str, rows: &str| {
        let text = format!("Date,Action,IP Address,Status,{columns}\n{rows}");
        let folder = Folder::of(&[("logins.csv", &text)]);
        found(&folder, "ip-impossible-travel").len()
    };
    let berlin = "2026-11-15 10:00:00,Login,198.51.100.9,Success";
    let tokyo = "2026-11-15 11:00:00,Login,192.0.2.77,Success";
    for columns in ["Latitude,Longitude", "lat,lon", "source.geo.location.lat,source.geo.location.lon"] {
        assert_eq!(leaps(columns, &format!("{berlin},52.52,13.40\n{tokyo},35.68,139.69\n")), 1, "{columns}");
    }
    let near = format!("{berlin},52.52,13.40\n{},52.40,13.05\n", tokyo);
    assert_eq!(leaps("Latitude,Longitude", &near), 0);
    assert_eq!(leaps("Latitude,Longitude", &format!("{berlin},,\n{tokyo},n/a,999\n")), 0, "no places at all");
    let later = tokyo.replace("11-15 11", "11-16 11");
    assert_eq!(
        leaps("Latitude,Longitude", &format!("{berlin},52.52,13.40\n{later},35.68,139.69\n")),
        0,
        "a day to travel"
    );
}

#[test]
fn places_that_a_log_of_calls_states_are_context_and_tell_journeys() {
    let row = |time: &str, ip: &str, place: &str| {
        format!("2026-11-18 {time},Bot,{ip},bot/1,GET /api/v3/account,200,{place}\n")
    };
    let folder = |second: &str| {
        let rows = [row("10:00:00", "203.0.113.7", ",,,"), row("11:00:00", "198.51.100.7", "DE,Berlin,52.52,13.40")];
        let log = format!(
            "Time,Key,IP,User Agent,Endpoint,Status,Country,City,Latitude,Longitude\n{}{second}",
            rows.concat()
        );
        Folder::of(&[("calls.csv", &log), ("expected.toml", EXPECTED.trim_end_matches("[intel]\n"))])
    };
    let tokyo = row("12:30:00", "192.0.2.9", "JP,Tokyo,35.68,139.69");
    assert_eq!(found(&folder(&tokyo), "ip-impossible-travel"), [("key Bot".to_owned(), Severity::Medium)]);
    let near = row("12:30:00", "192.0.2.9", "DE,Potsdam,52.40,13.05");
    assert_eq!(found(&folder(&near), "ip-impossible-travel"), []);
    let report = folder(&tokyo).report();
    let words = |ip: &str| Some(report.ips.iter().find(|info| info.ip == ip)?.about.as_ref()?.words.clone());
    assert_eq!(words("192.0.2.9").as_deref(), Some("JP, Tokyo"));
    assert_eq!(words("203.0.113.7"), None);
    let at_once = |place: &str| found(&folder(&row("11:10:00", "192.0.2.9", place)), "ip-multi-network");
    assert_eq!(at_once("DE,Berlin,,"), [("Bot".to_owned(), Severity::Info)], "two networks of one city");
    assert_eq!(at_once("JP,Tokyo,,"), [("Bot".to_owned(), Severity::Medium)]);
}
