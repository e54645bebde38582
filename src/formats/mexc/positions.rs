//! MEXC futures positions, one's own and those that copy another trader's.

use crate::formats::Cell::{Decimal, Ignored, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "mexc-positions",
    exchange: "MEXC",
    title: "MEXC futures position history",
    export: "Orders > Futures orders > Position history > Export",
    table: Table::Positions,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "from 2025",
        &[
            ("UID?", Text("account")),
            ("Futures", Symbol("symbol")),
            ("Open Time(UTC+00:00)", Time("time")),
            ("Close Time", Time("closed")),
            ("Margin Mode", Text("margin_mode")),
            ("Avg Entry Price", Decimal("entry_price")),
            ("Avg Close Price", Decimal("close_price")),
            ("Direction", Text("side")),
            ("Closing Qty (Cont.)", Ignored),
            ("Fee", Ignored),
            ("Realized PNL", Decimal("realized_profit")),
            ("Status", Text("status")),
        ],
    ),
    Generation::new(
        "copied",
        &[
            ("UID?", Text("account")),
            ("copy_trader_uid", Ignored),
            ("copy_state", Text("status")),
            ("futures", Symbol("symbol")),
            ("used_margin", Ignored),
            ("leverage", Ignored),
            ("open_type", Text("margin_mode")),
            ("vol(Cont)", Ignored),
            ("copy_amount(USDT)", Ignored),
            ("deal_avg_price", Decimal("entry_price")),
            ("close_avg_price", Decimal("close_price")),
            ("Position Profit/Loss(USDT)", Decimal("realized_profit")),
            ("fee", Ignored),
            ("create_time(UTC+00:00)", Time("time")),
            ("close_time(UTC+00:00)", Time("closed")),
        ],
    ),
];
