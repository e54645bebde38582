//! What is not the owner's, for people: addresses, orders, money.

use std::collections::BTreeMap;

use super::page::{Page, ROWS, YELLOW};
use super::terminal::time;
use crate::counted::counted;
use crate::report::{IpInfo, OrderInfo, Report};

/// Orders listed one by one; more are grouped.
const SINGLE_ORDERS: usize = 15;

/// The addresses of the window that are not known to be the owner's.
pub(super) fn ips(page: &mut Page<'_>, report: &Report) {
    page.title("UNRECOGNIZED IPS");
    let expected = report.ips.iter().filter(|ip| ip.verdict == "expected").count();
    let mut odd = 0;
    for (verdict, lead) in [
        ("unrecognized", ""),
        ("unreviewed", "unreviewed: nothing says whether these are yours; * not seen before the window"),
        ("unusable", "unusable: no public addresses"),
    ] {
        let rows: Vec<_> =
            report.ips.iter().filter(|ip| ip.verdict == verdict).map(|ip| (&ip.account, ip_row(page, ip))).collect();
        if rows.is_empty() {
            continue;
        }
        odd += rows.len();
        if !lead.is_empty() {
            page.lines("", lead, None);
        }
        page.table_by_account(
            &["IP", "keys", "clients", "calls", "denied", "orders", "first", "last"],
            &["IP", "calls", "denied", "orders"],
            rows,
        );
        for ip in report.ips.iter().filter(|ip| ip.verdict == verdict).take(ROWS) {
            if let Some(about) = &ip.about {
                page.lines(&format!("  {}  ", ip.ip), &about.words, None);
            }
        }
    }
    match (report.ips.len(), odd) {
        (0, _) => page.lines("", "no calls with an address in the window", None),
        (_, 0) => {
            page.lines("", &format!("none; {} of the window, all as expected", counted(expected, "address")), None);
        }
        _ if expected == 0 => {}
        _ => page.lines("", &format!("{} of the window as expected", counted(expected, "more address")), None),
    }
}

fn ip_row(page: &Page<'_>, ip: &IpInfo) -> Vec<String> {
    let keys: Vec<String> = ip.keys.iter().map(|key| page.id(key)).collect();
    let mark = if ip.new == Some(true) && ip.verdict == "unreviewed" { " *" } else { "" };
    vec![
        format!("{}{mark}", ip.ip),
        keys.join(", "),
        ip.clients.join(", "),
        ip.calls.to_string(),
        ip.denied.to_string(),
        ip.orders.to_string(),
        time(ip.first),
        time(ip.last),
    ]
}

/// The orders of the window that are not the owner's, grouped when they are many.
pub(super) fn orders(page: &mut Page<'_>, report: &Report) {
    let orders = &report.orders;
    page.title("UNRECOGNIZED ORDERS");
    if orders.unrecognized.is_empty() {
        page.lines("", if orders.total == 0 { "no orders in the window" } else { "none" }, None);
    } else if orders.unrecognized.len() <= SINGLE_ORDERS {
        let rows = orders.unrecognized.iter().map(|order| {
            let cells = vec![
                time(order.time),
                order.order_id.clone().unwrap_or_default(),
                order.symbol.clone().unwrap_or_default(),
                order.side.clone().unwrap_or_default(),
                order.quantity.clone().unwrap_or_default(),
                order.price.clone().unwrap_or_default(),
                order.ip.clone().unwrap_or_default(),
                order.verdict.to_owned(),
            ];
            (&order.account, cells)
        });
        let rows: Vec<_> = rows.collect();
        page.table_by_account(
            &["time", "order", "symbol", "side", "quantity", "price", "IP", "verdict"],
            &["order", "symbol", "side", "IP"],
            rows,
        );
    } else {
        grouped(page, &orders.unrecognized);
    }
    let new: Vec<&IpInfo> =
        report.ips.iter().filter(|ip| ip.verdict == "unreviewed" && ip.new == Some(true) && ip.orders > 0).collect();
    if !new.is_empty() {
        let named: Vec<String> = new.iter().take(5).map(|ip| format!("{} by {}", ip.orders, ip.ip)).collect();
        let more = if new.len() > 5 { format!(" and {} more", new.len() - 5) } else { String::new() };
        let words = format!("unreviewed, made from addresses not seen before the window: {}{more}", named.join(", "));
        page.lines("", &words, Some(YELLOW));
    }
    if orders.total > 0 {
        let all: Vec<String> = orders.by_verdict.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
        page.lines("", &format!("{} in the window: {}", counted(orders.total, "order"), all.join(", ")), None);
    }
}

