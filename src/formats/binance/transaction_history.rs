//! Binance transaction history (statement): one record per leg, signed changes.

use crate::formats::Cell::{Decimal, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-transaction-history",
    exchange: "Binance",
    title: "Binance transaction history",
    export: "Wallet > Transaction History > Export (all transactions)",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

/// What its legs tell besides.
const TOLD: &[Table] = &[Table::Trades, Table::Transfers];

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2021",
        &[
            ("UTC_Time", Time("time")),
            ("Account", Text("wallet")),
            ("Operation", Text("operation")),
            ("Coin", Text("asset")),
            ("Change", Decimal("change")),
            ("Remark", Text("remark")),
        ],
    )
    .telling(TOLD),
    Generation::new(
        "2021 to 2024",
        &[
            ("User_ID", Text("account")),
            ("UTC_Time", Time("time")),
            ("Account", Text("wallet")),
            ("Operation", Text("operation")),
            ("Coin", Text("asset")),
            ("Change", Decimal("change")),
            ("Remark", Text("remark")),
        ],
    )
    .telling(TOLD),
    Generation::new(
        "from 2025",
        &[
            ("User ID", Text("account")),
            ("Time", Time("time")),
            ("Account", Text("wallet")),
            ("Operation", Text("operation")),
            ("Coin", Text("asset")),
            ("Change", Decimal("change")),
            ("Remark", Text("remark")),
        ],
    )
    .telling(TOLD),
    Generation::new(
        "Spanish",
        &[
            ("ID de usuario", Text("account")),
            ("Tiempo|Hora", Time("time")),
            ("Cuenta", Text("wallet")),
            ("Operación", Text("operation")),
            ("Moneda", Text("asset")),
            ("Cambio|Cambiar", Decimal("change")),
            ("Observación|Comentario", Text("remark")),
        ],
    )
    .telling(TOLD),
    Generation::new(
        "French",
        &[
            ("Identifiant utilisateur", Text("account")),
            ("Durée", Time("time")),
            ("Compte", Text("wallet")),
            ("Opération", Text("operation")),
            ("Jeton", Text("asset")),
            ("Change", Decimal("change")),
            ("Remarque", Text("remark")),
        ],
    )
    .telling(TOLD),
    Generation::new(
        "Polish",
        &[
            // Published without the column of the account, whatever its name is.
            ("*?", Text("account")),
            ("Czas", Time("time")),
            ("Konto", Text("wallet")),
            ("Operacja", Text("operation")),
            ("Moneta", Text("asset")),
            ("Zmien|Zmień", Decimal("change")),
            ("Uwagi", Text("remark")),
        ],
    )
    .telling(TOLD),
    Generation::new(
        "Portuguese",
        &[
            ("ID do Usuário", Text("account")),
            ("Tempo", Time("time")),
            ("Conta", Text("wallet")),
            ("Operação", Text("operation")),
            ("Moeda", Text("asset")),
            ("Alterar", Decimal("change")),
            ("Observação", Text("remark")),
        ],
    )
    .telling(TOLD),
];
