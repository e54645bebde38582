//! The tables of facts about exchanges, and a user's own before them.

use std::collections::BTreeSet;

use loganalyze::reference::{BUILT_IN, Class, ClientKind, Kind, Origin, Outcome, Reference};

use crate::folder::{Folder, project};

#[test]
fn every_table_is_built_in_whole_and_states_source_and_date() {
    let mut known = BTreeSet::new();
    for (kind, path, text) in BUILT_IN {
        assert_eq!(Reference::default().add(*kind, text), Ok(()), "{path}");
        assert_eq!(std::fs::read_to_string(project("data/reference").join(path)).unwrap(), *text);
        assert!(text.contains("As of 20") && text.to_lowercase().contains("source"), "{path}");
        known.insert((*path).to_owned());
    }
    let mut there = BTreeSet::new();
    for folder in ["", "operations/"] {
        for entry in std::fs::read_dir(project("data/reference").join(folder)).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_file() {
                there.insert(format!("{folder}{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    assert_eq!(known, there, "a table that is not built in");
}

#[test]
fn endpoints_of_several_exchanges_have_their_class() {
    let class = |operation| Reference::built_in().classify("", operation);
    for (operation, expected) in [
        ("POST /api/v3/order", Class::Trade),
        ("POST /sapi/v1/convert/limit/placeOrder", Class::Convert),
        ("POST /sapi/v3/asset/getUserAsset", Class::ReadAccount),
        ("GET /sapi/v1/capital/withdraw/history", Class::ReadFunds),
        ("POST /v5/asset/withdraw/create", Class::Withdraw),
        ("POST /v5/user/update-api", Class::KeyAdmin),
        ("GET /v5/user/query-api", Class::ReadAccount),
        ("POST /v5/position/set-leverage", Class::Leverage),
        ("POST /api/v5/trade/order", Class::Trade),
        ("POST /api/v5/asset/withdrawal", Class::Withdraw),
        ("GET /api/v5/account/balance", Class::ReadAccount),
        ("/0/private/AddOrder", Class::Trade),
        ("/0/private/Withdraw", Class::Withdraw),
        ("/0/private/WithdrawStatus", Class::ReadFunds),
        ("POST /api/v1/orders/test", Class::Test),
        ("DELETE /api/v1/orders/5c35c02703aa673ceec2a168", Class::Cancel),
        ("POST /api/v3/brokerage/orders", Class::Trade),
        ("POST /api/v3/brokerage/portfolios/move_funds", Class::Transfer),
        ("POST /v1/dw/withdraw/api/create", Class::Withdraw),
        ("POST /v1/order/orders/357632718898331/submitcancel", Class::Cancel),
        ("POST https://api.bitget.com/api/v2/spot/wallet/withdrawal?x=1", Class::Withdraw),
        ("POST /nowhere/at/all", Class::Unclassified),
    ] {
        assert_eq!(class(operation), expected, "{operation}");
    }
}

#[test]
fn codes_that_mean_denied_are_told_from_limits_and_bad_requests() {
    let outcome = |code| Reference::built_in().outcome("200", code);
    for (code, expected) in [
        ("-2015", Outcome::Denied),
        ("-1003", Outcome::Refused),
        ("-1121", Outcome::Failed),
        ("50110", Outcome::Denied),
        ("10010", Outcome::Denied),
        ("10006", Outcome::Refused),
        ("4007", Outcome::Denied),
        ("EAPI:Invalid key", Outcome::Denied),
        ("EAPI:Invalid nonce", Outcome::Failed),
        ("EOrder:Insufficient funds", Outcome::Failed),
        ("200000", Outcome::Accepted),
        ("0", Outcome::Accepted),
    ] {
        assert_eq!(outcome(code), expected, "{code}");
    }
}

#[test]
fn client_order_ids_tell_their_maker() {
    let origin = |id| Reference::built_in().family(id).map(|family| (family.origin, family.name.as_str()));
    assert_eq!(origin("web_0123456789abcdef0123456789abcdef"), Some((Origin::Website, "Binance website")));
    assert_eq!(origin("ios_abc"), Some((Origin::App, "Binance app for iOS")));
    assert_eq!(origin("adl_autoclose"), Some((Origin::System, "auto-deleverage")));
    assert_eq!(origin("x-TKT5PX2F1a2b3c"), Some((Origin::Tool, "CCXT")));
    assert_eq!(origin("6gCrw2kRUAF9CvJDGP16IP"), Some((Origin::Unset, "sent without an id")));
    assert_eq!(origin("6gCrw2kRUAF9CvJDGP16I"), None, "21 characters");
    assert_eq!(origin("x-tkt5px2f1a2b3c"), None, "prefixes are case-sensitive");
}

#[test]
fn user_agents_tell_what_sends_them() {
    let client = |text| Reference::built_in().client(text).map(|client| (client.kind, client.name.as_str()));
    let fixed =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/56.0.2924.87 Safari/537.36";
    assert_eq!(client(fixed), Some((ClientKind::Library, "python-binance")));
    assert_eq!(client("Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"), Some((ClientKind::Browser, "browser")));
    assert_eq!(client("TruffleHog v3"), Some((ClientKind::Scanner, "TruffleHog")));
    assert_eq!(client("python-requests/2.31.0"), Some((ClientKind::Library, "python-requests")));
    assert_eq!(client("mybot/1"), None);
}

#[test]
fn a_users_own_table_comes_first_and_its_faults_are_named() {
    let calls = "Time,Key,IP,Endpoint,Status\n2026-11-15 10:00:00,Bot,203.0.113.7,POST /api/v3/own/place,777\n";
    let expected = "version = 1\n[[network]]\nname = \"home\"\ncidrs = [\"203.0.113.0/24\"]\n[[key]]\nname = \"Bot\"\nnetworks = [\"home\"]\nallow = [\"read\"]\n[reference]\noperations = \"own.csv\"\noutcomes = \"own-codes.csv\"\n";
    let folder = Folder::of(&[
        ("calls.csv", calls),
        ("expected.toml", expected),
        ("own.csv", "method,path,class\nPOST,/api/v3/own/*,trade\n"),
        ("own-codes.csv", "code,outcome\n777,accepted\n"),
    ]);
    let report = folder.report();
    assert!(report.unreadable.is_empty(), "{:?}", report.unreadable);
    let found = report.findings.iter().find(|finding| finding.rule == "op-not-allowed");
    assert!(found.is_some_and(|finding| finding.message.contains("trade")), "{:?}", report.findings);

    folder.write("own.csv", b"method,path,class\nPOST,/api/v3/own/*,trdae\n");
    let failure = folder.failure();
    assert!(
        failure.message.starts_with("exports/expected.toml:10:14: own.csv:2: `trdae` is no class"),
        "{}",
        failure.message
    );
    assert!(Reference::default().add(Kind::Clients, "name,pattern\n").is_err_and(|(line, _)| line == 1));
}
