//! Balances added up from several exports: two views of one event count once, and nothing is left out.

use loganalyze::report::Report;

use crate::folder::Folder;

const BITVAVO: &str = "Timezone,Date,Time,Type,Currency,Amount,Quote Currency,Quote Price,Received / Paid Currency,Received / Paid Amount,Fee currency,Fee amount,Status,Transaction ID,Address\n";

fn change(report: &Report, asset: &str) -> Option<[String; 4]> {
    let line = report.assets.iter().find(|line| line.asset == asset)?;
    Some([&line.trades, &line.transfers, &line.p2p, &line.other].map(String::clone))
}

fn told(values: [&str; 4]) -> Option<[String; 4]> {
    Some(values.map(str::to_owned))
}

#[test]
fn the_trades_of_a_mixed_history_count_though_its_other_records_are_a_ledger() {
    let rows = "UTC,2026-11-03,04:05:06.789,buy,ETH,0.1,EUR,2000,EUR,-200.50,EUR,0.50,Completed,aaaabbbb-0002,\n\
                UTC,2026-11-03,05:05:06.789,buy,ETH,0.2,EUR,2000,EUR,-401.00,EUR,1,Canceled,aaaabbbb-0009,\n\
                UTC,2026-11-04,04:05:06,withdrawal,ETH,-0.05,,,,,ETH,0.001,Completed,aaaabbbb-0003,0xmadeupaddress1\n\
                UTC,2026-11-05,04:05:06,staking,ETH,0.0005,,,,,,,Distributed,aaaabbbb-0004,\n";
    let report = Folder::of(&[("bitvavo.csv", &format!("{BITVAVO}{rows}"))]).report();
    assert_eq!(change(&report, "ETH"), told(["0.1", "-0.05", "0", "0.0005"]));
    assert_eq!(change(&report, "EUR"), told(["-200.5", "0", "0", "0"]));
    assert!(report.not_checked.iter().all(|item| !item.what.contains("tell the same")), "{:?}", report.not_checked);
}

const LEDGER: (&str, &str) = (
    "Binance-Transaction-History-202611201830(UTC+0)_0a1b2c3d.csv",
    "User ID,Time,Account,Operation,Coin,Change,Remark\n\
     1,26-11-03 08:00:00,Spot,Deposit,USDT,5000,\n\
     1,26-11-04 10:00:00,Spot,Transaction Sold,SOL,-2,\n\
     1,26-11-04 10:00:00,Spot,Transaction Revenue,USDT,300,\n\
     1,26-11-05 10:00:00,Spot,Binance Convert,USDT,-100,\n\
     1,26-11-05 10:00:00,Spot,Binance Convert,BNB,0.1,\n",
);

#[test]
fn a_ledger_and_trades_of_one_event_are_joined_and_what_the_ledger_does_not_reach_is_added() {
    let trades = "Time,Pair,Side,Price,Executed,Amount,Fee\n\
                  26-11-06 09:00:00,SOLUSDT,SELL,150,1SOL,150USDT,0.15USDT\n\
                  26-11-04 10:00:00,SOLUSDT,SELL,150,2SOL,300USDT,0USDT\n";
    let converts = "Date,Pair,Type,Sell,Buy,Price,Inverse Price,Date Updated,Status\n\
                    2026-11-05 10:00:00,BNBUSDT,Market,100 USDT,0.1 BNB,1 USDT = 0.001 BNB,1 BNB = 1000 USDT,2026-11-05 10:00:02,Successful\n";
    let report = Folder::of(&[
        LEDGER,
        ("Binance-Spot-Trade-History-202611201830(UTC+0)_0a1b2c3e.csv", trades),
        ("Binance-Convert-Order-History-202611201830(UTC+0).csv", converts),
    ])
    .report();
    assert_eq!(change(&report, "SOL"), told(["-3", "0", "0", "0"]));
    assert_eq!(change(&report, "USDT"), told(["449.85", "5000", "0", "-100"]));
    assert_eq!(change(&report, "BNB"), told(["0", "0", "0", "0.1"]));
    assert!(report.assets[0].from.starts_with("ledger, and"), "{}", report.assets[0].from);
}

#[test]
fn money_from_a_bank_changes_what_the_account_received_of_it() {
    let deposits = "Time,Method,Deposit Amount,Receive Amount,Fee,Status,Transaction ID\n\
                    2026-11-03 10:00:00,Bank Transfer (SEPA),100 EUR,99 EUR,1 EUR,Successful,a1\n";
    let withdrawals = "Time,Method,Withdraw Amount,Receive Amount,Fee,Status,Transaction ID\n\
                       2026-11-05 10:00:00,Bank Transfer (SEPA),50 EUR,49 EUR,1 EUR,Successful,a2\n";
    let purchases = "Time,Method,Spend Amount,Receive Amount,Fee,Price,Status,Transaction ID\n\
                     2026-11-06 10:00:00,Card,200 EUR,0.1 ETH,4 EUR,1960 EUR,Completed,a3\n\
                     2026-11-07 10:00:00,Cash Balance,20 EUR,0.01 ETH,0 EUR,2000 EUR,Completed,a4\n";
    let report = Folder::of(&[
        ("Binance-Fiat-Deposit-History-202611201830(UTC+0).csv", deposits),
        ("Binance-Fiat-Withdraw-History-202611201830(UTC+0).csv", withdrawals),
        ("Binance-Buy-Crypto-History-202611201830(UTC+0).csv", purchases),
        ("balances.csv", "Time (UTC),Account,Asset,Free,Locked\n2026-11-01 00:00:00,Spot,EUR,0,0\n2026-11-20 00:00:00,Spot,EUR,29,0\n2026-11-20 00:00:00,Spot,ETH,0.11,0\n"),
    ])
    .report();
    assert_eq!(change(&report, "EUR"), told(["0", "29", "0", "0"]));
    assert_eq!(change(&report, "ETH"), told(["0", "0.11", "0", "0"]));
    let gaps: Vec<_> = report.assets.iter().map(|line| line.gap.as_deref()).collect();
    assert_eq!(gaps, [Some("0"), Some("0")]);
}

