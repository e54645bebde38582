//! Logs and key lists as the documentation of exchanges and log systems shows them, and what bots keep of their own orders.

use loganalyze::report::Report;

use crate::folder::{Folder, assert_ledger};

/// The report on one such file, read whole as what it is.
fn read(name: &str, text: &str, format: &str, records: u64) -> Report {
    // A call log gives the run an event where the file may hold none, such as a list of keys.
    let ping = "time,ip,operation\n2026-11-19 12:00:00,203.0.113.7,ping\n";
    let report = Folder::of(&[(name, text), ("zz-calls.csv", ping)]).report();
    assert_ledger(&report);
    let source = &report.sources[0];
    assert_eq!((source.format, source.accepted, source.rejected), (format, records, 0), "{:?}", report.unreadable);
    report
}

/// Address, keys, clients, calls, accepted and denied calls of the callers.
fn callers(report: &Report) -> Vec<String> {
    let others = report.ips.iter().filter(|ip| ip.ip != "203.0.113.7");
    let words = |ip: &loganalyze::report::IpInfo| {
        format!("{} {:?} {:?} {} {} {}", ip.ip, ip.keys, ip.clients, ip.calls, ip.accepted, ip.denied)
    };
    others.map(words).collect()
}

#[test]
fn logs_are_read_in_the_names_of_ocsf_ecs_and_cloudtrail() {
    let ocsf = |time: u64, operation: &str, code: u16, status: &str| {
        format!(
            "{{\"class_uid\":6003,\"time\":{time},\"actor\":{{\"user\":{{\"name\":\"owner\",\"credential_uid\":\"Gr1dAAAABBBB9xQz\"}}}},\
             \"src_endpoint\":{{\"ip\":\"203.0.113.9\",\"port\":51512}},\"api\":{{\"operation\":\"{operation}\",\"response\":{{\"code\":{code}}}}},\
             \"http_request\":{{\"user_agent\":\"bot/1\",\"http_method\":\"GET\"}},\"status\":\"{status}\"}}\n"
        )
    };
    let lines = ocsf(1_795_082_400_000, "/api/v3/account", 200, "Success")
        + &ocsf(1_795_082_460_000, "/api/v3/order", 401, "Failure");
    let report = read("ocsf.jsonl", &lines, "api-call-log", 2);
    assert_eq!(callers(&report), ["203.0.113.9 [\"Gr1dAAAABBBB9xQz\"] [\"bot/1\"] 2 1 1"]);
    let ecs = "{\"@timestamp\":\"2026-11-19T10:00:00.000Z\",\"event\":{\"action\":\"GET /api/v3/account\",\"outcome\":\"success\"},\
        \"source\":{\"ip\":\"203.0.113.9\"},\"user_agent\":{\"original\":\"bot/1\"},\"user\":{\"name\":\"owner\"}}\n";
    let two = format!("{ecs}{}", ecs.replace("success", "failure").replace("owner", "stranger"));
    let report = read("ecs.jsonl", &two, "api-call-log", 2);
    assert_eq!(callers(&report), ["203.0.113.9 [] [\"bot/1\"] 2 1 1"]);
    assert!(report.accounts.is_empty(), "who acted is no account: {:?}", report.accounts);
    let event = "{\"eventTime\":\"2026-11-19T10:00:00Z\",\"eventName\":\"ListBuckets\",\"sourceIPAddress\":\"198.51.100.7\",\
        \"userAgent\":\"aws-cli/2.0\",\"userIdentity\":{\"type\":\"IAMUser\",\"accessKeyId\":\"AKIAMADEUP\"},\"errorCode\":\"AccessDenied\",\
        \"recipientAccountId\":\"123456789012\"}";
    let trail = format!("{{\"Records\":[{event},{}]}}", event.replace(",\"errorCode\":\"AccessDenied\"", ""));
    let report = read("trail.json", &trail, "api-call-log", 2);
    assert_eq!(callers(&report), ["198.51.100.7 [\"AKIAMADEUP\"] [\"aws-cli/2.0\"] 2 0 1"]);
}

