//! Binance.US transaction history: trades, deposits, withdrawals and rewards in one file.

use crate::formats::Cell::{BaseAsset, Direction, Flow, Ignored, QuoteAsset, Side, Size, Text, Time};
use crate::formats::{Format, Generation, Part, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-us-transactions",
    exchange: "Binance.US",
    title: "Binance.US transaction history",
    export: "Wallet > Transaction history > Export reports",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2019",
    &[
        ("User_Id|User ID", Text("account")),
        ("Time", Time("time")),
        ("Category", Text("wallet")),
        ("Operation", Text("operation")),
        ("Order_Id|Order ID", Text("reference")),
        ("Transaction_Id|Transaction ID", Text("tx_id")),
        ("Primary_Asset|Primary Asset", Text("asset")),
        ("Realized_Amount_For_Primary_Asset|Realized Amount For Primary Asset", Flow("change")),
        ("Realized_Amount_For_Primary_Asset_In_USD_Value|Realized Amount for Primary Asset in USD", Ignored),
        ("Base_Asset|Base Asset", Ignored),
        ("Realized_Amount_For_Base_Asset|Realized Amount For Base Asset", Ignored),
        ("Realized_Amount_For_Base_Asset_In_USD_Value|Realized Amount For Base Asset In USD", Ignored),
        ("Quote_Asset|Quote Asset", Ignored),
        ("Realized_Amount_For_Quote_Asset|Realized Amount for Quote Asset", Ignored),
        ("Realized_Amount_For_Quote_Asset_In_USD_Value|Realized Amount for Quote Asset in USD", Ignored),
        ("Fee_Asset|Fee Asset", Ignored),
        ("Realized_Amount_For_Fee_Asset|Realized Amount for Fee Asset", Ignored),
        ("Realized_Amount_For_Fee_Asset_In_USD_Value|Realized Amount for Fee Asset in USD", Ignored),
        ("Payment_Method|Payment Method", Ignored),
        ("Withdrawal_Method|Withdraw Method", Ignored),
        ("Additional_Note|Additional Note", Text("remark")),
    ],
)
.with_parts(&[
    Part {
        column: "Category",
        words: &["spot trading"],
        table: Table::Trades,
        columns: &[
            ("User_Id|User ID", Text("account")),
            ("Time", Time("time")),
            ("Operation", Side("side")),
            ("Order_Id|Order ID", Text("order_id")),
            ("Transaction_Id|Transaction ID", Text("trade_id")),
            ("Base_Asset|Base Asset", BaseAsset("symbol")),
            ("Realized_Amount_For_Base_Asset|Realized Amount For Base Asset", Size("quantity")),
            ("Quote_Asset|Quote Asset", QuoteAsset("symbol")),
            ("Realized_Amount_For_Quote_Asset|Realized Amount for Quote Asset", Size("quote_total")),
            ("Fee_Asset|Fee Asset", Text("fee_asset")),
            ("Realized_Amount_For_Fee_Asset|Realized Amount for Fee Asset", Size("fee")),
        ],
        fixed: &[("market", "spot")],
    },
    Part {
        column: "Category",
        words: &["deposit", "withdrawal"],
        table: Table::Transfers,
        columns: &[
            ("User_Id|User ID", Text("account")),
            ("Time", Time("time")),
            ("Category", Direction("direction")),
            ("Transaction_Id|Transaction ID", Text("tx_id")),
            ("Primary_Asset|Primary Asset", Text("asset")),
            ("Realized_Amount_For_Primary_Asset|Realized Amount For Primary Asset", Size("amount")),
            ("Payment_Method|Payment Method", Text("method")),
            ("Realized_Amount_For_Fee_Asset|Realized Amount for Fee Asset", Size("fee")),
        ],
        fixed: &[],
    },
])];
