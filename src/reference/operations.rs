//! What a call does, by its path or by the words it was logged with.

use crate::formats::header::squeeze;

/// The class of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Public market data.
    Market,
    /// Reads in general.
    Read,
    /// Reads balances or settings of the account: what a thief does first.
    ReadAccount,
    /// Reads orders and fills.
    ReadOrders,
    /// Reads deposits, withdrawals, addresses.
    ReadFunds,
    /// Reads P2P, fiat and pay histories.
    ReadP2p,
    /// Opens or keeps a stream.
    Stream,
    /// Tries an order without placing it.
    Test,
    /// Places orders.
    Trade,
    /// Cancels an order and places another.
    CancelReplace,
    /// Cancels orders.
    Cancel,
    /// Changes an order.
    Amend,
    /// Converts one asset into another.
    Convert,
    /// Subscribes to or redeems from savings.
    Earn,
    /// Borrows.
    Borrow,
    /// Raises leverage or changes the margin mode.
    Leverage,
    /// Moves funds between accounts or wallets.
    Transfer,
    /// Withdraws.
    Withdraw,
    /// Moves value out by another way: gift cards, dust, pay.
    SideDoor,
    /// Changes keys or their addresses.
    KeyAdmin,
    /// Changes accounts.
    AccountAdmin,
    /// Changes security settings.
    SecuritySetting,
    /// Not known.
    Unclassified,
}

impl Class {
    const NAMES: &[(Self, &'static str)] = &[
        (Self::Market, "market"),
        (Self::Read, "read"),
        (Self::ReadAccount, "read-account"),
        (Self::ReadOrders, "read-orders"),
        (Self::ReadFunds, "read-funds"),
        (Self::ReadP2p, "read-p2p"),
        (Self::Stream, "stream"),
        (Self::Test, "test"),
        (Self::Trade, "trade"),
        (Self::CancelReplace, "cancel-replace"),
        (Self::Cancel, "cancel"),
        (Self::Amend, "amend"),
        (Self::Convert, "convert"),
        (Self::Earn, "earn"),
        (Self::Borrow, "borrow"),
        (Self::Leverage, "leverage"),
        (Self::Transfer, "transfer"),
        (Self::Withdraw, "withdraw"),
        (Self::SideDoor, "side-door"),
        (Self::KeyAdmin, "key-admin"),
        (Self::AccountAdmin, "account-admin"),
        (Self::SecuritySetting, "security-setting"),
        (Self::Unclassified, "unclassified"),
    ];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(class, _)| *class == self).map_or("", |(_, name)| name)
    }

    /// Whether the operation changes money, orders or rights: trade and above.
    pub fn is_sensitive(self) -> bool {
        !matches!(self, Self::Cancel | Self::Earn | Self::Unclassified) && self.needs() != ["read"]
    }

    /// Whether the call may create orders.
    pub fn places_orders(self) -> bool {
        matches!(self, Self::Trade | Self::CancelReplace | Self::Amend | Self::Convert)
    }

    /// What a key must be allowed, by the words of the expectations; all of them. Nothing for unclassified operations.
    pub fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Market
            | Self::Read
            | Self::ReadAccount
            | Self::ReadOrders
            | Self::ReadFunds
            | Self::ReadP2p
            | Self::Stream
            | Self::Test => &["read"],
            Self::Trade | Self::Convert => &["trade"],
            Self::CancelReplace => &["trade", "cancel"],
            Self::Cancel => &["cancel"],
            Self::Amend => &["amend"],
            Self::Earn => &["earn"],
            Self::Borrow => &["borrow"],
            Self::Leverage => &["leverage"],
            Self::Transfer => &["transfer"],
            Self::Withdraw => &["withdraw"],
            Self::SideDoor => &["side-door"],
            Self::KeyAdmin => &["key-admin"],
            Self::AccountAdmin => &["account-admin"],
            Self::SecuritySetting => &["security-setting"],
            Self::Unclassified => &[],
        }
    }
}

/// What a call to an endpoint does.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The method, or `*`.
    method: String,
    path: Vec<String>,
    class: Class,
}

impl Endpoint {
    pub(super) fn read(cells: &[&str]) -> Result<Self, String> {
        let [method, path, class, ..] = cells else { return Err("too few columns".to_owned()) };
        if !METHODS.contains(method) && *method != "*" {
            return Err(format!("`{method}` is no method; write one of {} or *", METHODS.join(", ")));
        }
        match Class::NAMES.iter().find(|(_, known)| known == class) {
            Some((class, _)) => Ok(Self { method: (*method).to_owned(), path: segments(path), class: *class }),
            None => {
                let all: Vec<&str> = Class::NAMES.iter().map(|(_, word)| *word).collect();
                Err(format!("`{class}` is no class; known are {}", all.join(", ")))
            }
        }
    }
}

/// The methods, those that can do most first.
const METHODS: &[&str] = &["POST", "PUT", "DELETE", "GET"];

/// The class of an operation as logged: a path with or without method, host and query, or words such as `Place Order`.
pub fn classify(endpoints: &[Endpoint], method: &str, operation: &str) -> Class {
    let (method, path) = method_and_path(method, operation);
    if path.starts_with('/') || path.contains("api/v") {
        return by_path(endpoints, &method.to_ascii_uppercase(), path);
    }
    by_words(method, split_method(operation.trim()).1)
}

