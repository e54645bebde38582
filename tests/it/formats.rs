//! The registry of formats, and each known header read from an export of its kind.

use std::collections::BTreeSet;

use loganalyze::formats::{ALL, Shape};

use crate::folder::{Folder, assert_ledger};

#[test]
fn ids_are_the_files_names_and_unique() {
    let files: BTreeSet<String> = std::fs::read_dir(crate::folder::project("src/formats"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().replace('_', "-"))
        .filter(|name| !matches!(name.as_str(), "mod" | "header" | "recognise"))
        .collect();
    let ids: BTreeSet<String> = ALL.iter().map(|format| format.id.to_owned()).collect();
    assert_eq!(ids.len(), ALL.len());
    assert_eq!(ids, files);
}

#[test]
fn every_column_of_a_format_is_one_of_its_table() {
    for format in ALL {
        let (cells, fixed): (Vec<_>, Vec<_>) = match format.shape {
            Shape::Headers(generations) | Shape::Refused(generations, _) => (
                generations.iter().flat_map(|g| g.columns.iter().map(|(_, cell)| *cell)).collect(),
                generations.iter().flat_map(|g| g.fixed.iter().map(|(name, _)| *name)).collect(),
            ),
            Shape::Synonyms(synonyms) => (synonyms.columns.iter().map(|(cell, _)| *cell).collect(), Vec::new()),
        };
        let names = cells
            .iter()
            .filter_map(|cell| cell.column())
            .chain(fixed)
            .chain(format.fixed.iter().map(|(name, _)| *name));
        for name in names {
            assert!(format.table.position(name).is_some(), "{}: {name}", format.id);
        }
        assert!(!format.export.is_empty() && !format.title.is_empty(), "{}", format.id);
    }
}

/// Name, text, format, records accepted.
const SAMPLES: &[(&str, &str, &str, u64)] = &[
    (
        "part-00000-1f0c.csv",
        "Date(UTC),Market,Type,Price,Amount,Total,Fee,Fee Coin\n2018-05-04 06:23:50,NEBLBTC,SELL,0.0016,18.53,0.03,0.0098,BNB\n",
        "binance-spot-trades",
        1,
    ),
    (
        "t1.csv",
        "\u{feff}\"Date(UTC)\",\"Pair\",\"Side\",\"Price\",\"Executed\",\"Amount\",\"Fee\"\n\"2021-01-29 09:13:15\",\"BTCUSDT\",\"BUY\",\"11,426.2000000000\",\"0.0528450000BTC\",\"603.81753900USDT\",\"0.0229201000BNB\"\n",
        "binance-spot-trades",
        1,
    ),
    (
        "Binance-Spot-Trade-History-202603230406(UTC--6)_abcd.csv",
        "Time,Pair,Side,Price,Executed,Amount,Fee\r\n23-09-20 18:20:55,1INCHUSDT,SELL,0.5,5.11INCH,2.55USDT,0.1000SATS,,,\r\n",
        "binance-spot-trades",
        1,
    ),
    (
        "t2.csv",
        "Čas,Pár,Strana,Cena,Provedeno,Částka,Poplatek\n24-03-08 10:15:42,BTCEUR,BUY,50000,0.05BTC,2500EUR,0.002BNB\n",
        "binance-spot-trades",
        1,
    ),
    (
        "t3.csv",
        "Date(UTC),Pair,Base Asset,Quote Asset,Type,Price,Amount,Total,Fee,Fee Coin\n2026-06-01 14:00:15,BTC/USDT,BTC,USDT,BUY,50000,0.01,500,0.00001,BTC\n",
        "binance-spot-trades",
        1,
    ),
    (
        "part-00000-ef8b.csv",
        "Date(UTC),OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n2021-12-05 12:07:20,28325058974,BTCUSDT,Market,SELL,0,0.00093BTC,2021-12-05 12:07:20,0.00093BTC,55607.31,51.7147983USDT,FILLED\n",
        "binance-spot-orders",
        1,
    ),
    (
        "Binance-Spot-Order-History-202605120058(UTC+9)-part1-of1.csv",
        "\u{feff}Time,OrderNo,Pair,Type¹,Side,Order Price,Order Amount,Time,Executed²,Average Price,Trading total³,Status\n24-07-05 12:07:20,283,BTCUSDT,Market,SELL,0,0.00093BTC,24-07-05 12:07:20,0.00093BTC,55607.31,51.7147983USDT,FILLED\n2026-07-14 13:18:34,284,TOWNSUSDC,STOP_LOSS_LIMIT,SELL,0.00208,9478TOWNS,,0TOWNS,0,0USDC,Canceled,\n",
        "binance-spot-orders",
        2,
    ),
    (
        "Binance-Margin-Order-History-202609120532(UTC+4)-cross.csv",
        "Time,OrderNo,Pair,Type¹,Side,Order Price,Order Amount,Time,Executed²,Average Price,Trading total³,Status\n2026-07-14 13:18:34,284,BTCUSDT,LIMIT,SELL,9,1BTC,2026-07-14 13:18:34,1BTC,9,9USDT,FILLED\n",
        "binance-margin-orders",
        1,
    ),
    (
        "p1.csv",
        "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Couterparty,Status,Created Time\n20401194693654421504,Buy,USDT,VND,9355539.0000000000000000,24180.0000000000000000,386.9100000000000000,\"\",nick,Completed,2022-09-08 14:11:12\n",
        "binance-p2p",
        1,
    ),
    (
        "p2.csv",
        "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Maker Fee,Taker Fee,Couterparty,Status,Created Time\n22806199268250521600,Buy,USDT,NGN,\"775,000\",1550,500,,0,0,Seller,Completed,2026-02-01 09:58:12\n",
        "binance-p2p",
        1,
    ),
    (
        "p3.csv",
        "Order Number,Created Time,Order Type,Asset,Quantity,Total Price,Fiat Type,Counterparty,Status\n123,23-09-20 19:48:03,SELL,USDT,891,891,CAD,merchant,Completed\n",
        "binance-p2p",
        1,
    ),
    (
        "my-Deposit.csv",
        "Date(UTC),Coin,Amount,TransactionFee,Address,TXID,SourceAddress,PaymentID,Status\n2021-01-01 00:00:00,BTC,1,0,a,t,,,Completed\n",
        "binance-deposits",
        1,
    ),
    (
        "my-withdrawals.csv",
        "Date(UTC),Coin,Network,Amount,TransactionFee,Address,TXID,SourceAddress,PaymentID,Status\n2021-01-01 00:00:00,BTC,BTC,1,0,a,t,,,Completed\n",
        "binance-withdrawals",
        1,
    ),
    (
        "d.csv",
        "Date(UTC+0),Coin,Network,Amount,Address,TXID,Status\n26-06-01 10:00:00,USDT,TRX,9.9,a,t,Completed\n",
        "binance-deposits",
        1,
    ),
    (
        "w.csv",
        "Time,Coin,Network,Amount,Fee,Address,TXID,Status\n23-09-20 22:25:57,HNT,SOL,12.013,0.11,a,t,Completed\n",
        "binance-withdrawals",
        1,
    ),
    (
        "l1.csv",
        "UTC_Time,Account,Operation,Coin,Change,Remark\n2021-01-07 00:04:19,Spot,Buy,USDT,3.38328300,\"\"\n",
        "binance-transaction-history",
        1,
    ),
    (
        "l2.csv",
        "\"User_ID\",\"UTC_Time\",\"Account\",\"Operation\",\"Coin\",\"Change\",\"Remark\"\n\"1\",\"2017-12-17 12:20:03\",\"Spot\",\"Distribution\",\"ETF\",\"6.0E-7\",\"ETH ETF 分发\"\n",
        "binance-transaction-history",
        1,
    ),
    (
        "l3.csv",
        "\u{feff}User ID,Time,Account,Operation,Coin,Change,Remark\n1,23-09-20 18:46:46,Spot,Small Assets Exchange BNB,ETH,-0.00005643,ETH to BNB\n",
        "binance-transaction-history",
        1,
    ),
    (
        "l4.csv",
        "ID de usuario,Tiempo,Cuenta,Operación,Moneda,Cambio,Observación\n1,25-01-04 11:08:17,Spot,Deposit,USDT,500,\n",
        "binance-transaction-history",
        1,
    ),
    (
        "l5.csv",
        "ID do Usuário,Tempo,Conta,Operação,Moeda,Alterar,Observação\n1,2024-03-01 09:00:00,Spot,Deposit,BRL,5000,\n",
        "binance-transaction-history",
        1,
    ),
    (
        "c.csv",
        "Time,Wallet,Pair,Type,Sell,Buy,Price,Inverse Price,Date Updated,Status\n21-05-11 00:44:32,SPOT,ETHBUSD,Instant,124.60184573 BUSD,0.03158115 ETH,x,x,21-05-11 00:44:33,Successful\n",
        "binance-convert",
        1,
    ),
    (
        "Fiat-Deposit.csv",
        "Date(UTCnull),Coin,Amount,Status,Payment Method,Indicated Amount,Fee,Order ID\n2021-05-11 00:44:32,EUR,10,Successful,Card,10,0,1\n",
        "binance-fiat-deposits",
        1,
    ),
    (
        "Binance-Fiat-Deposit-History-es.csv",
        "Hora,Método,Monto de depósito,Monto a recibir,Tarifa,Estado,ID de transacción (TXID)\n25-02-15 00:49:14,Pay by bank app,498.00 EUR,497.5 EUR,0.50 EUR,Successful,dep-1\n",
        "binance-fiat-deposits",
        1,
    ),
    (
        "Binance-Fiat-Withdraw-History.csv",
        "Time,Method,Amount,Receive Amount,Fee,Status,Transaction ID\n25-02-15 00:49:14,Bank,498.00 EUR,497.5 EUR,0.50 EUR,Successful,w-1\n",
        "binance-fiat-withdrawals",
        1,
    ),
    (
        "Binance-Fiat-Buy-History.csv",
        "Time,Method,Spend Amount,Receive Amount,Fee,Price,Status,Transaction ID\n25-02-15 00:49:14,Card,498.00 EUR,0.005 BTC,0.50 EUR,1,Successful,b-1\n",
        "binance-fiat-purchases",
        1,
    ),
    (
        "Binance-Fiat-Sell-History.csv",
        "Time,Method,Spend Amount,Receive Amount,Fee,Price,Status,Transaction ID\n25-02-15 00:49:14,Card,0.005 BTC,498.00 EUR,0.50 EUR,1,Successful,s-1\n",
        "binance-fiat-sales",
        1,
    ),
    (
        "e1.csv",
        "\u{feff}Date(UTC);Product Name;Coin;Amount\n2023-01-04 05:43:39;IOTX;IOTX;0.00006298\n",
        "binance-earn",
        1,
    ),
    (
        "e2.csv",
        "Time,Coin,Interest,Lock Period,APR,Type\n2024-05-20 00:00:00,GLMR,0.03117278,30 Days,,Locked Rewards\n",
        "binance-earn",
        1,
    ),
    (
        "f1.csv",
        "Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID\n1,26-03-17 09:34:12,BTCUSDC,BUY,73822.3,0.01,738.223,0.29528919 USDC,0.28,true,false,4,5\n1,2026-03-18 09:34:12,BTCUSDC,BUY,73822.3,0.01,738.223,0.29528919USDC,0.28,true,false,5,6\n",
        "binance-futures-trades",
        2,
    ),
    (
        "f2.csv",
        "Uid,Time,Order No,Symbol,Type,Side,Price,Average Price,Amount,Executed Amount,Executed Quote Amount,Stop Price,Status,Update Time\nx,2026-01-01 00:00:00,1,ABCUSDT,MARKET,SELL,0,100,1,1,100,0,FILLED,2026-01-01 00:00:00\n",
        "binance-futures-orders",
        1,
    ),
    (
        "f3.csv",
        "Symbol,Margin Mode,Position Side,Entry Price,Avg. Close Price,Max Open Interest,Closed Vol.,Closing PNL,Opened,Closed,Status\nBTCUSDT,Cross,Long,73645.8,73698.2,0.001,0.001,0.05,2026-05-29 18:25:01,2026-05-30 03:35:09,Closed\n",
        "binance-futures-positions",
        1,
    ),
    (
        "f4.csv",
        "Date(UTC),type,Amount,Asset,Symbol,Transaction ID\n2022-05-29 18:25:01,FUNDING_FEE,-0.1,USDT,BTCUSDT,9\n",
        "binance-futures-transactions",
        1,
    ),
    (
        "k.csv",
        "Label,API Key,Creation Date,Last Used Time,Permissions,Trusted IPs,State\nBot,Gr1d…9xQz,2026-01-01,never,\"Reading, Spot & Margin Trading\",203.0.113.7,Enabled\n",
        "api-key-list",
        1,
    ),
    (
        "s.csv",
        "Date,Action,IP Address,Device,Location,Status\n2026-01-01 10:00:00,Login,203.0.113.7,Firefox,Berlin,Success\n",
        "security-events",
        1,
    ),
];

#[test]
fn every_known_header_is_read() {
    for (name, text, format, accepted) in SAMPLES {
        // A second file gives the run an event where the first may hold none, such as a list of keys.
        let folder =
            Folder::of(&[(name, text), ("zz-calls.csv", "time,ip,operation\n2026-01-01 00:00:00,203.0.113.7,ping\n")]);
        let report = folder.report();
        assert_ledger(&report);
        let source = &report.sources[0];
        assert_eq!((source.format, source.accepted), (*format, *accepted), "{name}: {:?}", report.rejected);
    }
    let met: BTreeSet<&str> = SAMPLES.iter().map(|(_, _, format, _)| *format).collect();
    let unread = |shape: &Shape| matches!(shape, Shape::Refused(..));
    let missing: Vec<&str> = ALL
        .iter()
        .filter(|format| !unread(&format.shape) && format.id != "api-call-log")
        .map(|format| format.id)
        .filter(|id| !met.contains(id))
        .collect();
    assert!(missing.is_empty(), "no sample of {missing:?}");
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
    assert!(source.notes[0].contains("1 times fall into the hour"), "{:?}", source.notes);
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
            "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n14/04/2020 10:41,ZENBTC,SELL,0.000772,0.17ZEN,0.00013127BTC,0.00000013BTC\n",
        ),
        (
            "e.csv",
            "Date(UTC),OrderNo,Pair,Type,Order Price,Order Amount,AvgTrading Price,Filled,Total,status\n2023-05-08 18:35:17,2,MINAUSDT,BUY,0.53,37.7,0.53,37.7,19.981,Filled\n",
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
