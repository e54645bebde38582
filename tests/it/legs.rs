//! What ledgers tell besides the changes of balances: fills, deposits and withdrawals, and none of them twice.

use std::fmt::Write as _;

use loganalyze::report::Report;
use loganalyze::rules::Severity;

use crate::folder::{Folder, assert_ledger};

/// A call log that reaches over the window, in which nothing is ordered: no order is explained.
fn calls() -> String {
    let mut log = "Time,API Key,IP,User Agent,Method,Endpoint,Status\n".to_owned();
    for day in 1..=20 {
        for hour in 0..24 {
            let _ = writeln!(log, "2026-11-{day:02}T{hour:02}:00:00Z,k1,192.0.2.1,bot/1,GET,/api/v3/account,200");
        }
    }
    // The log shows orders, where there are any.
    log + "2026-11-01T00:30:00Z,k1,192.0.2.1,bot/1,POST,/api/v3/order,200\n"
}

/// The unexplained orders of a folder: market, pair, side, quantity, price, total, id, record.
fn orders(files: &[(&str, &str)]) -> Vec<String> {
    let (log, expected) = (
        calls(),
        "version = 1\n[[network]]\nname = \"home\"\ncidrs = [\"192.0.2.0/24\"]\n[[tool]]\nname = \"bot\"\nkind = \"bot\"\nnetworks = [\"home\"]\nuser_agents = [\"bot/*\"]\n[[key]]\nname = \"k1\"\ntools = [\"bot\"]\nallow = [\"read\", \"trade\"]\n",
    );
    let mut all = vec![("calls.csv", log.as_str()), ("expected.toml", expected)];
    all.extend(files);
    let report = Folder::of(&all).report();
    assert_ledger(&report);
    told(&report)
}

fn told(report: &Report) -> Vec<String> {
    let order = |order: &loganalyze::report::OrderInfo| {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        [&order.market, &order.symbol, &order.side, &order.quantity, &order.price, &order.quote_total, &order.order_id]
            .map(text)
            .join(" ")
            + &format!(" record {}", order.place.record)
    };
    report.orders.unrecognized.iter().map(order).collect()
}

const OKX: &str = "UID:900001,Account Type:Trading,Time Zone:UTC+8\n\
    id,Order id,Time,Trade Type,Symbol,Action,Amount,Trading Unit,Filled Price,PnL,Fee,Fee Unit,Position Change,Position Balance,Balance Change,Balance,Balance Unit\n";

const OKX_ROWS: &str = "1,700,2026-11-10 18:00:00,Spot,BTC-USDT,Buy,0.01,BTC,90000,0,-0.00001,BTC,0,0,0.00999,0.00999,BTC\n\
    2,700,2026-11-10 18:00:00,Spot,BTC-USDT,Sell,900,USDT,90000,0,0,USDT,0,0,-900,100,USDT\n\
    3,701,2026-11-10 18:05:00,Spot,ETH-USDT,Sell,0.5,ETH,3000,0,0,ETH,0,0,-0.5,0,ETH\n\
    4,701,2026-11-10 18:05:00,Spot,ETH-USDT,Buy,1500,USDT,3000,0,-1.5,USDT,0,0,1498.5,1598.5,USDT\n\
    5,702,2026-11-10 18:10:00,Swap,SOL-USDT-SWAP,Open short,7,cont,150,0,-0.5,USDT,-7,-7,-0.5,1598,USDT\n\
    6,,2026-11-10 19:00:00,Swap,SOL-USDT-SWAP,Funding fee expense,7,cont,150,-0.1,0,USDT,0,-7,-0.1,1597.9,USDT\n\
    7,703,2026-11-10 20:00:00,Transfer,,Transfer out,0,cont,0,0,0,USDT,0,0,-100,1497.9,USDT\n\
    8,704,2026-11-20 17:00:00,Spot,TAO-USDC-CONVERT,,0.5,USDC,200,0,0,TAO,0,0,-0.5,0,TAO\n";

