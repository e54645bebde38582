//! Binance convert history: one record sells one asset and buys another. Plans that buy at regular times read alike.

use crate::formats::Cell::{Amount, Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-convert",
    exchange: "Binance",
    title: "Binance convert history",
    export: "Orders > Convert Order > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "convert")],
    file_words: &["convert"],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation::new(
        "from 2021",
        &[
            ("Time|Date|Hora", Time("time")),
            ("Wallet|Billetera?", Ignored),
            ("Pair|Par", Ignored),
            ("Type|Tipo", Ignored),
            ("Sell|Vender", Amount("amount", "asset")),
            ("Buy|Comprar", Amount("received", "received_asset")),
            ("Price|Precio", Ignored),
            ("Inverse Price|Precio inverso", Ignored),
            ("Date Updated|Fecha actualizada", Ignored),
            ("Status|Estado", Text("status")),
        ],
    ),
    Generation::new(
        "Auto-Invest",
        &[
            ("Auto-Invest Date", Time("time")),
            ("Holding Coin", Ignored),
            ("Amount per period", Amount("amount", "asset")),
            ("Trading Fee", Amount("fee", "asset")),
            ("Units", Amount("received", "received_asset")),
            ("From", Text("method")),
            ("Status", Text("status")),
        ],
    ),
    Generation::new(
        "recurring, Spanish",
        &[
            ("Fecha de creación", Time("time")),
            ("Billetera", Text("method")),
            ("Frecuencia", Ignored),
            ("Por hora", Ignored),
            ("Monto original", Decimal("amount")),
            ("Moneda original", Text("asset")),
            ("Monto final", Decimal("received")),
            ("Moneda final", Text("received_asset")),
            ("Precio", Ignored),
            ("Precio inverso", Ignored),
            ("Fecha de liquidación", Ignored),
            ("ID del plan", Ignored),
            ("Estado", Text("status")),
        ],
    ),
];