/// The P2P orders and transfers that a rule names.
pub(super) fn money(page: &mut Page<'_>, report: &Report) {
    page.title("P2P AND MONEY OUT");
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    if !report.p2p.unrecognized.is_empty() {
        let rows = report.p2p.unrecognized.iter().map(|order| {
            let cells = vec![
                time(order.time),
                text(&order.order_id),
                format!("{} {} {}", text(&order.side), text(&order.quantity), text(&order.asset)),
                match &order.price {
                    Some(price) => format!("{} at {price} {}", text(&order.total), text(&order.fiat)),
                    // The layout of 2026 has none.
                    None => format!("{} {}", text(&order.total), text(&order.fiat)),
                },
                page.person(&text(&order.counterparty)),
                order.rules.join(", "),
            ];
            (&order.account, cells)
        });
        let rows: Vec<_> = rows.collect();
        page.table_by_account(&["time", "P2P order", "trade", "total", "with", "rules"], &["P2P order"], rows);
    }
    if !report.p2p.unrecognized.is_empty() && !report.transfers.unrecognized.is_empty() {
        page.text.push('\n');
    }
    if !report.transfers.unrecognized.is_empty() {
        let rows = report.transfers.unrecognized.iter().map(|transfer| {
            let cells = vec![
                time(transfer.time),
                format!("{} {}", text(&transfer.amount), text(&transfer.asset)),
                text(&transfer.network),
                page.id(&text(&transfer.address)),
                text(&transfer.status),
                transfer.rules.join(", "),
            ];
            (&transfer.account, cells)
        });
        let rows: Vec<_> = rows.collect();
        page.table_by_account(&["time", "amount", "network", "to", "status", "rules"], &["amount", "to"], rows);
    }
    let summary = format!(
        "{} P2P orders ({} named by a rule) and {} transfers ({} named by a rule) in the window",
        report.p2p.total,
        report.p2p.unrecognized.len(),
        report.transfers.total,
        report.transfers.unrecognized.len()
    );
    page.lines("", &summary, None);
}

/// Orders that are too many to be listed one by one.
fn grouped(page: &mut Page<'_>, all: &[OrderInfo]) {
    /// Account, pair, side, address and verdict.
    type Kind<'a> = (&'a Option<String>, &'a str, &'a str, &'a str, &'a str);
    let mut groups: BTreeMap<Kind<'_>, Vec<&OrderInfo>> = BTreeMap::new();
    for order in all {
        let key = (
            &order.account,
            order.symbol.as_deref().unwrap_or_default(),
            order.side.as_deref().unwrap_or_default(),
            order.ip.as_deref().unwrap_or_default(),
            order.verdict,
        );
        groups.entry(key).or_default().push(order);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, orders)| orders[0].time);
    let rows = groups.into_iter().map(|((account, symbol, side, ip, verdict), orders)| {
        let cells = vec![
            orders.len().to_string(),
            symbol.to_owned(),
            side.to_owned(),
            ip.to_owned(),
            verdict.to_owned(),
            time(orders[0].time),
            time(orders[orders.len() - 1].time),
        ];
        (account, cells)
    });
    let rows: Vec<_> = rows.collect();
    page.table_by_account(
        &["orders", "symbol", "side", "IP", "verdict", "first", "last"],
        &["orders", "symbol", "side", "IP", "verdict"],
        rows,
    );
    page.lines(
        "",
        &format!(
            "{}, grouped; each with its line is in the JSON output (--output json=FILE)",
            counted(all.len(), "order")
        ),
        None,
    );
}
