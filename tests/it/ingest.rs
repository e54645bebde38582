//! Reading: any bytes end in records or rejects, each with its place, and nothing else is lost with a bad one.

use proptest::prelude::*;

use crate::folder::{Folder, assert_ledger};

const LEDGER: &str = "User ID,Time,Account,Operation,Coin,Change,Remark\n";

fn ledger(rows: &str) -> Folder {
    Folder::of(&[("statement.csv", &format!("{LEDGER}{rows}"))])
}

#[test]
fn one_bad_record_costs_that_record_alone() {
    let report = ledger(concat!(
        "1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,\n",
        "1,2026-01-02 00:00:00,Spot,Deposit,USDT,one,\n",
        "1,yesterday,Spot,Deposit,USDT,1,\n",
        "1,2026-01-03 00:00:00,Spot,Deposit,USDT\n",
        "1,2026-01-04 00:00:00,Spot,Deposit,USDT,1,a,b\n",
        "\n",
        "1,2026-01-05 00:00:00,Spot,\"Deposit,USDT,1,\n",
        "1,2026-01-06 00:00:00,Spot,Deposit,USDT,1,\"two\nlines\"\n",
        "1,2026-01-07 00:00:00,Spot,Deposit,USDT,1,last",
    ))
    .report();
    assert_ledger(&report);
    let source = &report.sources[0];
    assert_eq!((source.records, source.accepted, source.rejected, source.skipped), (9, 3, 5, 1));
    let rejects: Vec<String> = report
        .rejected
        .iter()
        .map(|r| {
            format!(
                "record {} line {} byte {} column {:?} {}: {} | {}",
                r.record, r.line, r.byte, r.column, r.kind, r.message, r.raw
            )
        })
        .collect();
    insta::assert_snapshot!(rejects.join("\n"));
    assert_eq!(source.last.unwrap().to_string(), "2026-01-07T00:00:00Z");
}

#[test]
fn equal_records_of_one_export_are_different_records() {
    let row = "1,2026-01-01 00:00:00,Spot,Buy,USDT,1,\n";
    let report = ledger(&row.repeat(3)).report();
    assert_eq!((report.sources[0].accepted, report.sources[0].duplicate), (3, 0));
}

#[test]
fn of_equal_records_in_two_exports_the_larger_number_stays() {
    let row = "1,2026-01-01 00:00:00,Spot,Buy,USDT,1,\n";
    let report = Folder::of(&[
        ("a.csv", &format!("{LEDGER}{}", row.repeat(2))),
        ("b.csv", &format!("{LEDGER}{}", row.repeat(3))),
    ])
    .report();
    assert_ledger(&report);
    assert_eq!(
        report.sources.iter().map(|source| (source.accepted, source.duplicate)).collect::<Vec<_>>(),
        [(2, 0), (1, 2)]
    );
}

#[test]
fn utf16_and_marks_are_read() {
    let text = format!("{LEDGER}1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,ü\n");
    let folder = Folder::new();
    let mut wide = vec![0xff, 0xfe];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    folder.write("wide.csv", &wide);
    let report = folder.report();
    assert_eq!(report.sources[0].accepted, 1);
}

#[test]
fn crlf_lf_and_lone_cr_count_lines_alike() {
    for end in ["\n", "\r\n", "\r"] {
        let rows = ["1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,", "", "1,x,Spot,Deposit,USDT,1,"].join(end);
        let report = Folder::of(&[("s.csv", &format!("{}{end}{rows}{end}", LEDGER.trim()))]).report();
        assert_ledger(&report);
        assert_eq!((report.rejected[0].record, report.rejected[0].line), (3, 4), "{end:?}");
    }
}

#[test]
fn an_unclosed_quote_costs_its_line_alone_whatever_ends_the_lines() {
    for end in ["\n", "\r\n", "\r"] {
        let good = format!("1,2026-01-02 00:00:00,Spot,Deposit,USDT,1,{end}").repeat(10);
        let text = format!("{}{end}1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,\"oops{end}{good}", LEDGER.trim());
        let report = Folder::of(&[("s.csv", &text)]).report();
        let source = &report.sources[0];
        assert_eq!((source.records, source.accepted, source.rejected), (11, 10, 1), "{end:?}");
    }
}

