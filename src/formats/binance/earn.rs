//! Binance Earn histories: rewards and redemptions.

use crate::formats::Cell::{Decimal, Ignored, Less, Text, Time, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-earn",
    exchange: "Binance",
    title: "Binance Earn history",
    export: "Orders > Earn History > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("wallet", "Earn")],
    file_words: &[],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation::new(
        "rewards by product",
        &[
            ("Date(UTC)", Time("time")),
            ("Product Name", Text("remark")),
            ("Coin", Text("asset")),
            ("Amount", Decimal("change")),
        ],
    )
    .with_fixed(&[("operation", "Earn rewards")]),
    Generation::new(
        "locked rewards",
        &[
            ("Time", Time("time")),
            ("Coin", Text("asset")),
            ("Interest", Decimal("change")),
            ("Lock Period", Ignored),
            ("APR", Ignored),
            ("Type", Text("operation")),
        ],
    ),
    Generation::new(
        "flexible rewards",
        &[
            // Of rewards that accrue by the minute only the day.
            ("Time|Tempo", TimeAs("time", Layout::MINUTES)),
            ("Coin|Moeda", Text("asset")),
            ("Amount|Quantidade", Decimal("change")),
            ("Type|Tipo", Text("operation")),
        ],
    ),
    Generation::new(
        "staked for a token",
        &[
            ("Date(UTC)", Time("time")),
            ("Coin", Text("asset")),
            ("Token", Text("remark")),
            ("Amount", Less("change")),
            ("Status", Ignored),
        ],
    )
    .with_fixed(&[("operation", "ETH 2.0 Staking")]),
    Generation::new(
        "redemptions",
        &[
            ("Redemption Date", Time("time")),
            ("Coin", Text("asset")),
            ("Redemption Amount", Decimal("change")),
            ("Redeem to?", Text("remark")),
            ("Est. Arrival Time?", Ignored),
            ("Status", Ignored),
        ],
    )
    .with_fixed(&[("operation", "Earn redemption")]),
    Generation::new(
        "flexible redemptions, Spanish",
        &[
            ("Fecha de reembolso/canje", Time("time")),
            ("Nombre del Producto", Ignored),
            ("Moneda", Text("asset")),
            ("Principal reembolsado", Decimal("change")),
            ("Método", Ignored),
            ("Canjear en", Text("remark")),
            ("Estado", Ignored),
        ],
    )
    .with_fixed(&[("operation", "Earn redemption")]),
];
