//! The registry of formats, and each known header read from an export of its kind.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use loganalyze::formats::header::squeeze;
use loganalyze::formats::{ALL, Format, Shape};

use loganalyze::tables::Table;

use crate::folder::{Folder, assert_ledger};

/// The names of the files of formats: those of an exchange stand in its folder.
fn files() -> BTreeSet<String> {
    let entries =
        |path: &Path| -> Vec<PathBuf> { std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect() };
    let stem = |path: &Path| path.file_stem().unwrap().to_string_lossy().replace('_', "-");
    let mut names = BTreeSet::new();
    for path in entries(&crate::folder::project("src/formats")) {
        if path.is_dir() {
            names.extend(entries(&path).iter().map(|file| format!("{}-{}", stem(&path), stem(file))));
        } else {
            names.insert(stem(&path));
        }
    }
    names.retain(|name| {
        !matches!(name.as_str(), "mod" | "cell" | "header" | "page" | "recognise" | "stub" | "user")
            && !name.ends_with("-mod")
    });
    names
}

#[test]
fn ids_are_the_files_names_and_unique() {
    let ids: BTreeSet<String> = ALL.iter().map(|format| format.id.to_owned()).collect();
    assert_eq!(ids.len(), ALL.len());
    assert_eq!(ids, files());
}

#[test]
fn every_column_of_a_format_is_one_of_its_table() {
    for format in ALL {
        let (cells, fixed): (Vec<_>, Vec<_>) = match format.shape {
            Shape::Headers(generations) | Shape::TwoLevel(generations) | Shape::Refused(generations, _) => (
                generations.iter().flat_map(|g| g.columns.iter().map(|(_, cell)| *cell)).collect(),
                generations.iter().flat_map(|g| g.fixed.iter().map(|(name, _)| *name)).collect(),
            ),
            Shape::Synonyms(synonyms) => (synonyms.columns.iter().map(|(cell, _)| *cell).collect(), Vec::new()),
        };
        let names = cells
            .iter()
            .flat_map(|cell| [cell.column(), cell.second()])
            .flatten()
            .chain(fixed)
            .chain(format.fixed.iter().map(|(name, _)| *name));
        for name in names {
            assert!(format.table.position(name).is_some(), "{}: {name}", format.id);
        }
        assert!(!format.export.is_empty() && !format.title.is_empty(), "{}", format.id);
    }
}

#[test]
fn each_name_of_a_column_is_listed_once() {
    for format in ALL {
        let Shape::Synonyms(synonyms) = format.shape else { continue };
        for (cell, names) in synonyms.columns {
            let distinct: BTreeSet<String> = names.iter().map(|name| squeeze(name)).collect();
            assert_eq!(
                distinct.len(),
                names.len(),
                "{}: {cell:?}: case, blanks and punctuation do not count",
                format.id
            );
        }
    }
}

/// The headers of a format of which there must be a sample: all but those of a refused one.
fn generations(format: &Format) -> Vec<&'static str> {
    match format.shape {
        Shape::Headers(generations) | Shape::TwoLevel(generations) => {
            generations.iter().map(|generation| generation.name).collect()
        }
        Shape::Synonyms(_) => vec!["synonyms"],
        Shape::Refused(..) => Vec::new(),
    }
}

