//! The canonical tables: what every export is turned into. Names follow ECS/OCSF for events and FIX for orders.

/// A canonical table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// API calls.
    Calls,
    /// Logins and changes of security settings.
    Events,
    /// API keys.
    Keys,
    /// Orders.
    Orders,
    /// Fills.
    Trades,
    /// P2P orders.
    P2p,
    /// Deposits, withdrawals, conversions, fiat.
    Transfers,
    /// Signed changes of balances.
    Ledger,
    /// Futures positions.
    Positions,
    /// What the user's own bots say they did.
    OwnRecords,
    /// What was in a wallet at a time.
    Balances,
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Microseconds in UTC.
    Time,
    /// Text, as in the export but for surrounding blanks.
    Text,
    /// An exact decimal.
    Decimal,
}

/// A column of a canonical table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// The kind of its values.
    pub kind: Kind,
}

const fn time(name: &'static str) -> Column {
    Column { name, kind: Kind::Time }
}
const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}
const fn decimal(name: &'static str) -> Column {
    Column { name, kind: Kind::Decimal }
}

impl Table {
    /// All tables, in the order users see.
    pub const ALL: &[Self] = &[
        Self::Calls,
        Self::Events,
        Self::Keys,
        Self::Orders,
        Self::Trades,
        Self::P2p,
        Self::Transfers,
        Self::Ledger,
        Self::Positions,
        Self::OwnRecords,
        Self::Balances,
    ];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Events => "events",
            Self::Keys => "keys",
            Self::Orders => "orders",
            Self::Trades => "trades",
            Self::P2p => "p2p",
            Self::Transfers => "transfers",
            Self::Ledger => "ledger",
            Self::Positions => "positions",
            Self::OwnRecords => "own_records",
            Self::Balances => "balances",
        }
    }

    /// What the table is, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Calls => "API calls",
            Self::Events => "logins and security events",
            Self::Keys => "API keys",
            Self::Orders => "orders",
            Self::Trades => "trades",
            Self::P2p => "P2P orders",
            Self::Transfers => "deposits and withdrawals",
            Self::Ledger => "ledger (transaction history)",
            Self::Positions => "futures positions",
            Self::OwnRecords => "records of your own bots",
            Self::Balances => "balances",
        }
    }

    /// The columns, the time of the event first. Every record also carries its source, record and line.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Calls => {
                const {
                    &[
                        time("time"),
                        text("account"),
                        text("key"),
                        text("key_name"),
                        text("ip"),
                        text("country"),
                        text("city"),
                        text("latitude"),
                        text("longitude"),
                        text("client"),
                        text("method"),
                        text("operation"),
                        text("symbol"),
                        text("side"),
                        decimal("quantity"),
                        decimal("price"),
                        text("order_id"),
                        text("client_order_id"),
                        text("status"),
                        text("code"),
                    ]
                }
            }
            Self::Events => {
                const {
                    &[
                        time("time"),
                        text("account"),
                        text("action"),
                        text("ip"),
                        text("device"),
                        text("location"),
                        text("latitude"),
                        text("longitude"),
                        text("outcome"),
                        text("key"),
                    ]
                }
            }
            Self::Keys => {
                const {
                    &[
                        time("created"),
                        text("name"),
                        text("key"),
                        time("last_used"),
                        text("permissions"),
                        text("networks"),
                        text("status"),
                        time("deleted_at"),
                        text("account"),
                    ]
                }
            }
            Self::Orders => {
                const {
                    &[
                        time("created"),
                        time("updated"),
                        text("market"),
                        text("symbol"),
                        text("side"),
                        text("type"),
                        decimal("price"),
                        decimal("quantity"),
                        decimal("executed"),
                        decimal("average_price"),
                        decimal("quote_total"),
                        text("status"),
                        text("order_id"),
                        text("client_order_id"),
                        text("origin"),
                        text("key"),
                        text("account"),
                        text("exchange"),
                    ]
                }
            }
            Self::Trades => {
                const {
                    &[
                        time("time"),
                        text("market"),
                        text("symbol"),
                        text("side"),
                        decimal("price"),
                        decimal("quantity"),
                        decimal("quote_total"),
                        decimal("fee"),
                        text("fee_asset"),
                        decimal("realized_profit"),
                        text("maker"),
                        text("trade_id"),
                        text("order_id"),
                        text("client_order_id"),
                        text("origin"),
                        text("account"),
                        text("exchange"),
                    ]
                }
            }
            Self::P2p => {
                const {
                    &[
                        time("created"),
                        text("order_id"),
                        text("side"),
                        text("asset"),
                        text("fiat"),
                        decimal("total"),
                        decimal("price"),
                        decimal("quantity"),
                        decimal("fees"),
                        text("counterparty"),
                        text("status"),
                        text("name"),
                        text("payer"),
                        time("paid"),
                        time("released"),
                        text("account"),
                        text("exchange"),
                    ]
                }
            }
            Self::Transfers => {
                const {
                    &[
                        time("time"),
                        text("direction"),
                        text("kind"),
                        text("asset"),
                        text("network"),
                        decimal("amount"),
                        decimal("fee"),
                        text("address"),
                        text("tag"),
                        text("tx_id"),
                        text("status"),
                        text("received_asset"),
                        decimal("received"),
                        text("method"),
                        text("account"),
                        text("exchange"),
                    ]
                }
            }
            Self::Ledger => {
                const {
                    &[
                        time("time"),
                        text("account"),
                        text("wallet"),
                        text("operation"),
                        text("asset"),
                        decimal("change"),
                        text("remark"),
                        text("reference"),
                        text("tx_id"),
                        text("address"),
                        text("symbol"),
                        text("side"),
                        decimal("price"),
                        decimal("quantity"),
                        text("unit"),
                        decimal("fee"),
                        text("fee_asset"),
                        text("order_id"),
                        text("trade_id"),
                        text("exchange"),
                    ]
                }
            }
            Self::Positions => {
                const {
                    &[
                        time("time"),
                        time("closed"),
                        text("symbol"),
                        text("margin_mode"),
                        text("side"),
                        decimal("entry_price"),
                        decimal("close_price"),
                        decimal("max_quantity"),
                        decimal("closed_quantity"),
                        decimal("realized_profit"),
                        text("status"),
                        text("account"),
                        text("exchange"),
                    ]
                }
            }
            Self::Balances => {
                const {
                    &[
                        time("time"),
                        text("account"),
                        text("asset"),
                        decimal("free"),
                        decimal("locked"),
                        decimal("total"),
                    ]
                }
            }
            Self::OwnRecords => {
                const {
                    &[
                        time("time"),
                        text("tool"),
                        text("symbol"),
                        text("side"),
                        decimal("quantity"),
                        decimal("price"),
                        text("order_id"),
                        text("client_order_id"),
                        text("account"),
                    ]
                }
            }
        }
    }

    /// The column that says when the event happened.
    pub fn time(self) -> &'static str {
        self.columns()[0].name
    }

    /// Where a column stands in the table.
    pub fn position(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|column| column.name == name)
    }

    /// Whether a record of this table says that something happened at its time, so that it may set `as_of`.
    pub fn holds_events(self) -> bool {
        !matches!(self, Self::Keys | Self::Balances)
    }
}