#[test]
fn the_ledger_of_one_exchange_tells_nothing_of_the_trades_on_another() {
    let trades = "\"txid\",\"ordertxid\",\"pair\",\"time\",\"type\",\"ordertype\",\"price\",\"cost\",\"fee\",\"vol\",\"margin\",\"misc\",\"ledgers\"\n\
        \"TAAAAA-BBBBB-CCCCCC\",\"OAAAAA\",\"DOTUSDT\",\"2026-11-04 12:00:00.1234\",\"buy\",\"limit\",5,50,0,10,0,\"\",\"L2,L3\"\n";
    let report = Folder::of(&[LEDGER, ("trades.csv", trades)]).report();
    assert_eq!(change(&report, "DOT"), told(["10", "0", "0", "0"]));
    assert_eq!(change(&report, "USDT"), told(["250", "5000", "0", "-100"]));
    assert!(report.not_checked.iter().all(|item| !item.what.contains("tell the same")), "{:?}", report.not_checked);
}

const TRADES: (&str, &str) = (
    "Binance-Spot-Trade-History-202611201830(UTC+0)_0a1b2c3e.csv",
    "Time,Pair,Side,Price,Executed,Amount,Fee\n\
     26-11-20 00:00:00,SOLUSDT,SELL,150,1SOL,150USDT,0.15USDT\n\
     26-11-14 10:00:00,SOLUSDT,SELL,150,2SOL,300USDT,0.3USDT\n\
     26-11-01 00:00:00,SOLUSDT,SELL,150,4SOL,600USDT,0.6USDT\n",
);

/// The assets whose sums do not come out, with what is left over.
fn gaps(files: &[(&str, &str)]) -> Vec<(String, String, String)> {
    let report = Folder::of(files).report();
    let open = report.assets.iter().filter(|line| line.gap.as_deref().is_some_and(|gap| gap != "0"));
    open.map(|line| (line.wallet.clone(), line.asset.clone(), line.gap.clone().unwrap_or_default())).collect()
}

#[test]
fn a_trade_in_the_second_of_a_look_may_show_in_it_or_not() {
    let looks = |first: &str, last: &str| {
        format!(
            "Time,Asset,Total\n2026-11-01 00:00:00,SOL,{first}\n2026-11-20 00:00:00,SOL,{last}\n\
                 2026-11-01 00:00:00,USDT,0\n2026-11-20 00:00:00,USDT,449.55\n"
        )
    };
    for (first, last, gap) in
        [("10", "7", None), ("10", "3", None), ("10", "8", None), ("10", "4", None), ("10", "5", Some("-2"))]
    {
        let told = gaps(&[TRADES, ("balances.csv", &looks(first, last))]);
        let own: Vec<&str> = told.iter().filter(|(_, asset, _)| asset == "SOL").map(|(.., gap)| gap.as_str()).collect();
        assert_eq!(own, Vec::from_iter(gap), "from {first} to {last}");
        assert_eq!(told.len(), own.len(), "{told:?}");
    }
}

#[test]
fn changes_that_name_no_wallet_fall_in_the_main_one_and_p2p_orders_in_the_funding_wallet() {
    let looks = "Time,Wallet,Asset,Total\n\
                 2026-11-02 00:00:00,Spot,USDT,0\n2026-11-19 00:00:00,Spot,USDT,299.7\n\
                 2026-11-02 00:00:00,Spot,SOL,5\n2026-11-19 00:00:00,Spot,SOL,3\n\
                 2026-11-02 00:00:00,Funding,USDT,100\n2026-11-19 00:00:00,Funding,USDT,149.5\n\
                 2026-11-02 00:00:00,USD-M Futures,USDT,70\n2026-11-19 00:00:00,USD-M Futures,USDT,70\n";
    let p2p = "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Maker Fee,Taker Fee,Couterparty,Status,Created Time\n\
               1,Buy,USDT,EUR,50,1.00,50,,0.5,0,user***,Completed,2026-11-11 10:00:00\n";
    let files = [TRADES, ("Binance-C2C-Order-History-202611201830(UTC+0).csv", p2p), ("balances.csv", looks)];
    assert_eq!(gaps(&files), Vec::new());
}

#[test]
fn kraken_charges_in_the_quote_asset() {
    let trades = "txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc,ledgers\n\
                  TMADEUP1,OMADEUP1,DOT/EUR,2026-11-11 10:00:00.1234,buy,limit,5,50,0.13,10,0,,\n";
    let looks =
        "Time,Asset,Total\n2026-11-02 00:00:00,EUR,100\n2026-11-19 00:00:00,EUR,49.87\n2026-11-19 00:00:00,DOT,10\n";
    assert_eq!(gaps(&[("kraken_trades.csv", trades), ("balances.csv", looks)]), Vec::new());
}