#[test]
fn a_file_full_of_broken_quotes_is_read_in_time() {
    // Each line opens a quote that only the next line's closes; every record would reach to the end of the file.
    let rows = "\"z\",\"\n".repeat(30_000);
    let report = ledger(&format!("{rows}1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,\n")).report();
    assert_ledger(&report);
    assert_eq!((report.sources[0].records, report.sources[0].accepted), (30_001, 1));
}

#[test]
fn quoted_line_breaks_are_read_behind_a_broken_quote() {
    let good = "1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,\"two\nlines\"\n".repeat(2_000);
    let report = ledger(&format!("1,2026-01-01 00:00:00,Spot,\"Deposit\"x,USDT,1,\"\n{good}")).report();
    assert_ledger(&report);
    assert_eq!((report.sources[0].accepted, report.sources[0].rejected), (2_000, 1));
}

#[test]
fn long_lines_behind_a_quote_are_not_cut() {
    let long = "x".repeat(5_000);
    let rows: String = (0..800)
        .map(|at| format!("1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,{}\n", if at == 0 { "\"a\"" } else { &long }))
        .collect();
    let report = ledger(&(rows + "1,x,Spot,Deposit,USDT,1,\n")).report();
    assert_eq!((report.sources[0].records, report.sources[0].accepted, report.rejected[0].line), (801, 800, 802));
}

#[test]
fn secrets_are_not_repeated() {
    let secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    let report =
        ledger(&format!("1,yesterday,Spot,Deposit,USDT,1,{secret}\n1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,\n"))
            .report();
    assert!(!report.rejected[0].raw.contains(secret), "{}", report.rejected[0].raw);
    let hash = "9".repeat(64);
    let report =
        ledger(&format!("1,yesterday,Spot,Deposit,USDT,1,{hash}\n1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,\n"))
            .report();
    assert!(report.rejected[0].raw.contains(&hash));
}

#[test]
fn of_equal_files_the_one_with_a_stated_zone_is_read() {
    let text = "Time,Coin,Network,Amount,Fee,Address,TXID,Status\n26-01-10 12:00:00,BTC,BTC,1,0,a,t,Completed\n";
    let report = Folder::of(&[("a.csv", text), ("w(UTC+9).csv", text)]).report();
    assert_ledger(&report);
    let read: Vec<(u64, u64)> = report.sources.iter().map(|source| (source.accepted, source.duplicate)).collect();
    assert_eq!(read, [(0, 1), (1, 0)]);
    assert_eq!(report.sources[1].first.unwrap().to_string(), "2026-01-10T03:00:00Z");
}

#[test]
fn bytes_are_those_of_the_file() {
    let report = ledger_with_mark("1,x,Spot,Deposit,USDT,1,\n1,2026-01-02 00:00:00,Spot,Deposit,USDT,1,\n");
    assert_eq!(report.rejected[0].byte, 3 + LEDGER.len() as u64);
}

fn ledger_with_mark(rows: &str) -> loganalyze::report::Report {
    Folder::of(&[("s.csv", &format!("\u{feff}{LEDGER}{rows}"))]).report()
}

#[test]
fn amounts_are_taken_apart_by_their_pair() {
    let header =
        "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n";
    for (pair, amount, quantity) in [
        ("4USDT", "5.14", "5.1"),
        ("1INCHUSDT", "5.11INCH", "5.1"),
        ("1000SATSUSDT", "51000SATS", "5"),
        ("BTCUSDT", "1.5", "1.5"),
        ("BTCUSDT", "\"2,500.00BTC\"", "2500"),
    ] {
        let row =
            format!("2026-01-01 00:00:00,1,{pair},Market,BUY,0,{amount},2026-01-01 00:00:00,{amount},1,1USDT,FILLED\n");
        let calls = "time,ip,operation\n2025-12-31 23:00:00,203.0.113.7,POST /api/v3/order\n2026-01-01 01:00:00,203.0.113.7,ping\n";
        let report = Folder::of(&[("o.csv", &format!("{header}{row}")), ("calls.csv", calls)]).report();
        assert_eq!(report.orders.unrecognized[0].quantity.as_deref(), Some(quantity), "{pair} {amount}");
    }
}

