//! `loganalyze template`: empty CSVs for what can only be read off a screen, each with one row to show how it is filled in.

use crate::exit::{Exit, Failure};

/// A CSV to type into.
pub struct Template {
    /// Its name on the command line.
    pub name: &'static str,
    /// The name of the table that it fills.
    pub table: &'static str,
    /// Where the exchange shows what goes in.
    pub place: &'static str,
    /// The header and one row.
    pub text: &'static str,
}

/// Every template.
pub static ALL: &[Template] = &[
    Template {
        name: "calls",
        table: "calls",
        place: "your bot's or proxy's request log; a reply from the exchange's support",
        text: "Time (UTC),API Key,Key Name,IP,User Agent,Method,Endpoint,Symbol,Side,Quantity,Price,Order ID,Status,Error Code\n\
               2026-11-20 17:03:11,Gr1d...9xQz,Grid-Bot,203.0.113.7,my-bot/1.0,POST,/api/v3/order,BTCUSDT,BUY,0.01,90000,123456789,200,\n",
    },
    Template {
        name: "events",
        table: "events",
        place: "Account > Security > Account Activity, tab for security changes",
        text: "Time (UTC),Action,IP,Device,Location,Status\n\
               2026-11-20 17:03:11,API key created,203.0.113.7,Firefox on Linux,Berlin,Success\n",
    },
    Template {
        name: "keys",
        table: "keys",
        place: "Account > API Management; what is not shown stays empty",
        text: "Name,API Key,Created (UTC),Last Used,Permissions,IP Restriction,Status,Deleted At\n\
               Grid-Bot,Gr1d...9xQz,2026-01-15 10:00:00,2026-11-20 17:03:11,\"Reading, Spot & Margin Trading\",203.0.113.7,Enabled,\n",
    },
    Template {
        name: "logins",
        table: "events",
        place: "Account > Security > Account Activity, tab for logins; Device Management",
        text: "Time (UTC),Action,IP,Device,Location,Status\n2026-11-20 17:03:11,Login,203.0.113.7,Firefox on Linux,Berlin,Success\n",
    },
    Template {
        name: "balances",
        table: "balances",
        place: "Wallet > Overview, at the moment you look; in each wallet",
        text: "Time (UTC),Account,Asset,Free,Locked\n2026-11-20 17:03:11,Spot,BTC,0.51,0\n",
    },
    Template {
        name: "own-records",
        table: "own_records",
        place: "your bot's own list of the orders it placed",
        text: "Time (UTC),Tool,Pair,Side,Amount,Price,Order ID,Client Order ID\n\
               2026-11-20 17:03:11,Grid-Bot,BTCUSDT,BUY,0.01,90000,123456789,\n",
    },
];

/// The template of a name.
///
/// # Errors
/// When there is none of that name.
pub fn template(name: &str) -> Result<&'static str, Failure> {
    ALL.iter().find(|template| template.name == name).map(|template| template.text).ok_or_else(|| {
        let names: Vec<&str> = ALL.iter().map(|template| template.name).collect();
        Failure::new(Exit::Usage, format!("there is no template `{name}`; there are {}", names.join(", ")))
    })
}