#[test]
fn the_fills_of_a_trading_account_are_orders_with_their_ids() {
    let found = orders(&[("okx.csv", &format!("{OKX}{OKX_ROWS}"))]);
    assert_eq!(
        found,
        [
            "spot BTCUSDT BUY 0.01 90000 900 700 record 1",
            "spot ETHUSDT SELL 0.5 3000 1500 701 record 3",
            "um-futures SOLUSDTSWAP SELL - 150 - 702 record 5",
        ]
    );
}

const BYBIT: &str = "UID: 900001,Company Name: ,Country: \n\
    Uid,Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,Change,Wallet Balance,Action,Time(UTC)\n\
    900001,BTC,BTCEUR,TRADE,SELL,-0.03,0,60000,0,0,-0.03,-0.03,1,--,2026-11-10 10:00:00\n\
    900001,EUR,BTCEUR,TRADE,SELL,1800,0,60000,0,-4.5,1800,1795.5,1795.5,--,2026-11-10 10:00:00\n\
    900001,USDT,ETHUSDT,TRADE,BUY,0.2,0.2,3000,0,-0.33,0,-0.33,999.67,OPEN,2026-11-10 10:01:00\n\
    900001,USDT,ETHUSDT,SETTLEMENT,BUY,--,0.2,--,-0.004,0,0,-0.004,999.66,SETTLEMENT,2026-11-10 16:00:00\n\
    900001,USDT,ETHUSDT,TRADE,SELL,0.2,0,3100,0,-0.34,20,19.66,1019.32,CLOSE,2026-11-10 17:00:00\n\
    900001,USDT,,TRANSFER_OUT,--,--,--,--,--,--,-5,-5,1014.32,--,2026-11-20 17:00:00\n";

#[test]
fn the_fills_of_a_unified_account_are_told_once_though_the_trades_have_an_export_of_their_own() {
    let alone = orders(&[("AssetChangeDetails_uta_900001.csv", BYBIT)]);
    let all = [
        "spot BTCEUR SELL 0.03 60000 1800 - record 1",
        "um-futures ETHUSDT BUY 0.2 3000 - - record 3",
        "um-futures ETHUSDT SELL 0.2 3100 - - record 5",
    ];
    assert_eq!(alone, all);
    let trades = "Uid,Spot Pairs,Order Type,Direction,Filled Value,Filled Price,Filled Quantity,Fees,Transaction ID,Order No.,Timestamp (UTC+0)\n\
        900001,BTCEUR,LIMIT,SELL,600,60000,0.01,1.5,22001,1836,2026-11-10 10:00:00\n\
        900001,BTCEUR,LIMIT,SELL,1200,60000,0.02,3,22002,1836,2026-11-10 10:00:00\n";
    let both = orders(&[("AssetChangeDetails_uta_900001.csv", BYBIT), ("Bybit-Spot-TradeHistory.csv", trades)]);
    let spot: Vec<&String> = both.iter().filter(|order| order.starts_with("spot")).collect();
    assert_eq!(
        spot,
        ["spot BTCEUR SELL 0.01 60000 600 1836 record 1", "spot BTCEUR SELL 0.02 60000 1200 1836 record 2"]
    );
    assert_eq!(both[2..], all[1..]);
    // A trade that its own history leaves out does not go unseen.
    let one = trades.lines().take(2).collect::<Vec<_>>().join("\n");
    let gap = orders(&[("AssetChangeDetails_uta_900001.csv", BYBIT), ("Bybit-Spot-TradeHistory.csv", &one)]);
    assert_eq!(gap.iter().filter(|order| order.starts_with("spot")).count(), 2, "{gap:?}");
}