#[test]
fn changes_and_logins_of_bitfinex_and_deribit_are_events() {
    let audit = "[[1795082400000,null,\"settings: api key created\",null,null,\"198.51.100.7\",\"Mozilla/5.0\"]]";
    let logins =
        "[[900000001,null,1795082300000,null,\"198.51.100.7\",null,null,\"{\\\"user_agent\\\":\\\"Mozilla/5.0\\\"}\"]]";
    read("audit.json", audit, "security-events", 1);
    read("logins.json", logins, "security-events", 1);
    // A login from elsewhere, then a key: that is told only when both are known for what they are.
    let expected = "version = 1\n[[network]]\nname = \"home\"\ncidrs = [\"203.0.113.0/24\"]\n";
    let files = [("audit.json", audit), ("logins.json", logins), ("expected.toml", expected)];
    let rules: Vec<&str> = Folder::of(&files).report().findings.iter().map(|finding| finding.rule).collect();
    assert!(rules.contains(&"login-new-ip-then-key-change"), "{rules:?}");
    let deribit = "{\"jsonrpc\":\"2.0\",\"result\":{\"data\":[{\"timestamp\":1795082400000,\"ip\":\"203.0.113.9\",\"id\":12,\
        \"country\":\"NL\",\"city\":\"X\",\"result\":\"new_api_key\"}]}}";
    read("deribit.json", deribit, "deribit-access-log", 1);
}

#[test]
fn keys_as_the_apis_show_them_are_keys_with_their_rights_and_networks() {
    let bybit = "{\"retCode\":0,\"result\":{\"id\":\"13770661\",\"note\":\"grid\",\"apiKey\":\"Gr1dAAAABBBB\",\"readOnly\":0,\
        \"permissions\":{\"Spot\":[\"SpotTrade\"],\"Wallet\":[\"Withdraw\"]},\"ips\":[\"*\"],\"type\":1,\
        \"expiredAt\":\"2026-12-15T03:22:05Z\",\"createdAt\":\"2026-09-16T03:22:05Z\",\"userID\":24617703}}";
    let report = read("bybit.json", bybit, "api-key-list", 1);
    let key = report.keys.iter().find(|key| key.name == "grid").unwrap();
    assert_eq!((key.permissions.as_slice(), key.networks.as_deref()), (["trade", "withdraw"].as_slice(), Some("*")));
    let binance = "{\"ipRestrict\":false,\"createTime\":1790000000000,\"enableReading\":true,\"enableWithdrawals\":false,\
        \"enableInternalTransfer\":false,\"enableMargin\":false,\"enableFutures\":false,\"permitsUniversalTransfer\":false,\
        \"enableVanillaOptions\":false,\"enableSpotAndMarginTrading\":true}";
    let report = read("binance.json", binance, "binance-key-permissions", 1);
    assert_eq!(report.keys[0].permissions, ["read", "trade"]);
    assert!(report.findings.iter().any(|finding| finding.rule == "key-ip-open"), "it may be used from anywhere");
    let sub = "{\"ipRestrict\":\"true\",\"ipList\":[\"203.0.113.7\",\"203.0.113.8\"],\"updateTime\":1790000000000,\"apiKey\":\"k5V49\"}";
    let report = read("sub.json", sub, "binance-sub-account-key", 1);
    assert_eq!(report.keys[0].networks.as_deref(), Some("203.0.113.7, 203.0.113.8"));
}

