//! The addresses that a sub-account's key may be used from.

use crate::formats::Cell::{Ignored, Text};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-sub-account-key",
    exchange: "Binance",
    title: "Binance sub-account key, addresses (JSON)",
    export: "API: GET /sapi/v1/sub-account/subAccountApi/ipRestriction, saved as JSON",
    table: Table::Keys,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2021",
    &[("ipRestrict", Text("networks")), ("ipList", Text("networks")), ("updateTime", Ignored), ("apiKey", Text("key"))],
)];
