//! Bitstamp transactions: trades, deposits, withdrawals and the rest in one history; before 2024 to the minute.

use crate::formats::Cell::{
    Amount, BaseAsset, Decimal, Direction, Flow, Ignored, OfBase, OfQuote, QuoteAsset, Side, Size, Text, Time, TimeAs,
};
use crate::formats::{Format, Generation, Layout, Part, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bitstamp-transactions",
    exchange: "Bitstamp",
    title: "Bitstamp transactions",
    export: "Account > Transactions > Export all to CSV",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

/// What money in and out is called.
const MOVES: &[&str] = &[
    "deposit",
    "withdrawal",
    "crypto deposit",
    "crypto withdrawal",
    "fiat deposit",
    "fiat withdrawal",
    "ripple deposit",
    "ripple withdrawal",
];

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2023",
        &[
            ("Type", Text("operation")),
            ("Datetime", TimeAs("time", Layout::MINUTES)),
            ("Account", Text("wallet")),
            ("Amount", Amount("change", "asset")),
            ("Value", Ignored),
            ("Rate", Ignored),
            ("Fee", Ignored),
            ("Sub Type", Text("remark")),
        ],
    )
    .with_parts(&[
        Part {
            column: "Type",
            words: &["market"],
            table: Table::Trades,
            columns: &[
                ("Datetime", TimeAs("time", Layout::MINUTES)),
                ("Amount", OfBase("quantity")),
                ("Value", OfQuote("quote_total")),
                ("Rate", Size("price")),
                ("Fee", Amount("fee", "fee_asset")),
                ("Sub Type", Side("side")),
            ],
            fixed: &[("market", "spot")],
        },
        Part {
            column: "Type",
            words: MOVES,
            table: Table::Transfers,
            columns: &[
                ("Datetime", TimeAs("time", Layout::MINUTES)),
                ("Type", Direction("direction")),
                ("Amount", Amount("amount", "asset")),
                ("Fee", Size("fee")),
            ],
            fixed: &[("kind", "chain")],
        },
    ]),
    Generation::new(
        "from 2023",
        &[
            ("ID", Text("tx_id")),
            ("Account", Text("wallet")),
            ("Type", Text("operation")),
            ("Subtype", Text("remark")),
            ("Datetime", Time("time")),
            ("Amount", Flow("change")),
            ("Amount currency", Text("asset")),
            ("Value", Ignored),
            ("Value currency", Ignored),
            ("Rate", Ignored),
            ("Rate currency", Ignored),
            ("Fee", Ignored),
            ("Fee currency", Ignored),
            ("Order ID", Text("reference")),
        ],
    )
    .with_parts(&[
        Part {
            column: "Type",
            words: &["market"],
            table: Table::Trades,
            columns: &[
                ("ID", Text("trade_id")),
                ("Subtype", Side("side")),
                ("Datetime", Time("time")),
                ("Amount", Decimal("quantity")),
                ("Amount currency", BaseAsset("symbol")),
                ("Value", Decimal("quote_total")),
                ("Value currency", QuoteAsset("symbol")),
                ("Rate", Decimal("price")),
                ("Fee", Decimal("fee")),
                ("Fee currency", Text("fee_asset")),
                ("Order ID", Text("order_id")),
            ],
            fixed: &[("market", "spot")],
        },
        Part {
            column: "Type",
            words: MOVES,
            table: Table::Transfers,
            columns: &[
                ("ID", Text("tx_id")),
                ("Type", Direction("direction")),
                ("Datetime", Time("time")),
                ("Amount", Size("amount")),
                ("Amount currency", Text("asset")),
                ("Fee", Decimal("fee")),
            ],
            fixed: &[("kind", "chain")],
        },
    ]),
];