const KRAKEN: &str = "\"txid\",\"refid\",\"time\",\"type\",\"subtype\",\"aclass\",\"asset\",\"amount\",\"fee\",\"balance\"\n\
    \"L1\",\"D1\",\"2026-09-01 10:00:00\",\"deposit\",\"\",\"currency\",\"ZEUR\",9000,0,9000\n\
    \"L2\",\"TAAAAA-BBBBB-CCCCCC\",\"2026-11-10 10:00:00\",\"trade\",\"\",\"currency\",\"XXBT\",0.1,0,0.1\n\
    \"L3\",\"TAAAAA-BBBBB-CCCCCC\",\"2026-11-10 10:00:00\",\"trade\",\"\",\"currency\",\"ZEUR\",-5000,13,3987\n\
    \"\",\"W1\",\"2026-11-11 10:00:00\",\"withdrawal\",\"\",\"currency\",\"XXBT\",-0.09,0.0001,\"\"\n\
    \"L4\",\"W1\",\"2026-11-11 10:02:00\",\"withdrawal\",\"\",\"currency\",\"XXBT\",-0.09,0.0001,0.0099\n\
    \"L5\",\"W2\",\"2026-11-12 10:02:00\",\"withdrawal\",\"\",\"currency\",\"ZEUR\",-3000,0.09,986.91\n\
    \"L6\",\"W3\",\"2026-11-13 10:02:00\",\"withdrawal\",\"\",\"currency\",\"XXBT\",-0.005,0,0.0049\n\
    \"L7\",\"W3\",\"2026-11-13 11:02:00\",\"withdrawal\",\"\",\"currency\",\"XXBT\",0.005,0,0.0099\n\
    \"L8\",\"S1\",\"2026-11-20 17:00:00\",\"staking\",\"\",\"currency\",\"DOT\",0.1,0,0.1\n";

#[test]
fn a_withdrawal_that_only_a_ledger_tells_is_seen_and_the_exchange_asked_is_its_own() {
    let report = Folder::of(&[("ledgers.csv", KRAKEN)]).report();
    assert_ledger(&report);
    let found: Vec<(&str, Severity, &str)> =
        report.findings.iter().map(|found| (found.rule, found.severity, found.message.as_str())).collect();
    let new = found.iter().find(|(rule, ..)| *rule == "withdraw-new-address").unwrap();
    assert_eq!((new.1, new.2), (Severity::High, "1 withdrawal of XXBT to an address that the export does not state"));
    // The bank's, and the one that came back, are movements and no withdrawals to an address.
    assert_eq!(report.transfers.total, 3);
    assert_eq!(report.transfers.unrecognized[0].place.record, 5);
    for item in &report.not_checked {
        assert!(!item.needs.contains("Binance"), "{item:?}");
    }
    let where_to = report.not_checked.iter().find(|item| item.what == "where withdrawals went").unwrap();
    assert!(where_to.needs.starts_with("Kraken"), "{where_to:?}");
    assert!(!report.not_checked.iter().any(|item| item.what == "withdrawals"));
    assert!(!report.not_checked.iter().any(|item| item.what == "prices and fills"));
    assert!(report.coverage.iter().any(|coverage| coverage.table == "trades"));
}

#[test]
fn the_legs_of_one_trade_make_one_and_its_balances_count_once() {
    let trades = "\"txid\",\"ordertxid\",\"pair\",\"time\",\"type\",\"ordertype\",\"price\",\"cost\",\"fee\",\"vol\",\"margin\",\"misc\",\"ledgers\"\n\
        \"TAAAAA-BBBBB-CCCCCC\",\"OAAAAA\",\"XXBTZEUR\",\"2026-11-10 10:00:00.1234\",\"buy\",\"limit\",50000,5000,13,0.1,0,\"\",\"L2,L3\"\n";
    assert_eq!(orders(&[("ledgers.csv", KRAKEN)]), ["spot XXBTZEUR BUY 0.1 - 5000 - record 2"]);
    assert_eq!(
        orders(&[("ledgers.csv", KRAKEN), ("trades.csv", trades)]),
        ["spot XXBTZEUR BUY 0.1 50000 5000 OAAAAA record 1"]
    );
    let report = Folder::of(&[("ledgers.csv", KRAKEN)]).report();
    let bitcoin = report.assets.iter().find(|line| line.asset == "XXBT").unwrap();
    assert_eq!([&bitcoin.trades, &bitcoin.transfers, &bitcoin.other], ["0.1", "-0.0901", "0"]);
}

