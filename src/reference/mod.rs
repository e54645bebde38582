//! Facts about exchanges, from the tables in `data/reference/`, and how users add to them.
//!
//! Each table is a CSV with comments after `#`, which name source and date, then a header. A user's own table of the same
//! columns, named under `[reference]` in the expectations, is looked at before the built-in ones.

mod actions;
mod clients;
mod families;
mod ledger;
mod operations;
mod outcomes;

use std::sync::LazyLock;

pub use actions::Action;
pub use clients::{Client, ClientKind};
pub use families::{Family, Origin};
pub use ledger::{Flow, Operation};
pub use operations::{Class, method_and_path};
pub use outcomes::Outcome;

/// A kind of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What a call to an endpoint does: `method,path,class`.
    Operations,
    /// What a status or error code says: `code,outcome`.
    Outcomes,
    /// Who makes client order ids: `pattern,exchange,market,origin,name`.
    Families,
    /// What sends a user agent: `pattern,kind,name`.
    Clients,
    /// What the operations of a ledger mean: `operation,meaning,flow,exchange`.
    Ledger,
}

impl Kind {
    /// All, by their name under `[reference]`.
    pub const ALL: &[(Self, &'static str)] = &[
        (Self::Operations, "operations"),
        (Self::Outcomes, "outcomes"),
        (Self::Families, "families"),
        (Self::Clients, "clients"),
        (Self::Ledger, "ledger"),
    ];

    /// The columns that a table of it begins with; others may follow.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Operations => &["method", "path", "class"],
            Self::Outcomes => &["code", "outcome"],
            Self::Families => &["pattern", "exchange", "market", "origin", "name"],
            Self::Clients => &["pattern", "kind", "name"],
            Self::Ledger => &["operation", "meaning", "flow", "exchange"],
        }
    }
}

/// The built-in tables: where each is in the project, and its text.
pub const BUILT_IN: &[(Kind, &str, &str)] = &[
    (Kind::Operations, "operations/binance.csv", include_str!("../../data/reference/operations/binance.csv")),
    (Kind::Operations, "operations/bitget.csv", include_str!("../../data/reference/operations/bitget.csv")),
    (Kind::Operations, "operations/bybit.csv", include_str!("../../data/reference/operations/bybit.csv")),
    (Kind::Operations, "operations/coinbase.csv", include_str!("../../data/reference/operations/coinbase.csv")),
    (Kind::Operations, "operations/htx.csv", include_str!("../../data/reference/operations/htx.csv")),
    (Kind::Operations, "operations/kraken.csv", include_str!("../../data/reference/operations/kraken.csv")),
    (Kind::Operations, "operations/kucoin.csv", include_str!("../../data/reference/operations/kucoin.csv")),
    (Kind::Operations, "operations/okx.csv", include_str!("../../data/reference/operations/okx.csv")),
    (Kind::Outcomes, "outcomes.csv", include_str!("../../data/reference/outcomes.csv")),
    (Kind::Families, "families.csv", include_str!("../../data/reference/families.csv")),
    (Kind::Clients, "clients.csv", include_str!("../../data/reference/clients.csv")),
    (Kind::Ledger, "ledger_operations.csv", include_str!("../../data/reference/ledger_operations.csv")),
];

/// A line at fault, and what is wrong with it.
pub type LineFault = (usize, String);
/// A line's number and its cells.
type Row<'a> = (usize, Vec<&'a str>);

/// The tables in force.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    operations: Vec<operations::Endpoint>,
    codes: Vec<outcomes::Code>,
    families: Vec<Family>,
    clients: Vec<Client>,
    ledger: Vec<Operation>,
}

impl Reference {
    /// The built-in tables.
    pub fn built_in() -> &'static Self {
        static ALL: LazyLock<Reference> = LazyLock::new(|| {
            let mut all = Reference::default();
            for (kind, _, text) in BUILT_IN.iter().rev() {
                // A test reads them all: none has a fault.
                let _ = all.add(*kind, text);
            }
            all
        });
        &ALL
    }

    /// Puts the rows of a table before those known so far.
    ///
    /// # Errors
    /// The line at fault and what is wrong with it.
    pub fn add(&mut self, kind: Kind, text: &str) -> Result<(), LineFault> {
        let rows = rows(kind, text)?;
        match kind {
            Kind::Operations => put(&mut self.operations, &rows, operations::Endpoint::read),
            Kind::Outcomes => put(&mut self.codes, &rows, outcomes::Code::read),
            Kind::Families => put(&mut self.families, &rows, Family::read),
            Kind::Clients => put(&mut self.clients, &rows, Client::read),
            Kind::Ledger => put(&mut self.ledger, &rows, Operation::read),
        }
    }

    /// The class of an operation as logged: a path with or without method, host and query, or words such as `Place Order`.
    pub fn classify(&self, method: &str, operation: &str) -> Class {
        operations::classify(&self.operations, method, operation)
    }

    /// The outcome of a call by its status and its error code, as logged; either may be empty.
    pub fn outcome(&self, status: &str, code: &str) -> Outcome {
        outcomes::outcome(&self.codes, status, code)
    }

    /// What an operation of a ledger means, where that is known.
    pub fn ledger(&self, exchange: &str, operation: &str) -> Option<&Operation> {
        Operation::find(&self.ledger, exchange, operation)
    }

    /// Who makes client order ids of this kind, where that is known.
    pub fn family(&self, client_order_id: &str) -> Option<&Family> {
        self.families.iter().find(|family| family.fits(client_order_id))
    }

    /// What sends a user agent, where that is known.
    pub fn client(&self, user_agent: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.fits(user_agent))
    }
}

/// The rows of a table with their lines, each of at least the columns of its kind.
fn rows(kind: Kind, text: &str) -> Result<Vec<Row<'_>>, LineFault> {
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    let columns = kind.columns();
    let (at, header) = lines.next().ok_or_else(|| (1, format!("empty; it begins with {}", columns.join(","))))?;
    let named: Vec<&str> = header.trim_start_matches('\u{feff}').split(',').map(str::trim).collect();
    if !named.starts_with(columns) {
        return Err((at, format!("the header must begin with {}", columns.join(","))));
    }
    lines
        .map(|(at, line)| {
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            if cells.len() < columns.len() || cells[0].is_empty() && kind != Kind::Operations {
                return Err((at, format!("needs {}", columns.join(","))));
            }
            Ok((at, cells))
        })
        .collect()
}

fn put<T>(known: &mut Vec<T>, rows: &[Row<'_>], read: impl Fn(&[&str]) -> Result<T, String>) -> Result<(), LineFault> {
    let new: Vec<T> =
        rows.iter().map(|(at, cells)| read(cells).map_err(|what| (*at, what))).collect::<Result<_, _>>()?;
    known.splice(0..0, new);
    Ok(())
}