/// `data/formats/<id>/` holds a sample of every header of every format; a file there is an export as a user has it.
#[test]
fn every_header_of_every_format_has_a_sample_that_is_read_whole() {
    let samples = crate::folder::project("data/formats");
    let mut faults = Vec::new();
    for format in ALL {
        let wanted = generations(format);
        let folder = Folder::new();
        // A call log gives the run an event where the samples may hold none, such as a list of keys.
        folder.write("zz-calls.csv", b"time,ip,operation\n2026-01-01 00:00:00,203.0.113.7,ping\n");
        for entry in std::fs::read_dir(samples.join(format.id)).into_iter().flatten() {
            let path = entry.unwrap().path();
            folder.write(&path.file_name().unwrap().to_string_lossy(), &std::fs::read(&path).unwrap());
        }
        let report = folder.report();
        assert_ledger(&report);
        faults.extend(report.unreadable.iter().map(|file| format!("{}: {file:?}", format.id)));
        let mut met = BTreeSet::new();
        for source in report.sources.iter().filter(|source| !source.path.ends_with("zz-calls.csv")) {
            let read = (source.format, source.rejected, source.accepted + source.duplicate > 0);
            if read != (format.id, 0, true) {
                let rejects: Vec<_> = report.rejected.iter().filter(|reject| reject.source == source.id).collect();
                faults.push(format!("{} of {}: {read:?} {rejects:?}", source.path, format.id));
            }
            met.insert(source.generation);
        }
        let missing = wanted.iter().filter(|name| !met.contains(*name));
        faults.extend(missing.map(|name| format!("{}: no sample of the header \"{name}\"", format.id)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn samples_are_of_formats_that_exist() {
    let ids: BTreeSet<&str> = ALL.iter().map(|format| format.id).collect();
    for entry in std::fs::read_dir(crate::folder::project("data/formats")).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(ids.contains(name.to_string_lossy().as_ref()) || name == "README.md", "{name:?}");
    }
}

#[test]
fn the_page_of_formats_is_the_registrys() {
    let page = std::fs::read_to_string(crate::folder::project("data/formats/README.md")).unwrap();
    assert!(
        page == loganalyze::formats::page::page(),
        "make it anew: loganalyze explain formats > data/formats/README.md"
    );
}

#[test]
fn templates_are_read_as_what_they_are_for() {
    for template in loganalyze::template::ALL {
        let Some(table) = Table::ALL.iter().find(|table| table.name() == template.table) else { continue };
        let folder = Folder::of(&[
            ("filled-in.csv", template.text),
            ("zz-calls.csv", "time,ip,operation\n2026-01-01 00:00:00,203.0.113.7,ping\n"),
        ]);
        let source = &folder.report().sources[0];
        assert_eq!((source.table, source.accepted, source.rejected), (table.name(), 1, 0), "{}", template.name);
        assert_eq!((source.zone.as_str(), source.zone_from), ("UTC", "header"), "{}", template.name);
    }
}

#[test]
fn offsets_come_from_the_file_name_the_header_or_the_option() {
    let time = |name: &str, header: &str, zones: &[&str]| {
        let folder = Folder::of(&[(
            name,
            &format!(
                "{header},Coin,Network,Amount,Fee,Address,TXID,Status\n26-01-10 12:00:00,BTC,BTC,1,0,a,t,Completed\n"
            ),
        )]);
        let zones = zones.iter().map(|text| loganalyze::settings::ZoneOption::parse(text).unwrap()).collect();
        let report = crate::folder::report(&loganalyze::settings::Settings { zones, ..folder.settings() }).unwrap();
        let source = &report.sources[0];
        format!("{} {} {}", source.first.unwrap(), source.zone, source.zone_from)
    };
    assert_eq!(time("w(UTC+2).csv", "Time", &[]), "2026-01-10T10:00:00Z UTC+02:00 file name");
    assert_eq!(time("w(UTC--6)_ab.csv", "Time", &[]), "2026-01-10T18:00:00Z UTC-06:00 file name");
    assert_eq!(time("w(UTC+5:30).csv", "Time", &[]), "2026-01-10T06:30:00Z UTC+05:30 file name");
    assert_eq!(time("w.csv", "Date(UTC+1)", &[]), "2026-01-10T11:00:00Z UTC+01:00 header");
    assert_eq!(time("w.csv", "Date(UTCnull)", &[]), "2026-01-10T12:00:00Z UTC header");
    assert_eq!(time("w.csv", "Time", &[]), "2026-01-10T12:00:00Z UTC assumed");
    assert_eq!(time("w(UTC+2).csv", "Time", &["w*=Europe/Berlin"]), "2026-01-10T11:00:00Z Europe/Berlin option");
}

#[test]
fn the_hour_that_a_clock_change_repeats_is_told_and_the_one_it_skips_is_refused() {
    let rows = "26-10-25 02:30:00,BTC,BTC,1,0,a,t,Completed\n26-03-29 02:30:00,BTC,BTC,1,0,a,u,Completed\n";
    let folder = Folder::of(&[("w.csv", &format!("Time,Coin,Network,Amount,Fee,Address,TXID,Status\n{rows}"))]);
    let zones = vec![loganalyze::settings::ZoneOption::parse("*=Europe/Berlin").unwrap()];
    let report = crate::folder::report(&loganalyze::settings::Settings { zones, ..folder.settings() }).unwrap();
    let source = &report.sources[0];
    assert_eq!(
        (source.accepted, source.rejected, source.first.unwrap().to_string().as_str()),
        (1, 1, "2026-10-25T00:30:00Z")
    );
    assert!(source.notes[0].contains("1 time in the hour"), "{:?}", source.notes);
}

#[test]
fn a_call_log_is_known_by_its_synonyms() {
    for header in [
        "Time,IP,Endpoint",
        "TIMESTAMP;Source IP;Action;API Key",
        "@timestamp,source.ip,event.action,user_agent.original",
        "Date(UTC)\tAPI Key\tTool",
        "eventTime,sourceIPAddress,eventName,accessKeyId",
    ] {
        let delimiter = header.chars().find(|c| matches!(c, ',' | ';' | '\t')).unwrap();
        let row: Vec<&str> = header
            .split(delimiter)
            .map(|name| {
                if name.to_lowercase().contains("time") || name.contains("Date") {
                    "2026-01-01 00:00:00"
                } else if name.to_lowercase().contains("ip") && !name.contains("API") {
                    "203.0.113.7"
                } else {
                    "x"
                }
            })
            .collect();
        let report = Folder::of(&[("log.csv", &format!("{header}\n{}\n", row.join(&delimiter.to_string())))]).report();
        assert_eq!((report.sources[0].format, report.sources[0].accepted), ("api-call-log", 1), "{header}");
    }
}

#[test]
fn what_is_not_known_is_named_with_the_nearest_known_export() {
    let files = [
        ("a.csv", "Date(UTC),Coin,Amount,TransactionFee,Address,TXID,SourceAddress,PaymentID,Status\n"),
        ("b.csv", "Time,Pair,Side,Price,Executed,Amount\n2026-01-01 00:00:00,BTCUSDT,BUY,1,1BTC,1USDT\n"),
        ("c.csv", "Symbol,Type,Quantity,Price,Value,Fees,Date\nBTC,Buy,1,1,1,1,x\n"),
        (
            "d.csv",
            "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n04/05/2020 10:41,ZENBTC,SELL,0.000772,0.17ZEN,0.00013127BTC,0.00000013BTC\n",
        ),
        ("f.xlsx", "PK\u{3}\u{4}rest"),
        ("g.csv", ""),
        ("h.csv", "what,when\n"),
    ];
    let reasons = files.map(|(name, text)| {
        let folder =
            Folder::of(&[(name, text), ("zz-calls.csv", "time,ip,operation\n2026-01-01 00:00:00,203.0.113.7,ping\n")]);
        let unreadable = &folder.report().unreadable[0];
        format!("{}: {}", unreadable.path, unreadable.reason)
    });
    insta::assert_snapshot!(reasons.join("\n"));
}

#[test]
fn an_empty_export_says_so_and_is_no_record() {
    let report = Folder::of(&[
        ("f(UTC--6).csv", "Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID\nNo data matches the criteria.\n"),
        ("zz-calls.csv", "time,ip,operation\n2026-01-01 00:00:00,203.0.113.7,ping\n"),
    ])
    .report();
    let source = &report.sources[0];
    assert_eq!((source.records, source.accepted, source.rejected, source.skipped), (1, 0, 0, 1));
    assert_eq!(source.skipped_reasons["no data row"], 1);
}

#[test]
fn fills_below_their_orders_are_trades_of_them() {
    let path = crate::folder::project("data/formats/binance-two-level-orders/2018.csv");
    let report = Folder::of(&[("orders.csv", &std::fs::read_to_string(path).unwrap())]).report();
    assert_ledger(&report);
    let source = &report.sources[0];
    // Two orders, two fills of the first, and the header above them.
    assert_eq!((source.records, source.accepted, source.skipped), (5, 4, 1));
    assert_eq!(source.skipped_reasons["child header of a two-level export"], 1);
    assert_eq!(report.orders.total, 2, "the fills stand for no orders of their own");
}

#[test]
fn dates_that_a_spreadsheet_wrote_are_read_where_one_of_them_tells_the_order() {
    let header = "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n";
    let row = |date: &str| format!("{date},ZENBTC,SELL,0.000772,0.17ZEN,0.00013127BTC,0.00000013BTC\n");
    let report =
        Folder::of(&[("t.csv", &format!("{header}{}{}", row("09/04/2020 05:49"), row("14/04/2020 10:41")))]).report();
    let source = &report.sources[0];
    assert_eq!((source.accepted, source.first.unwrap().to_string()), (2, "2020-04-09T05:49:00Z".to_owned()));
    assert!(source.notes[0].contains("read day first, since 14/04/2020 10:41"), "{:?}", source.notes);
    let mixed = Folder::of(&[("t.csv", &format!("{header}{}{}", row("04/14/2020 05:49"), row("14/04/2020 10:41")))]);
    assert!(mixed.failure().message.contains("not all in one order"));
}

#[test]
fn what_stands_before_the_header_is_counted_and_its_zone_is_used() {
    let text = "UID:900001,Account Type:Main,Time Zone:UTC+8\nid,Time,Type,Amount,Before Balance,After Balance,Symbol\n6,2025-12-28 18:26:32,Withdrawal,-1.5,210.5,209,USDT\n";
    let report = Folder::of(&[("okx.csv", text)]).report();
    assert_ledger(&report);
    let source = &report.sources[0];
    assert_eq!(
        (source.format, source.records, source.accepted, source.skipped_reasons["preamble"]),
        ("okx-funding", 2, 1, 1)
    );
    assert_eq!((source.zone.as_str(), source.zone_from), ("UTC+08:00", "preamble"));
    assert_eq!(source.first.unwrap().to_string(), "2025-12-28T10:26:32Z");
}

#[test]
fn records_that_stand_in_quotes_as_a_whole_are_taken_out_of_them() {
    let text = "\"Date(UTC),Pair,Side,Price,Executed,Amount,Fee\"\n\"2022-02-18 13:24:05,ADABTC,BUY,\"\"1,500.5\"\",\"\"2,500.0ADA\"\",0.1BTC,0.1BNB\"\n";
    let report = Folder::of(&[("t.csv", text)]).report();
    assert_eq!((report.sources[0].accepted, report.sources[0].rejected), (1, 0), "{:?}", report.rejected);
}

#[test]
fn a_mixed_history_fills_the_tables_it_speaks_of() {
    let path = crate::folder::project("data/formats/bitstamp-transactions/from-2023.csv");
    let report = Folder::of(&[("bitstamp.csv", &std::fs::read_to_string(path).unwrap())]).report();
    assert_ledger(&report);
    assert_eq!((report.sources[0].accepted, report.sources[0].rejected), (3, 0));
    assert_eq!(report.orders.total, 1, "the trade stands for its order");
    assert_eq!(report.transfers.total, 1, "the withdrawal is money out");
}

#[test]
fn ids_that_a_spreadsheet_destroyed_are_said_and_never_taken_for_each_other() {
    let header = "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Couterparty,Status,Created Time\n";
    let row = |hour: u32| format!("2.04012E+19,Buy,USDT,VND,1,1,1,,nick,Completed,2022-09-08 {hour}:11:12\n");
    let report =
        Folder::of(&[("a.csv", &format!("{header}{}", row(14))), ("b.csv", &format!("{header}{}", row(15)))]).report();
    assert_eq!(
        (report.sources[0].accepted, report.sources[1].accepted),
        (1, 1),
        "two orders that lost their ids are two"
    );
    assert!(report.sources[0].notes[0].contains("2.04012E+19"), "{:?}", report.sources[0].notes);
}

const OWN: &str = "id = \"my-trades\"\ntitle = \"trades of mine\"\ntable = \"trades\"\nfixed = { market = \"spot\" }\n[columns]\n\"When\" = \"time day-first\"\n\"What\" = \"symbol reversed\"\n\"How much\" = \"quantity signed side\"\n\"At\" = \"price\"\n\"Whatever\" = \"\"\n";

#[test]
fn a_format_of_the_users_own_is_read_like_a_built_in_one() {
    let folder = Folder::of(&[
        ("mine.format.toml", OWN),
        ("t.csv", "When,What,How much,At,Whatever\n03.02.2026 04:05:06,USD-BTC,-0.5,90000,x\n"),
    ]);
    let report = folder.report();
    let source = &report.sources[0];
    assert_eq!((source.format, source.accepted, source.rejected), ("my-trades", 1, 0), "{:?}", report.rejected);
    assert_eq!(source.first.unwrap().to_string(), "2026-02-03T04:05:06Z");
    assert!(report.unreadable.is_empty(), "the format itself is no evidence: {:?}", report.unreadable);
}

#[test]
fn faults_in_a_format_of_the_users_own_are_named_by_line() {
    let fault =
        |from: &str, to: &str| loganalyze::formats::user::parse(&OWN.replace(from, to)).map(|_| ()).unwrap_err();
    assert_eq!(fault("\"trades\"\n", "\"tardes\"\n").0, 3);
    let (line, what) = fault("\"price\"", "\"prize\"");
    assert_eq!(line, 9);
    assert!(what.contains("did you mean `price`"), "{what}");
    assert!(fault("signed side", "backwards").1.contains("is no way to read `quantity`"));
    assert!(fault("title", "tilte").1.contains("tilte"));
    assert!(fault("my-trades", "kraken-trades").1.contains("built-in"));
    assert_eq!(fault("\"time day-first\"", "\"\"").0, 3, "a record of an event needs its time");
}

#[test]
fn an_unread_record_of_a_mixed_history_keeps_the_run_from_being_clear() {
    let name = "data/formats/bitvavo-transactions/from-2023.csv";
    let text = std::fs::read_to_string(crate::folder::project(name)).unwrap();
    let broken =
        "Europe/Amsterdam,2024-07-02,04:05:06,buy,ETH,many,EUR,2000,EUR,-200.50,EUR,0.50,Completed,aaaabbbb-0009,";
    let said = |text: &str| {
        let report = Folder::of(&[("history.csv", text)]).report();
        report.verdict.reasons.iter().any(|reason| reason.contains("that may belong to the window could not be read"))
    };
    assert!(!said(&text));
    assert!(said(&format!("{}\n{broken}\n", text.trim_end())));
}

#[test]
fn what_a_spreadsheet_took_from_times_and_amounts_is_said() {
    let header = "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n";
    let notes =
        |line: &str| Folder::of(&[("trades.csv", &format!("{header}{line}\n"))]).report().sources[0].notes.join("; ");
    assert_eq!(notes("2026-11-10 12:00:01,BTCUSDT,BUY,90000.5,0.0100000000BTC,900.00500000USDT,0.001BNB"), "");
    let cut = notes("2026-11-10 12:00,BTCUSDT,BUY,90000.5,0.01BTC,900USDT,0.001BNB");
    assert!(cut.contains("times without seconds"), "{cut}");
    let float = notes("2026-11-10 12:00:01,BTCUSDT,BUY,90000.5,0.01BTC,900.0049999999999USDT,0.001BNB");
    assert!(float.contains("binary fractions") && float.contains("column Amount: 900.0049999999999USDT"), "{float}");
}

#[test]
fn dates_that_a_spreadsheet_wrote_are_read_in_every_table_of_a_mixed_history() {
    let text = "Timestamp (UTC),Transaction Description,Currency,Amount,To Currency,To Amount,Native Currency,Native Amount,\
        Native Amount (in USD),Transaction Kind\n1/22/2023 4:32,Rebate,CRO,17.5,,,USD,1,1,reimbursement\n\
        11/21/2022 22:08,Withdraw ETH,ETH,-0.38,,,USD,4,4,crypto_withdrawal\n";
    let report = Folder::of(&[("app.csv", text)]).report();
    assert_eq!((report.sources[0].accepted, report.sources[0].rejected), (2, 0), "{:?}", report.rejected);
    assert!(report.sources[0].notes[0].contains("month first"));
}

#[test]
fn contracts_margined_in_coin_are_a_market_of_their_own() {
    let header = "Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID\n";
    let line = |symbol: &str, id: u32| {
        format!("1,2026-11-10 12:00:{id},{symbol},BUY,90000,1,1,0.0001 BTC,0,true,false,{id},{id}0\n")
    };
    let markets = |name: &str, lines: &[String]| -> Vec<String> {
        let report = Folder::of(&[(name, &format!("{header}{}", lines.concat()))]).report();
        let mut markets: Vec<String> =
            report.verdict.reasons.iter().filter(|r| r.contains("futures")).cloned().collect();
        markets.push(report.sources[0].format.to_owned());
        markets
    };
    let named = markets("Binance-COIN-M-Futures-Trade-History-202611110000(UTC+0).csv", &[line("BTCUSD_PERP", 11)]);
    assert!(named.last().is_some_and(|format| format == "binance-coin-futures-trades"), "{named:?}");
    assert!(named.iter().any(|reason| reason.contains("cm-futures orders")), "{named:?}");
    let plain = markets("trades.csv", &[line("BTCUSDT", 11), line("BTCUSD_PERP", 12)]);
    assert!(plain.last().is_some_and(|format| format == "binance-futures-trades"), "{plain:?}");
}

#[test]
fn amounts_that_stand_in_columns_by_asset_go_where_they_belong() {
    let text = "Date,Time (UTC),Type,Symbol,Specification,Liquidity Indicator,Trading Fee Rate (bps),USD Amount USD,\
        Fee (USD) USD,USD Balance USD,BTC Amount BTC,Fee (BTC) BTC,BTC Balance BTC,Trade ID,Order ID,Order Date,Order Time,\
        Client Order ID,API Session,Tx Hash,Deposit Destination,Deposit Tx Output,Withdrawal Destination,Withdrawal Tx Output\n\
        2026-11-02,10:00:00.164,Credit,BTC,Deposit (BTC),,,,,$0.00 ,0.75 BTC ,0.0 BTC ,0.75 BTC ,,,,,,,f00d,1MadeUp,7,,\n\
        2026-11-03,11:00:00.500,Sell,BTCUSD,Limit,Taker,25.00 ,\"$1,766.12 \",($4.42),\"$1,761.70 \",(0.02 BTC),,0.73 BTC ,31,41,2026-11-03,11:00:00.400,my-1,session-9,,,,,\n\
        2026-11-04,12:00:00.000,Debit,USD,Withdrawal (ACH Transfer),,,($500.00),$0.00 ,\"$1,261.70 \",,,0.73 BTC ,,,,,,,,,,,\n";
    let balances =
        "time,asset,total\n2026-11-01 00:00:00,BTC,0\n2026-11-05 00:00:00,BTC,0.73\n2026-11-05 00:00:00,USD,1261.70\n";
    let report = Folder::of(&[("gemini.csv", text), ("balances.csv", balances)]).report();
    let gemini = report.sources.iter().find(|source| source.path.ends_with("gemini.csv")).unwrap();
    assert_eq!((gemini.accepted, gemini.rejected), (3, 0), "{:?}", report.rejected);
    let of = |asset: &str| {
        let line = report.assets.iter().find(|line| line.asset == asset).unwrap();
        (line.trades.as_str(), line.transfers.as_str(), line.gap.as_deref())
    };
    assert_eq!((of("BTC"), of("USD")), (("-0.02", "0.75", Some("0")), ("1761.7", "-500", Some("0"))));
}

#[test]
fn a_column_without_a_name_may_hold_something() {
    let header = "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance,\n";
    let text = format!(
        "{header}L1,R1,2026-01-02 03:04:05,deposit,,currency,ZEUR,10,0,10,more\nL2,R2,2026-01-02 03:04:06,deposit,,currency,ZEUR,10,0,20\nL3,R3,2026-01-02 03:04:06,deposit,,currency,ZEUR,10,0,20,more,yet more\n"
    );
    let report = Folder::of(&[("ledgers.csv", &text)]).report();
    assert_ledger(&report);
    assert_eq!((report.sources[0].accepted, report.sources[0].rejected), (2, 1), "{:?}", report.rejected);
}

#[test]
fn what_only_a_files_name_says_is_missed_when_it_was_renamed() {
    let path = crate::folder::project("data/formats/deribit-transactions/transaction_log-90001-BTC-2023.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let named = Folder::of(&[("transaction_log-90001-BTC-2023.csv", &text)]).report();
    assert!(named.sources[0].notes.is_empty(), "{:?}", named.sources[0].notes);
    let renamed = Folder::of(&[("deribit.csv", &text)]).report();
    assert!(renamed.sources[0].notes[0].contains("the file was renamed"), "{:?}", renamed.sources[0].notes);
}

#[test]
fn the_balances_of_a_mixed_history_are_those_of_its_ledger_and_its_trades() {
    let header = "Timezone,Date,Time,Type,Currency,Amount,Quote Currency,Quote Price,Received / Paid Currency,Received / Paid Amount,Fee currency,Fee amount,Status,Transaction ID,Address\n";
    let rows = "UTC,2026-02-03,04:05:06,deposit,EUR,1000,,,,,EUR,0,Completed,a1,\n\
        UTC,2026-02-04,04:05:06,buy,ETH,0.1,EUR,2000,EUR,-200.50,EUR,0.50,Completed,a2,\n\
        UTC,2026-02-05,04:05:06,staking,ETH,0.0005,,,,,,,Distributed,a3,\n";
    let report = Folder::of(&[("bitvavo.csv", &format!("{header}{rows}"))]).report();
    let told: Vec<String> = report
        .assets
        .iter()
        .map(|line| format!("{} {} {} {}", line.asset, line.trades, line.transfers, line.other))
        .collect();
    assert_eq!(told, ["ETH 0.1 0 0.0005", "EUR -200.5 1000 0"]);
    let mismatch: Vec<_> = report.not_checked.iter().filter(|gap| gap.why.contains("differ")).collect();
    assert!(mismatch.is_empty(), "{mismatch:?}");
}

#[test]
fn a_stub_is_filled_as_far_as_the_header_allows() {
    let stub = |header: &str| {
        let names: Vec<String> = header.split(';').map(str::to_owned).collect();
        loganalyze::formats::stub::stub(&names)
    };
    let trades = stub(r#"When;Market Pair;B/S;Qty;Unit Price;Gross;Flavour "of" it"#);
    let expected = r#"table = "trades"
[columns]
"When" = "time"
"Market Pair" = "symbol"
"B/S" = "side"
"Qty" = "quantity"
"Unit Price" = "price"
"Gross" = "quote_total"
"Flavour \"of\" it" = ""   # ?
"#;
    assert!(trades.ends_with(expected), "{trades}");
    let moved = stub("Date;Asset Name;In/Out;Sum");
    assert!(moved.contains("table = \"transfers\"") && !moved.contains("# ?"), "{moved}");
    let user = loganalyze::formats::user::parse(&moved).unwrap();
    assert_eq!(user.table, Table::Transfers, "what it prints can be read as it stands");
}

#[test]
fn a_trade_of_which_only_price_and_quantity_are_told_costs_their_product() {
    let header = "portfolio,trade id,product,side,created at,size,size unit,price,fee,total,price/fee/total unit\n";
    let row = "default,1,ETH-USD,BUY,2021-05-10T14:23:05.000Z,1.5,ETH,3000.00,15.00,-4515.00,USD\n";
    let staked = "UID,Account Type,Order ID,Time(UTC+02:00),Staked Coin,Product Type,Product Name,Earnings Coin,Earnings Type,Remarks,Amount,Amount（USDT）,Fee\n****0001,earn,a1,2021-05-10 14:23:05,KCS,Staking,KCS,KCS,,,0.05,0.4,0\n";
    let report = Folder::of(&[("fills.csv", &format!("{header}{row}")), ("earn.csv", staked)]).report();
    let usd = report.assets.iter().find(|line| line.asset == "USD").unwrap();
    assert_eq!(usd.trades, "-4515", "the fee once");
}
