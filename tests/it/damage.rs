//! What programs do to exports that were opened in them and saved again: it is noticed and said, and never guessed at.

use loganalyze::report::Report;

use crate::folder::{Folder, assert_ledger};

const TRADES: &str = "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n";
const P2P: &str = "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Couterparty,Status,Created Time\n";
const CALLS: (&str, &str) = ("zz-calls.csv", "time,ip,operation\n2026-01-01 00:00:00,203.0.113.7,ping\n");

fn trade(time: &str) -> String {
    format!("{time},ZENBTC,SELL,0.000772,0.17ZEN,0.00013127BTC,0.00000013BTC\n")
}

/// The report on one such file, beside a log of calls.
fn report(text: &str) -> Report {
    let report = Folder::of(&[("damaged.csv", text), CALLS]).report();
    assert_ledger(&report);
    report
}

#[test]
fn dates_that_were_written_anew_are_said() {
    let noted = |first: &str, second: &str| {
        let report = report(&format!("{TRADES}{}{}", trade(first), trade(second)));
        assert_eq!((report.sources[0].accepted, report.sources[0].rejected), (2, 0), "{:?}", report.rejected);
        (report.sources[0].first.unwrap().to_string(), report.sources[0].notes.clone())
    };
    let (first, notes) = noted("2/18/2022 1:24:05 PM", "2/19/2022 1:24:06 AM");
    assert_eq!(first, "2022-02-18T13:24:05Z");
    assert!(notes[0].contains("read month first") && !notes[0].contains("cut the seconds off"), "{notes:?}");
    let (first, notes) = noted("18.02.2022 13:24:05", "19.02.2022 13:24:06");
    assert_eq!(first, "2022-02-18T13:24:05Z");
    assert!(notes.len() == 1 && notes[0].contains("wrote its dates anew (18.02.2022 13:24:05)"), "{notes:?}");
    let (_, notes) = noted("2022-02-18 13:24", "2022-02-19 13:24");
    assert!(notes[0].contains("times without seconds"), "{notes:?}");
    assert!(noted("2022-02-18 13:24:05", "2022-02-19 13:24:06").1.is_empty());
}

#[test]
fn commas_of_decimals_are_never_taken_for_those_of_thousands() {
    let header = "Date(UTC);Market;Type;Price;Amount;Total;Fee;Fee Coin\n";
    let row = "2018-05-04 06:23:50;NEBLBTC;SELL;1,001;18,530;18,548;1,230;BNB\n";
    let doubtful = report(&format!("{header}{row}"));
    assert_eq!((doubtful.sources[0].accepted, doubtful.sources[0].rejected), (0, 1));
    assert!(doubtful.rejected[0].message.contains("of decimals or of thousands"), "{:?}", doubtful.rejected);
    let clear = report(&format!("{header}{}", row.replace("1,001", "1,001.5").replace(",5", "5").replace(",2", "2")));
    assert_eq!((clear.sources[0].accepted, clear.sources[0].rejected), (1, 0), "{:?}", clear.rejected);
    let shifted = report(&format!("{TRADES}2022-02-18 13:24:05,ZENBTC,SELL,\"0,000772\",0.17ZEN,0.1BTC,0.1BTC\n"));
    assert!(shifted.rejected[0].message.contains("of decimals or of thousands"), "{:?}", shifted.rejected);
}

#[test]
fn ids_that_were_rounded_are_said() {
    let row = |id: &str, second: u32| format!("{id},Buy,USDT,VND,1,1,1,,nick,Completed,2022-09-08 14:11:{second}\n");
    let rounded = report(&format!("{P2P}{}{}", row("20401194693654400000", 12), row("20401194693654500000", 13)));
    assert!(rounded.sources[0].notes[0].contains("rounded ids to 15 digits"), "{:?}", rounded.sources[0].notes);
    let whole = report(&format!("{P2P}{}{}", row("20401194693654400000", 12), row("20401194693654421504", 13)));
    assert!(whole.sources[0].notes.is_empty(), "{:?}", whole.sources[0].notes);
}

#[test]
fn exports_joined_into_one_file_are_read_and_said() {
    let text = format!("{TRADES}{}{TRADES}{}", trade("2022-02-18 13:24:05"), trade("2022-02-19 13:24:05"));
    let report = report(&text);
    assert_eq!((report.sources[0].accepted, report.sources[0].rejected), (2, 1));
    let reject = &report.rejected[0];
    assert_eq!((reject.line, reject.kind), (3, "header"), "{reject:?}");
}

#[test]
fn delimiters_behind_records_in_quotes_are_left_out() {
    let text = "\"Date(UTC),Pair,Side,Price,Executed,Amount,Fee\";;\n\"2022-02-18 13:24:05,ADABTC,BUY,\"\"1,500.5\"\",\"\"2,500.0ADA\"\",0.1BTC,0.1BNB\";;\n";
    let report = report(text);
    assert_eq!((report.sources[0].accepted, report.sources[0].rejected), (1, 0), "{:?}", report.unreadable);
}

#[test]
fn wide_text_without_a_mark_is_read_and_said() {
    let text = format!("{TRADES}{}", trade("2022-02-18 13:24:05"));
    for (name, bytes) in [
        ("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
        ("UTF-16BE", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ] {
        let folder = Folder::new();
        folder.write("wide.csv", &bytes);
        let report = folder.report();
        let source = &report.sources[0];
        assert_eq!(source.accepted, 1, "{:?}", report.unreadable);
        assert!(source.notes[0].ends_with(&format!("taken for {name}")), "{:?}", source.notes);
    }
}