/// Quote assets by which a pair without a separator is taken apart, longest first.
const QUOTES: &[&str] = &[
    "FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USDP", "BIDR", "DOGE", "USDS", "AEUR", "BVND", "IDRT", "BKRW", "EURI",
    "BTC", "ETH", "BNB", "EUR", "TRY", "BRL", "GBP", "AUD", "USD", "DAI", "XRP", "TRX", "RUB", "UAH", "NGN", "ZAR",
    "PLN", "RON", "ARS", "JPY", "MXN", "CZK", "COP", "VAI", "PAX", "UST", "DOT", "SOL", "IDR",
];

/// Currencies of states that the exchanges keep accounts in.
const FIAT: &[&str] = &[
    "USD", "EUR", "GBP", "CHF", "JPY", "AUD", "CAD", "NZD", "SGD", "HKD", "CNY", "TWD", "KRW", "INR", "IDR", "MYR",
    "THB", "PHP", "VND", "PKR", "BDT", "TRY", "RUB", "UAH", "KZT", "GEL", "AZN", "AMD", "PLN", "CZK", "HUF", "RON",
    "BGN", "SEK", "NOK", "DKK", "ISK", "BRL", "ARS", "MXN", "COP", "CLP", "PEN", "ZAR", "NGN", "KES", "GHS", "UGX",
    "EGP", "AED", "SAR", "ILS",
];

/// Whether an asset is the currency of a state, which comes and goes by bank and not on a chain. Kraken writes `ZEUR`, and
/// `EUR.HOLD` for what a bank may yet take back.
pub fn is_fiat(asset: &str) -> bool {
    let asset = asset.strip_suffix(".HOLD").unwrap_or(asset);
    let name = if asset.len() == 4 { asset.strip_prefix('Z').unwrap_or(asset) } else { asset };
    FIAT.contains(&name)
}

/// How far in front an asset stands among those that others are priced in: of two that were exchanged the one with the
/// lower number is the quote asset.
pub fn quote_rank(asset: &str) -> usize {
    const DOLLARS: &[&str] = &["USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USDP", "DAI"];
    match asset {
        _ if is_fiat(asset) => 0,
        _ if DOLLARS.contains(&asset) => 1,
        "BTC" | "XBT" | "XXBT" => 2,
        "ETH" | "XETH" => 3,
        "BNB" => 4,
        _ => 5,
    }
}

/// The base and the quote asset of a pair; the quote is empty when it is not known.
pub fn split_pair(symbol: &str) -> (&str, &str) {
    QUOTES
        .iter()
        .find(|quote| symbol.len() > quote.len() && symbol.ends_with(*quote))
        .map_or((symbol, ""), |quote| symbol.split_at(symbol.len() - quote.len()))
}