const STATEMENT: &str = "User ID,Time,Account,Operation,Coin,Change,Remark\n\
    1,26-10-02 08:00:00,Spot,Withdraw,USDT,-50,Withdraw fee is included\n\
    1,26-11-03 08:00:00,Spot,Deposit,USDT,5000,\n\
    1,26-11-04 10:00:00,Spot,Transaction Sold,SOL,-2,\n\
    1,26-11-04 10:00:00,Spot,Transaction Revenue,USDT,300,\n\
    1,26-11-04 10:00:00,Spot,Transaction Fee,BNB,-0.001,\n\
    1,26-11-05 10:00:00,Spot,Withdraw,USDT,-101,Withdraw fee is included\n\
    1,26-11-20 17:00:00,Spot,Simple Earn Flexible Interest,USDT,0.01,\n";

#[test]
fn a_statement_alone_tells_trades_and_withdrawals_and_beside_their_histories_nothing_twice() {
    let name = "Binance-Transaction-History-202611201830(UTC+0)_0a1b2c3d.csv";
    assert_eq!(orders(&[(name, STATEMENT)]), ["spot SOLUSDT SELL 2 - 300 - record 3"]);
    let alone = Folder::of(&[(name, STATEMENT)]).report();
    let level = |report: &Report| {
        report.findings.iter().find(|found| found.rule == "withdraw-new-address").map(|found| found.severity)
    };
    // The account withdrew dollars before.
    assert_eq!((alone.transfers.total, level(&alone)), (2, Some(Severity::Medium)));
    let withdrawals = "Time,Coin,Network,Amount,Fee,Address,TXID,Status\n\
        26-10-02 08:11:00,USDT,TRX,49,1,TMadeUpAddress1,tx1,Completed\n\
        26-11-05 10:20:00,USDT,TRX,100,1,TMadeUpAddress1,tx2,Completed\n";
    let trades = "Time,Pair,Side,Price,Executed,Amount,Fee\n\
        26-11-04 10:00:00,SOLUSDT,SELL,150,1SOL,150USDT,0USDT\n26-11-04 10:00:00,SOLUSDT,SELL,150,1SOL,150USDT,0USDT\n";
    let both = [
        (name, STATEMENT),
        ("Binance-Withdraw-History-202611201830(UTC+0)_0a1b2c3e.csv", withdrawals),
        ("Binance-Spot-Trade-History-202611201830(UTC+0)_0a1b2c3f.csv", trades),
    ];
    let report = Folder::of(&both).report();
    assert_eq!((report.transfers.total, level(&report)), (2, None));
    assert_eq!(orders(&both).len(), 2);
    assert!(!report.not_checked.iter().any(|item| item.what == "where withdrawals went"));
}

#[test]
fn the_side_of_a_balance_is_no_withdrawal() {
    let history = "UID,Account Type,Currency,Side,Amount,Fee,Time(UTC+08:00),Remark,Type\n\
        ****0001,mainAccount,LDO,Deposit,13.5,0,2026-11-10 18:00:00,,Spot\n\
        ****0001,mainAccount,USDT,Withdrawal,23.5,0.02,2026-11-10 18:00:00,,Spot\n\
        ****0001,mainAccount,USDT,Withdrawal,5,0,2026-11-10 19:00:00,Trading Account,Transfer\n\
        ****0001,mainAccount,USDT,Withdrawal,7,1,2026-11-11 18:00:00,,Withdraw\n\
        ****0001,mainAccount,KCS,Deposit,1,0,2026-11-20 18:00:00,,Rewards\n";
    assert_eq!(orders(&[("kucoin.csv", history)]), ["spot LDOUSDT BUY 13.5 - 23.5 - record 1"]);
    let report = Folder::of(&[("kucoin.csv", history)]).report();
    assert_eq!(report.transfers.total, 1);
    let dollars = report.assets.iter().find(|line| line.asset == "USDT").unwrap();
    assert_eq!([&dollars.trades, &dollars.transfers, &dollars.other], ["-23.5", "-7", "-5"]);
}

