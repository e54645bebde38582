//! Kraken trade history, to a ten-thousandth of a second; with more columns where positions were held. The ids of its ledger
//! entries stand without quotes in some files.

use crate::formats::Cell::{Decimal, Ignored, InQuote, List, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kraken-trades",
    exchange: "Kraken",
    title: "Kraken trade history",
    export: "Documents > New export > Trades (a ZIP with trades.csv)",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2013",
    &[
        ("txid", Text("trade_id")),
        ("ordertxid", Text("order_id")),
        ("pair", Symbol("symbol")),
        ("aclass?", Ignored),
        ("subclass?", Ignored),
        ("time", Time("time")),
        ("type", Side("side")),
        ("ordertype", Ignored),
        ("price", Decimal("price")),
        ("cost", Decimal("quote_total")),
        ("fee", InQuote("fee", "fee_asset")),
        ("vol", Decimal("quantity")),
        ("margin?", Ignored),
        ("misc?", Ignored),
        ("ledgers?", List),
        ("postxid|posttxid?", Ignored),
        ("posstatus|posstatuscode|poststatuscode?", Ignored),
        ("cprice?", Ignored),
        ("ccost?", Ignored),
        ("cfee?", Ignored),
        ("cvol?", Ignored),
        ("cmargin?", Ignored),
        ("net?", Ignored),
        ("costusd?", Ignored),
        ("trades?", Ignored),
    ],
)];