#[test]
fn a_time_may_lack_its_seconds_and_a_date_must_not_stand_alone() {
    let at = |time: &str| {
        let rows = format!("1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,\n1,{time},Spot,Deposit,USDT,1,\n");
        let report = ledger(&rows).report();
        (report.sources[0].accepted, report.sources[0].rejected)
    };
    assert_eq!(at("2026-01-01 00:01:00"), (2, 0));
    assert_eq!(at("2026-01-01 00:01"), (2, 0), "a spreadsheet cut them off");
    assert_eq!(at("2026-01-01"), (1, 1));
}

#[test]
fn v4_mapped_addresses_ports_and_zone_ids_are_the_address() {
    let calls = "Time,Key,IP,Endpoint\n2026-01-01 00:00:00,Bot,::ffff:203.0.113.7,GET /api/v3/account\n2026-01-01 00:00:01,Bot,203.0.113.7:443,GET /api/v3/account\n2026-01-01 00:00:02,Bot,AWS Internal,GET /api/v3/account\n2026-01-01 00:00:03,Bot,203.000.113.007,GET /api/v3/account\n2026-01-01 00:00:04,Bot,10.0.0.1,GET /api/v3/account\n";
    let expected = "version = 1\n[[network]]\nname = \"home\"\ncidrs = [\"203.0.113.0/24\"]\n[[key]]\nname = \"Bot\"\nnetworks = [\"home\"]\n";
    let report = Folder::of(&[("calls.csv", calls), ("expected.toml", expected)]).report();
    let ips: Vec<(&str, &str, u64)> = report.ips.iter().map(|ip| (ip.ip.as_str(), ip.verdict, ip.calls)).collect();
    assert_eq!(
        ips,
        [
            ("10.0.0.1", "unusable", 1),
            ("203.000.113.007", "unusable", 1),
            ("AWS Internal", "unusable", 1),
            ("203.0.113.7", "expected", 2)
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_end_in_records_or_rejects(body in proptest::collection::vec(prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..300)) {
        let folder = Folder::new();
        let mut bytes = format!("{LEDGER}1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,\n").into_bytes();
        bytes.extend(body);
        folder.write("statement.csv", &bytes);
        let report = folder.report();
        assert_ledger(&report);
        prop_assert!(report.sources[0].accepted >= 1);
    }

    #[test]
    fn records_are_those_of_the_csv_crate(rows in proptest::collection::vec(proptest::collection::vec("[a-z0-9 \"',.\\n-]{0,6}", 7), 0..20)) {
        // Well-formed CSV: what the `csv` crate reads as so many records is so many here, line breaks in quotes or not.
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(LEDGER.trim().split(',')).unwrap();
        writer.write_record("1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,".split(',')).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let oracle = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice()).into_byte_records().count();
        let folder = Folder::new();
        folder.write("statement.csv", &bytes);
        prop_assert_eq!(folder.report().sources[0].records, oracle as u64);
    }
}

#[test]
fn nothing_to_read_is_said_with_the_reasons() {
    let failure = Folder::of(&[("a.csv", "what,when\n1,2\n")]).failure();
    assert_eq!(failure.exit.code(), 3);
    assert!(failure.message.contains("exports/a.csv: header not recognised"), "{}", failure.message);
    assert_eq!(Folder::new().failure().exit.code(), 3);
    let failure = ledger("1,x,Spot,Deposit,USDT,1,\n").failure();
    assert!(failure.message.contains("the first on line 2"), "{}", failure.message);
}
