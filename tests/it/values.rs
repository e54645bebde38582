//! Decimals, times and zones.

use loganalyze::decimal::{Decimal, DecimalError};
use loganalyze::settings::parse_time;
use loganalyze::time::{Timestamp, Zone, parse_span, span_words};
use proptest::prelude::*;

fn decimal(text: &str) -> Result<String, DecimalError> {
    Decimal::parse(text.as_bytes()).map(|value| value.to_string())
}

#[test]
fn numbers_are_read_exactly() {
    for (text, value) in [
        ("0.00310000", "0.0031"),
        ("2,500.0000000000", "2500"),
        ("6.0E-7", "0.0000006"),
        ("-3.605E-05", "-0.00003605"),
        ("0E-18", "0"),
        ("2.00000000000E-7", "0.0000002"),
        ("9355539.0000000000000000", "9355539"),
        ("104.976405810000002816", "104.976405810000002816"),
        ("-0.00000000000000000001", "-0.00000000000000000001"),
        ("999999999999999999.99999999999999999999", "999999999999999999.99999999999999999999"),
        ("+5", "5"),
        (".5", "0.5"),
        ("1E3", "1000"),
    ] {
        assert_eq!(decimal(text).as_deref(), Ok(value), "{text}");
    }
}

#[test]
fn what_is_no_number_or_does_not_fit_is_refused() {
    for text in
        ["", "-", "--", "abc", "1.2.3", "1,5", "12,34", "1,2345", "1e", "1e5000000000", "0x10", "1 000", "NaN", "inf"]
    {
        assert_eq!(decimal(text), Err(DecimalError::Malformed), "{text}");
    }
    for text in ["0.000000000000000000001", "1000000000000000000", "1E18", "1E-21", "1E400"] {
        assert_eq!(decimal(text), Err(DecimalError::Inexact), "{text}");
    }
}

#[test]
fn times_are_read_in_the_zone_they_name_or_the_one_given() {
    let berlin = Zone::parse("Europe/Berlin").unwrap();
    let read = |text: &str, zone: Zone| parse_time(text, zone).map(|time| Timestamp(time).to_string());
    for (text, zone, utc) in [
        ("2026-11-20", Zone::UTC, "2026-11-20T00:00:00Z"),
        ("2026-11-20T17:03:11Z", berlin, "2026-11-20T17:03:11Z"),
        ("2026-11-20 17:03:11", berlin, "2026-11-20T16:03:11Z"),
        ("2026-07-01 12:00", berlin, "2026-07-01T10:00:00Z"),
        ("26-01-31 23:59:59", Zone::UTC, "2026-01-31T23:59:59Z"),
        ("2026/01/31 23:59:59", Zone::UTC, "2026-01-31T23:59:59Z"),
        ("31.01.2026 23:59:59", Zone::UTC, "2026-01-31T23:59:59Z"),
        ("2025-01-17 16:57:02 UTC", berlin, "2025-01-17T16:57:02Z"),
        ("2026-01-31T23:59:59.123456+05:30", Zone::UTC, "2026-01-31T18:29:59.123456Z"),
        ("1767225600", berlin, "2026-01-01T00:00:00Z"),
        ("1767225600123", berlin, "2026-01-01T00:00:00.123Z"),
        ("2024-02-29 00:00:00", Zone::UTC, "2024-02-29T00:00:00Z"),
    ] {
        assert_eq!(read(text, zone).as_deref(), Some(utc), "{text}");
    }
}

#[test]
fn what_is_no_time_is_refused() {
    for text in [
        "",
        "yesterday",
        "2026-13-01",
        "2026-02-29",
        "2026-01-01 24:00:00",
        "2026-01-01 10:60:00",
        "01/02/2026 10:00",
        "2026-01-01T",
        "2026-01-01 10",
        "20260101",
    ] {
        assert_eq!(parse_time(text, Zone::UTC), None, "{text}");
    }
}

#[test]
fn zones_are_read_as_exports_write_them() {
    for (text, shown) in [
        ("UTC", "UTC"),
        ("UTC+2", "UTC+02:00"),
        ("UTC--6", "UTC-06:00"),
        ("UTC-6", "UTC-06:00"),
        ("UTC+5:30", "UTC+05:30"),
        ("UTC+0", "UTC"),
        ("UTC0", "UTC"),
        ("UTCnull", "UTC"),
        ("+0530", "UTC+05:30"),
        ("GMT+1", "UTC+01:00"),
        ("Europe/Berlin", "Europe/Berlin"),
    ] {
        assert_eq!(Zone::parse(text).map(|zone| zone.to_string()).as_deref(), Some(shown), "{text}");
    }
    for text in ["", "UTC+15", "+2:99", "Mars/Olympus", "UTC+x", "2"] {
        assert_eq!(Zone::parse(text), None, "{text}");
    }
}

#[test]
fn spans_are_read_and_written() {
    assert_eq!(parse_span("30d").map(span_words).as_deref(), Some("30 days"));
    assert_eq!(parse_span("90m").map(span_words).as_deref(), Some("1.5 hours"));
    for text in ["", "d", "30", "-3d", "0d", "3 fortnights", "99999999999999999d"] {
        assert_eq!(parse_span(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn a_decimal_written_and_read_again_is_the_same(units in -(10i128.pow(38) - 1)..10i128.pow(38)) {
        let value = Decimal(units);
        prop_assert_eq!(Decimal::parse(value.to_string().as_bytes()), Ok(value));
    }

    // Plain numbers are read in a way of their own, those with an exponent never are.
    #[test]
    fn an_exponent_of_nothing_changes_nothing(text in r"[0-9]{0,20}(\.[0-9]{0,20})?") {
        prop_assert_eq!(Decimal::parse(text.as_bytes()), Decimal::parse(format!("{text}e0").as_bytes()));
    }

    #[test]
    fn no_bytes_make_the_parsers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let _ = Decimal::parse(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _ = parse_time(&text, Zone::UTC);
        let _ = Zone::parse(&text);
        let _ = parse_span(&text);
    }

    #[test]
    fn texts_that_look_like_times_never_panic(text in "[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}[ T]?[0-9:.,+Z-]{0,20}") {
        let _ = parse_time(&text, Zone::UTC);
    }
}