#[test]
fn bills_of_2019_are_read_on_the_clock_of_china() {
    let bills = "time,type,size,balance,fee,currency\n\
        2026-11-10 18:00:00 CST,buy,0.5,0.5,-0.0005,ltc\n\
        2026-11-10 18:00:00 CST,sell,-30,70,0,usdt\n\
        Tue Nov 10 19:00:00 CST 2026,withdrawal,-0.4,0.1,0,ltc\n\
        2026-11-20T17:00:00.000Z,deposit,1,1.1,0,ltc\n";
    assert_eq!(orders(&[("bills.csv", bills)]), ["spot LTCUSDT BUY 0.5 - 30 - record 1"]);
    let report = Folder::of(&[("bills.csv", bills)]).report();
    let times: Vec<String> = report.transfers.unrecognized.iter().map(|one| one.time.to_string()).collect();
    assert_eq!(times, ["2026-11-10T11:00:00Z"]);
}

/// What is said of a folder that could not be checked, by the words that it begins with.
fn open_question(files: &[(&str, &str)], what: &str) -> Option<String> {
    let report = Folder::of(files).report();
    report
        .not_checked
        .iter()
        .find(|item| item.what.starts_with(what))
        .map(|item| format!("{}: {}", item.what, item.why))
}

#[test]
fn the_same_trades_by_two_clocks_are_named_with_what_lies_between() {
    let (mut trades, mut orders) = (
        "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n".to_owned(),
        "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n"
            .to_owned(),
    );
    for at in 1..=6 {
        let quantity = format!("0.0{at}");
        let _ = writeln!(trades, "2026-11-1{at} 10:0{at}:30,BTCUSDT,BUY,90000,{quantity}BTC,{}USDT,0BTC", 900 * at);
        let time = format!("2026-11-1{at} 15:{}:30", 45 + at);
        let _ = writeln!(
            orders,
            "{time},70{at},BTCUSDT,Market,BUY,0,{quantity}BTC,{time},{quantity}BTC,90000,{}USDT,FILLED",
            900 * at
        );
    }
    let whether = |name: &str| open_question(&[("trades.csv", &trades), (name, &orders)], "whether 6 trades");
    let lost = whether("orders.csv").unwrap();
    assert!(lost.contains("trades.csv has them 5:45 hours earlier"), "{lost}");
    assert_eq!(whether("Binance-Spot-Order-History-202611201805(UTC+5:45).csv"), None);
}

#[test]
fn trades_of_a_ledger_without_ids_are_said_to_be_of_one_second() {
    let statement = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n\
        1,2026-11-10 10:00:00,Spot,Transaction Buy,BTC,0.01,\n\
        1,2026-11-10 10:00:00,Spot,Transaction Spend,USDT,-900,\n\
        1,2026-11-10 10:00:00,Spot,Transaction Buy,BTC,0.02,\n\
        1,2026-11-10 10:00:00,Spot,Transaction Spend,USDT,-1800,\n\
        1,2026-11-20 17:00:00,Spot,Deposit,USDT,5,\n";
    let said = open_question(&[("statement.csv", statement)], "how many orders").unwrap();
    assert!(said.contains("tells 1 trades"), "{said}");
    let okx = format!("{OKX}{OKX_ROWS}");
    assert_eq!(open_question(&[("okx.csv", &okx)], "how many orders"), None);
}

#[test]
fn a_conversion_that_names_no_operation_is_known_by_its_pair() {
    let report = Folder::of(&[("okx.csv", &format!("{OKX}{OKX_ROWS}"))]).report();
    let conversion = report.findings.iter().find(|finding| finding.rule == "transfer-out-unlisted");
    assert!(conversion.is_some_and(|finding| finding.severity == Severity::Low), "{:?}", report.findings);
}