/// The method and the path of an operation as logged, without host and query; words where it is no path.
pub fn method_and_path<'a>(method: &'a str, operation: &'a str) -> (&'a str, &'a str) {
    let (own, rest) = split_method(operation.trim());
    let path = rest.find("://").map_or(rest, |at| rest[at + 3..].find('/').map_or("", |slash| &rest[at + 3 + slash..]));
    (if method.is_empty() { own } else { method }, path.split(['?', '#', ' ']).next().unwrap_or_default())
}

fn split_method(operation: &str) -> (&str, &str) {
    match operation.split_once([' ', ':']) {
        Some((verb, rest)) if METHODS.iter().any(|known| verb.eq_ignore_ascii_case(known)) => (verb, rest.trim()),
        _ => ("", operation),
    }
}

fn segments(path: &str) -> Vec<String> {
    path.trim_matches('/').split('/').map(str::to_lowercase).collect()
}

fn by_path(endpoints: &[Endpoint], method: &str, path: &str) -> Class {
    let path = segments(path);
    // Without a method the most that the path can do counts: POST and DELETE stand for it, then the reads.
    let methods: &[&str] = if method.is_empty() { METHODS } else { &[method] };
    let find = |same: fn(&str, &str) -> bool| {
        let of_method = |method: &str| {
            let known = endpoints.iter().filter(|known| known.method == "*" || known.method == method);
            known.into_iter().find(|known| fits(&known.path, &path, same))
        };
        methods.iter().find_map(|method| of_method(method))
    };
    // An exchange gives an endpoint that does the same a new version.
    find(|known, part| known == part)
        .or_else(|| find(|known, part| known == part || is_version(known) && is_version(part)))
        .map_or(Class::Unclassified, |known| known.class)
}

/// Whether a segment of a path is `v3` or the like.
fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|digit| digit.is_ascii_digit()))
}

fn fits(pattern: &[String], path: &[String], same: fn(&str, &str) -> bool) -> bool {
    let Some(last) = pattern.last() else { return path.is_empty() };
    let open = last.ends_with('*');
    if path.len() < pattern.len() || (path.len() > pattern.len() && !open) {
        return false;
    }
    pattern.iter().zip(path).all(|(pattern, part)| match pattern.strip_suffix('*') {
        Some(start) => part.starts_with(start),
        None => same(pattern, part),
    })
}

fn by_words(method: &str, operation: &str) -> Class {
    let squeezed = squeeze(operation);
    let has = |words: &[&str]| words.iter().any(|word| squeezed.contains(word));
    let first: String =
        operation.trim().chars().take_while(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let starts = |verbs: &[&str]| verbs.iter().any(|verb| squeezed.starts_with(verb));
    let changes =
        ["create", "new", "add", "update", "set", "change", "edit", "close", "enable", "disable", "delete", "remove"];
    let reads = !starts(&changes)
        && (method.eq_ignore_ascii_case("GET")
            || starts(&[
                "get",
                "query",
                "list",
                "read",
                "fetch",
                "view",
                "check",
                "describe",
                "all",
                "openorder",
                "my",
            ])
            || has(&["history", "status", "orderbook", "info", "openorders"]));
    if has(&["listenkey", "datastream", "websocket"]) {
        Class::Stream
    } else if has(&[
        "ping",
        "servertime",
        "exchangeinfo",
        "ticker",
        "depth",
        "kline",
        "orderbook",
        "marketdata",
        "avgprice",
        "candle",
    ]) {
        Class::Market
    } else if has(&["apikey", "iprestriction", "ipwhitelist", "ipaccess"]) && !reads {
        Class::KeyAdmin
    } else if has(&["withdraw"]) {
        if reads { Class::ReadFunds } else { Class::Withdraw }
    } else if has(&["password", "2fa", "authenticator"]) {
        Class::SecuritySetting
    } else if has(&["deposit"]) {
        Class::ReadFunds
    } else if has(&["giftcard", "dust", "cryptobox"]) {
        Class::SideDoor
    } else if has(&["transfer"]) {
        if reads { Class::ReadFunds } else { Class::Transfer }
    } else if has(&["borrow", "loan"]) {
        if reads { Class::Read } else { Class::Borrow }
    } else if has(&["leverage", "margintype", "marginmode"]) {
        if reads { Class::Read } else { Class::Leverage }
    } else if has(&["earn", "staking", "subscribe", "redeem"]) {
        if reads { Class::Read } else { Class::Earn }
    } else if has(&["order", "trade"]) || matches!(first.as_str(), "buy" | "sell") {
        if has(&["test"]) {
            Class::Test
        } else if has(&["cancelreplace", "replaceorder"]) {
            Class::CancelReplace
        } else if has(&["cancel", "delete"]) || method.eq_ignore_ascii_case("DELETE") {
            Class::Cancel
        } else if has(&["amend", "modify", "edit", "update"]) {
            Class::Amend
        } else if reads
            || has(&["trades", "orders"]) && !has(&["place", "create", "new", "submit", "batch", "post", "send"])
        {
            Class::ReadOrders
        } else {
            Class::Trade
        }
    } else if starts(&["close"]) && has(&["position"]) {
        Class::Trade
    } else if starts(&changes) && has(&["account"]) {
        Class::AccountAdmin
    } else if has(&["cancel"]) {
        Class::Cancel
    } else if has(&["convert"]) {
        if reads { Class::Read } else { Class::Convert }
    } else if has(&["account", "balance", "asset", "wallet", "permission", "position", "portfolio"]) {
        Class::ReadAccount
    } else if reads {
        Class::Read
    } else {
        Class::Unclassified
    }
}