#[test]
fn the_orders_within_the_trades_of_freqtrade_are_the_users_own() {
    let order = |id: u32, side: &str, time: u64, price: u32| {
        format!(
            "{{\"amount\":0.5,\"safe_price\":{price}.0,\"ft_order_side\":\"{side}\",\"order_id\":\"{id}\",\"status\":\"closed\",\
             \"order_timestamp\":{time},\"price\":{price}.0}}"
        )
    };
    let trades = format!(
        "{{\"trades\":[{{\"trade_id\":1,\"pair\":\"BTC/USDT\",\"amount\":0.5,\"open_date\":\"2026-11-19 10:00:00\",\"open_rate\":90000.0,\
         \"orders\":[{},{}]}}],\"trades_count\":1}}",
        order(71, "buy", 1_795_082_400_000, 90_000),
        order(72, "sell", 1_795_089_600_000, 91_000)
    );
    read("trades.json", &trades, "freqtrade-orders", 2);
    let history = "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n\
        2026-11-19 10:00:00,71,BTCUSDT,LIMIT,BUY,90000,0.5BTC,2026-11-19 10:00:01,0.5BTC,90000,45000USDT,Filled\n\
        2026-11-19 12:00:00,72,BTCUSDT,LIMIT,SELL,91000,0.5BTC,2026-11-19 12:00:01,0.5BTC,91000,45500USDT,Filled\n\
        2026-11-19 13:00:00,73,BTCUSDT,MARKET,SELL,0,0.1BTC,2026-11-19 13:00:00,0.1BTC,91000,9100USDT,Filled\n";
    let files = [("trades.json", trades.as_str()), ("Binance-Spot-Order-History-202611200000(UTC+0).csv", history)];
    let by_verdict = Folder::of(&files).report().orders.by_verdict;
    assert_eq!(by_verdict.get("own-record"), Some(&2), "{by_verdict:?}");
}

#[test]
fn the_way_that_an_order_was_made_is_told_by_bybits_create_type() {
    let order = |id: &str, way: &str, time: u64| {
        format!(
            "{{\"orderId\":\"{id}\",\"orderLinkId\":\"\",\"symbol\":\"ETHUSDT\",\"price\":\"2100\",\"qty\":\"0.1\",\"side\":\"Sell\",\
             \"orderStatus\":\"Filled\",\"createType\":\"{way}\",\"avgPrice\":\"2101\",\"cumExecQty\":\"0.1\",\"createdTime\":\"{time}\",\
             \"updatedTime\":\"{time}\"}}"
        )
    };
    let (user, system) = (order("a", "CreateByUser", 1_795_082_400_000), order("b", "CreateByLiq", 1_795_082_500_000));
    let list = format!("{{\"retCode\":0,\"result\":{{\"category\":\"spot\",\"list\":[{user},{system}]}}}}");
    let report = read("orders.json", &list, "order-list", 2);
    assert_eq!(report.orders.by_verdict.get("system"), Some(&1), "{:?}", report.orders.by_verdict);
}

#[test]
fn a_broken_line_of_json_lines_costs_that_line_alone() {
    let line = |second: u32| {
        format!("{{\"time\":\"2026-11-19T10:00:0{second}Z\",\"ip\":\"203.0.113.9\",\"endpoint\":\"POST /order\"}}\n")
    };
    let text = format!("{}\n{}{{\"time\":\"2026-11-19T10:00:0\n{}", line(1), line(2), line(3));
    let report = Folder::of(&[("log.jsonl", &text)]).report();
    assert_ledger(&report);
    let source = &report.sources[0];
    assert_eq!((source.records, source.accepted, source.rejected), (4, 3, 1), "{:?}", report.unreadable);
    assert_eq!((report.rejected[0].record, report.rejected[0].line), (3, 4), "its line in the file");
    let noise = Folder::of(&[("log.jsonl", "{no\n{json\n{at all\n"), ("zz.jsonl", &line(1))]).report();
    assert!(noise.unreadable[0].reason.starts_with("JSON with a fault: line 1"), "{:?}", noise.unreadable);
}

#[test]
fn records_of_json_stand_on_the_lines_of_their_file() {
    let event = |time: &str| {
        format!(
            "  {{\n    \"eventTime\": \"{time}\",\n    \"eventName\": \"x\",\n    \"sourceIPAddress\": \"203.0.113.9\"\n  }}"
        )
    };
    let text = format!("{{\"Records\": [\n{},\n{}\n]}}\n", event("2026-11-19T10:00:00Z"), event("yesterday"));
    let report = Folder::of(&[("trail.json", &text)]).report();
    assert_ledger(&report);
    assert_eq!((report.rejected[0].record, report.rejected[0].line), (2, 7), "{:?}", report.rejected);
}
