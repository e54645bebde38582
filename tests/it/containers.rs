//! Archives, workbooks, JSON and encodings: what is in them is read as if it lay there as CSV, within caps.

use std::io::{Cursor, Write};

use loganalyze::ingest::Reading;
use loganalyze::settings::Settings;
use loganalyze::sources::Caps;
use zip::write::SimpleFileOptions;

use crate::folder::{Folder, assert_ledger, report};

const ORDERS: &str =
    "Time,Pair,Side,Price,Executed,Amount,Fee\n26-01-10 12:00:00,BTCUSDT,BUY,90000,0.01BTC,900USDT,0.001BNB\n";

pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        // Written past the checks of the crate: a hostile archive does not ask it.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

/// A workbook of one sheet; the size it states of itself is wrong.
pub fn xlsx(rows: &str) -> Vec<u8> {
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>"#
    );
    zip(&[
        ("[Content_Types].xml", br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#),
        ("_rels/.rels", br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", br#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/styles.xml", br#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

pub fn row(number: usize, cells: &[&str]) -> String {
    let cell = |(at, text): (usize, &&str)| {
        let column = char::from(b'A' + at as u8);
        format!(r#"<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    };
    let cells: String = cells.iter().enumerate().map(cell).collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}

fn in_folder(files: &[(&str, Vec<u8>)]) -> Folder {
    let folder = Folder::of(&[("zz-calls.csv", "time,ip,operation\n2026-01-01 00:00:00,203.0.113.7,ping\n")]);
    for (name, bytes) in files {
        folder.write(name, bytes);
    }
    folder
}

#[test]
fn members_are_read_each_with_its_name_and_hash() {
    let whole: &[(&str, &[u8])] = &[("a/trades(UTC+2).csv", ORDERS.as_bytes())];
    for (name, bytes, member) in [
        ("t.zip", zip(whole), "a/trades(UTC+2).csv"),
        ("t.tar", tar(whole), "a/trades(UTC+2).csv"),
        ("t.tgz", gz(&tar(whole)), "a/trades(UTC+2).csv"),
        ("trades(UTC+2).csv.gz", gz(ORDERS.as_bytes()), "trades(UTC+2).csv"),
    ] {
        let report = in_folder(&[(name, bytes)]).report();
        assert_ledger(&report);
        let source = &report.sources[0];
        assert_eq!((source.format, source.accepted), ("binance-spot-trades", 1), "{name}");
        assert_eq!(source.member.as_deref(), Some(member), "{name}");
        assert_eq!(source.first.unwrap().to_string(), "2026-01-10T10:00:00Z", "the zone is in the member's name");
        assert_eq!(source.sha256.as_deref(), Some(loganalyze::sources::sha256(ORDERS.as_bytes()).as_str()), "{name}");
    }
}

#[test]
fn an_archive_cannot_lead_out_nor_nest_nor_repeat_a_name() {
    let inner = zip(&[("x.csv", ORDERS.as_bytes())]);
    for (bytes, words) in [
        (tar(&[("../x.csv", ORDERS.as_bytes())]), "leads out"),
        (tar(&[("/x.csv", ORDERS.as_bytes())]), "leads out"),
        (zip(&[("../x.csv", ORDERS.as_bytes())]), "leads out"),
        (zip(&[("x.zip", &inner)]), "within an archive"),
        (tar(&[("x.csv", ORDERS.as_bytes()), ("x.csv", ORDERS.as_bytes())]), "one name"),
        (b"PK\x03\x04 and no more".to_vec(), "cannot be read"),
    ] {
        let report = in_folder(&[("a.bin", bytes)]).report();
        assert_eq!(report.sources.len(), 1);
        assert!(report.unreadable[0].reason.contains(words), "{words}: {:?}", report.unreadable);
    }
}

#[test]
fn members_beyond_a_cap_are_named_and_the_others_are_read() {
    let bomb = "x".repeat(8 << 20);
    let bytes = zip(&[("bomb.csv", bomb.as_bytes()), ("trades.csv", ORDERS.as_bytes())]);
    let with = |caps: Caps| {
        let folder = in_folder(&[("a.zip", bytes.clone())]);
        let reading = Reading { caps, ..Reading::default() };
        report(&Settings { reading, ..folder.settings() }).unwrap()
    };
    for (caps, words) in [
        (Caps::default(), "--max-ratio"),
        (Caps { member: 4 << 20, ratio: 1_000_000, ..Caps::default() }, "--max-member"),
        (Caps { run: 4 << 20, ratio: 1_000_000, ..Caps::default() }, "--max-unpacked"),
    ] {
        let report = with(caps);
        assert_eq!((report.sources[0].format, report.sources[0].accepted), ("binance-spot-trades", 1));
        assert!(report.unreadable[0].reason.contains(words), "{:?}", report.unreadable);
    }
    let report = with(Caps { members: 1, ..Caps::default() });
    assert!(report.unreadable[0].reason.contains("--max-members"), "{:?}", report.unreadable);
}

#[test]
fn a_workbook_is_read_cell_by_cell_as_it_was_written() {
    let header = [
        "Order Number",
        "Order Type",
        "Asset Type",
        "Fiat Type",
        "Total Price",
        "Price",
        "Quantity",
        "Exchange rate",
        "Couterparty",
        "Status",
        "Created Time",
    ];
    let order = [
        "20401194693654421504",
        "Buy",
        "USDT",
        "VND",
        "9355539.0000000000000000",
        "24180",
        "386.91",
        "",
        "nick",
        "Completed",
        "2026-01-08 14:11:12",
    ];
    let rows = row(10, &header) + &row(11, &order);
    let report = in_folder(&[("Binance-C2C(UTC+2).xlsx", xlsx(&rows))]).report();
    assert_ledger(&report);
    let source = &report.sources[0];
    assert_eq!((source.format, source.accepted, source.rejected), ("binance-p2p", 1, 0), "{:?}", report.unreadable);
    assert_eq!(source.first.unwrap().to_string(), "2026-01-08T12:11:12Z");
}

#[test]
fn a_workbooks_own_dates_and_numbers_are_exact_or_known_to_be_lost() {
    let header = row(1, &["Time", "Pair", "Side", "Price", "Executed", "Amount", "Fee"]);
    let typed = r#"<row r="2"><c r="A2" s="1"><v>46032.5</v></c><c r="B2" t="inlineStr"><is><t>BTCUSDT</t></is></c><c r="C2" t="inlineStr"><is><t>BUY</t></is></c><c r="D2"><v>90000.1</v></c><c r="E2"><v>0.01</v></c><c r="F2"><v>900.001</v></c><c r="G2"><v>0.001</v></c></row>"#;
    let report = in_folder(&[("t.xlsx", xlsx(&(header + typed)))]).report();
    let source = &report.sources[0];
    assert_eq!((source.accepted, source.rejected), (1, 0), "{:?}", report.rejected);
    assert_eq!(source.first.unwrap().to_string(), "2026-01-10T12:00:00Z");
}

#[test]
fn cells_that_a_sheet_leaves_out_at_the_end_of_a_row_are_empty() {
    let statement = row(1, &["User_ID", "UTC_Time", "Account", "Operation", "Coin", "Change", "Remark"])
        + &row(2, &["1", "2026-01-08 14:11:12", "Spot", "Deposit", "USDT", "5", "a gift"])
        + &row(3, &["1", "2026-01-08 14:11:13", "Spot", "Deposit", "USDT", "6"]);
    let calls =
        row(1, &["Time", "IP", "Operation", "Status"]) + &row(2, &["2026-01-08 14:11:12", "203.0.113.7", "ping"]);
    let report = in_folder(&[("statement.xlsx", xlsx(&statement)), ("calls.xlsx", xlsx(&calls))]).report();
    assert_ledger(&report);
    let read = |format: &str| {
        let source = report.sources.iter().find(|source| source.format == format).unwrap();
        (source.accepted, source.rejected)
    };
    assert_eq!(read("api-call-log"), (1, 0), "{:?}", report.rejected);
    assert_eq!(read("binance-transaction-history"), (2, 0), "{:?}", report.rejected);
}

#[test]
fn documented_json_logs_are_known() {
    for (name, text, format, records) in [
        (
            "cloudtrail.json",
            r#"{"Records":[{"eventTime":"2026-01-01T00:00:00Z","eventName":"GetObject","sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2","userIdentity":{"accessKeyId":"AKIDEXAMPLE"}},{"eventTime":"2026-01-01T00:00:01Z","eventName":"PutObject","sourceIPAddress":"AWS Internal","userAgent":"aws-cli/2","errorCode":"AccessDenied","userIdentity":{"accessKeyId":"AKIDEXAMPLE"}}]}"#,
            "api-call-log",
            2,
        ),
        (
            "ecs.jsonl",
            "{\"@timestamp\":\"2026-01-01T00:00:00Z\",\"source\":{\"ip\":\"203.0.113.7\"},\"event\":{\"action\":\"POST /api/v3/order\"}}\n{\"@timestamp\":\"2026-01-01T00:00:01Z\",\"source\":{\"ip\":\"203.0.113.7\"},\"event\":{\"action\":\"ping\"}}\n",
            "api-call-log",
            2,
        ),
        (
            "deribit.json",
            r#"{"jsonrpc":"2.0","id":1,"result":{"log":[{"timestamp":1767225600000,"ip":"203.0.113.7","id":1,"country":"DE","city":"Berlin","result":"success"},{"timestamp":1767225601000,"ip":"203.0.113.7","id":2,"country":"DE","city":"Berlin","result":"new_api_key"}]}}"#,
            "deribit-access-log",
            2,
        ),
        (
            "bitfinex.json",
            r#"[[1574332100000,null,"settings: api key created",null,null,"203.0.113.7","Mozilla/5.0"],[1574332200000,null,"login",null,null,"203.0.113.7","Mozilla/5.0"]]"#,
            "security-events",
            2,
        ),
        (
            "bybit.json",
            r#"{"retCode":0,"result":{"id":"1","note":"bot","apiKey":"Gr1dExample9xQz","readOnly":0,"permissions":{"Spot":["SpotTrade"],"Wallet":["AccountTransfer"]},"ips":["203.0.113.7"],"createdAt":"2026-01-01T00:00:00Z","expiredAt":"2026-04-01T00:00:00Z"},"time":1}"#,
            "api-key-list",
            1,
        ),
        (
            "binance.json",
            r#"{"ipRestrict":false,"createTime":1767225600000,"enableReading":true,"enableWithdrawals":false,"enableInternalTransfer":false,"enableMargin":false,"enableFutures":false,"permitsUniversalTransfer":false,"enableVanillaOptions":false,"enableSpotAndMarginTrading":true}"#,
            "binance-key-permissions",
            1,
        ),
        (
            "sub.json",
            r#"{"ipRestrict":"true","ipList":["203.0.113.7","203.0.113.8"],"updateTime":1767225600000,"apiKey":"Gr1dExample9xQz"}"#,
            "binance-sub-account-key",
            1,
        ),
    ] {
        let report = in_folder(&[(name, text.as_bytes().to_vec())]).report();
        assert_ledger(&report);
        let source = &report.sources[0];
        assert_eq!(
            (source.format, source.accepted, source.rejected),
            (format, records, 0),
            "{name} {:?}",
            report.rejected
        );
    }
}

#[test]
fn text_that_is_no_utf_8_is_read_by_a_guess_that_is_stated() {
    let header = "User ID,Time,Account,Operation,Coin,Change,Remark\n1,26-01-10 12:00:00,Spot,Deposit,BTC,1,";
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode("déjà");
    let (chinese, _, _) = encoding_rs::GBK.encode("分发");
    for (bytes, words) in [(latin, "Windows-1252"), (chinese, "GBK")] {
        let report = in_folder(&[("l.csv", [header.as_bytes(), &bytes, b"\n"].concat())]).report();
        let source = &report.sources[0];
        assert_eq!((source.accepted, source.rejected), (1, 0), "{:?}", report.rejected);
        assert!(source.notes[0].contains(words), "{:?}", source.notes);
    }
}
