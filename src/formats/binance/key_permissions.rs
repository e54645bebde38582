//! What the exchange answers when a key asks for its own rights; the key itself is not named in it.

use crate::formats::Cell::{Flag, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-key-permissions",
    exchange: "Binance",
    title: "Binance key permissions (JSON)",
    export: "API: GET /sapi/v1/account/apiRestrictions, saved as JSON",
    table: Table::Keys,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("name", "the key that asked for its rights")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2020",
    &[
        ("ipRestrict", Text("networks")),
        ("createTime", Time("created")),
        ("enableReading", Flag("permissions", "read")),
        ("enableWithdrawals", Flag("permissions", "withdraw")),
        ("enableInternalTransfer", Flag("permissions", "internal transfer")),
        ("enableMargin", Flag("permissions", "margin")),
        ("enableFutures", Flag("permissions", "futures")),
        ("permitsUniversalTransfer", Flag("permissions", "universal transfer")),
        ("enableVanillaOptions", Flag("permissions", "options")),
        ("enableFixApiTrade?", Flag("permissions", "trade")),
        ("enableFixReadOnly?", Flag("permissions", "read")),
        ("enableSpotAndMarginTrading", Flag("permissions", "trade")),
        ("enablePortfolioMarginTrading?", Flag("permissions", "portfolio margin")),
        ("tradingAuthorityExpirationTime?", Ignored),
    ],
)];
