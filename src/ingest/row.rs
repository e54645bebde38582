//! How the fields of one record become the columns of its table.

use super::cells::{self, Leg};
use super::export::Export;
use super::rejects::Fault;
use super::table::Value;
use super::{Read, Refusal};
use crate::decimal::Decimal;
use crate::formats::recognise::RecognisedPart;
use crate::formats::{Cell, Order, Piece, Shape};
use crate::reference::{Flow, Reference};
use crate::tables::{Table, is_fiat, split_pair};
use crate::time::{MINUTE, Zone};

/// How the fields of one export become the columns of its table.
pub struct Plan<'a> {
    /// The table.
    pub table: Table,
    export: &'a Export,
    /// Field, meaning, column, in the order in which they are read.
    steps: Vec<(usize, Cell, usize)>,
    /// Where date, time of day and zone stand, when they have cells of their own.
    parts: Option<(usize, usize, Option<usize>)>,
    fixed: Vec<(usize, Value)>,
    /// Field, asset and meaning of columns that are of one asset each.
    by_asset: Vec<(usize, String, Piece)>,
}

/// The pair comes first, since amounts are read against it, and numbers that take their sign from words come last.
fn turn(cell: Cell) -> u8 {
    match cell {
        Cell::Symbol(_) | Cell::Contract(_) | Cell::Reversed(_) | Cell::BaseAsset(_) | Cell::OfBase(_) => 0,
        Cell::QuoteAsset(_) | Cell::OfQuote(_) => 1,
        Cell::Flow(_) | Cell::Sign(_) | Cell::Within(..) => 3,
        _ => 2,
    }
}

impl<'a> Plan<'a> {
    /// Lays the export's columns over those of its table.
    pub fn new(table: Table, export: &'a Export) -> Self {
        let recognised = &export.recognised;
        Self::over(table, export, &recognised.cells, recognised.fixed)
    }

    /// Lays the columns over those of the table for some of the records.
    pub fn of_part(part: &RecognisedPart, export: &'a Export) -> Self {
        Self::over(part.table, export, &part.cells, part.fixed)
    }

    fn over(table: Table, export: &'a Export, cells: &[Cell], own: &[(&'static str, &'static str)]) -> Self {
        let recognised = &export.recognised;
        let column = |name: &str| table.position(name);
        let find = |wanted: fn(&Cell) -> bool| cells.iter().position(wanted);
        let parts = find(|cell| matches!(cell, Cell::Date(_)))
            .zip(find(|cell| matches!(cell, Cell::Clock(_))))
            .map(|(date, clock)| (date, clock, find(|cell| matches!(cell, Cell::Zone(_)))));
        let mut steps: Vec<(usize, Cell, usize)> = cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !matches!(cell, Cell::Date(_) | Cell::Clock(_) | Cell::Zone(_)))
            .filter_map(|(at, cell)| Some((at, *cell, column(cell.column()?)?)))
            .collect();
        steps.sort_by_key(|(at, cell, _)| (turn(*cell), *at));
        let exchange = Some(("exchange", recognised.format.exchange)).filter(|(_, name)| !name.is_empty());
        let fixed = recognised.format.fixed.iter().chain(own).copied().chain(exchange);
        let said = [("account", &export.account), ("asset", &export.asset)];
        let said =
            said.into_iter().filter_map(|(name, text)| Some((column(name)?, Value::Text(text.as_deref()?.into()))));
        let fixed =
            fixed.filter_map(|(name, value)| Some((column(name)?, Value::Text(value.into())))).chain(said).collect();
        let asset_of = |at: usize| {
            let name = export.header.get(at).map(String::as_str).unwrap_or_default();
            // `Fee (BTC) BTC`, `BTC Amount BTC`, `EUR received / paid`: the asset is the last word in capitals, or the first.
            let words: Vec<&str> = name.split_whitespace().collect();
            let word = words.last().filter(|word| !word.contains(char::is_lowercase)).or(words.first());
            word.map_or(String::new(), |word| word.trim_matches(['(', ')']).to_uppercase())
        };
        let by_asset = cells.iter().enumerate().filter_map(|(at, cell)| match cell {
            Cell::OfAsset(piece) => Some((at, asset_of(at), *piece)),
            _ => None,
        });
        Self { table, export, steps, parts, fixed, by_asset: by_asset.collect() }
    }

    /// Reads the fields of a record into `row`, which has room for one value per column of the table and none yet.
    ///
    /// # Errors
    /// When a cell cannot be read, or the time of the event is missing where the table needs it.
    pub fn read(&self, fields: &csv::ByteRecord, row: &mut [Option<Value>]) -> Result<Read, Refusal> {
        for (column, value) in &self.fixed {
            row[*column] = Some(value.clone());
        }
        let mut read = Read { time: None, grain: 1, own_offset: false, ambiguous: false };
        let mut fault: Option<(usize, Fault)> = None;
        if let Some((date, clock, zone)) = self.parts {
            match self.joined(fields, date, clock, zone) {
                Ok(found) => {
                    row[0] = found.time.map(Value::Time);
                    read = found;
                }
                Err(found) => fault = Some((date, found)),
            }
        }
        for &(at, cell, column) in &self.steps {
            let outcome = cells::text(fields.get(at).unwrap_or_default()).and_then(|text| match (text, cell) {
                (Some(text), _) => self.cell(cell, column, text, row, &mut read),
                (None, Cell::Needed(_, reason)) => Err(Fault::skip(reason)),
                (None, _) => Ok(()),
            });
            if let Err(found) = outcome
                && (fault.is_none() || found.skip.is_some())
            {
                fault = Some((at, found));
            }
        }
        for (at, asset, piece) in &self.by_asset {
            let text = cells::text(fields.get(*at).unwrap_or_default());
            let outcome = text.and_then(|text| text.map_or(Ok(()), |text| self.of_asset(asset, *piece, text, row)));
            if let (Err(found), true) = (outcome, fault.is_none()) {
                fault = Some((*at, found));
            }
        }
        if let Some((at, fault)) = fault {
            return Err(Refusal { column: Some(at), fault, time: read.time });
        }
        self.by_bank(row);
        if read.time.is_none() && self.table.holds_events() {
            let at = self.steps.iter().find(|(_, _, column)| *column == 0).map(|(at, _, _)| *at);
            return Err(Refusal { column: at, fault: Fault::new("missing", "no time"), time: None });
        }
        Ok(read)
    }

    /// Money of states does not move on a chain, though histories hold it between what does.
    fn by_bank(&self, row: &mut [Option<Value>]) {
        if self.table == Table::Transfers
            && self.text("kind", row) == "chain"
            && is_fiat(self.text("asset", row))
            && let Some(at) = self.table.position("kind")
        {
            row[at] = Some(Value::Text("fiat".into()));
        }
    }

    /// A time whose parts stand in cells of their own.
    fn joined(&self, fields: &csv::ByteRecord, date: usize, clock: usize, zone: Option<usize>) -> Result<Read, Fault> {
        let text = |at: usize| cells::text(fields.get(at).unwrap_or_default());
        let missing = || Fault::new("missing", "no time");
        let (date, clock) = (text(date)?.ok_or_else(missing)?, text(clock)?.ok_or_else(missing)?);
        // The cell of the time of day may repeat the date.
        let whole = if clock.starts_with(date) { clock.to_owned() } else { format!("{date} {clock}") };
        match zone.map(text).transpose()?.flatten() {
            None => cells::time_in(&whole, Order::Year, self.export.zone),
            Some(name) => {
                let zone = Zone::parse(name).ok_or_else(|| Fault::new("zone", "not a time zone"))?;
                Ok(Read { own_offset: true, ..cells::time_in(&whole, Order::Year, zone)? })
            }
        }
    }

    fn cell(
        &self,
        cell: Cell,
        column: usize,
        text: &str,
        row: &mut [Option<Value>],
        read: &mut Read,
    ) -> Result<(), Fault> {
        // Where fields are separated by semicolons a comma is mostly that of decimals: `1,001` is never guessed at.
        if self.export.delimiter == b';' && cell.is_number() && cells::has_doubtful_comma(text) {
            return Err(Fault::new("number", cells::DOUBTFUL_COMMA));
        }
        let value = match cell {
            Cell::Time(_) | Cell::TimeAs(..) => match self.time(cell, text)? {
                None => return Ok(()),
                Some(found) => {
                    if column == 0 {
                        *read = found;
                    }
                    Value::Time(found.time.unwrap_or_default())
                }
            },
            // An id that is lost must not be taken for that of another record that lost its own.
            Cell::Text(name) if name.ends_with("_id") && cells::is_lost_id(text) => return Ok(()),
            // Some exports write `usdt`, others `USDT`: one asset. `stETH` stays.
            Cell::Text(name) if name.ends_with("asset") && !text.contains(char::is_uppercase) => {
                Value::Text(text.to_uppercase().into())
            }
            Cell::Text(_) | Cell::Needed(..) => Value::Text(text.into()),
            Cell::Symbol(_) | Cell::BaseAsset(_) | Cell::QuoteAsset(_) => Value::Text(cells::symbol(text).into()),
            Cell::Contract(_) => {
                if cells::is_margined_in_coin(text)
                    && let Some(at) = self.table.position("market")
                {
                    row[at] = Some(Value::Text("cm-futures".into()));
                }
                Value::Text(cells::symbol(text).into())
            }
            Cell::Reversed(_) => Value::Text(cells::reversed(text)?.into()),
            Cell::Side(_) => Value::Text(cells::side(text)?.into()),
            Cell::Position(_) => Value::Text(cells::position(text)?.into()),
            Cell::Satoshis(name) => {
                let value = cells::satoshis(text)?.0;
                Value::Decimal(if name == "change" { value } else { value.abs() })
            }
            Cell::Direction(_) => Value::Text(cells::direction(text)?.into()),
            Cell::Decimal(_) => Value::Decimal(cells::decimal(text)?.0),
            Cell::Less(_) => Value::Decimal(-cells::decimal(text)?.0),
            Cell::Within(_, fee) => {
                let charged = cells::decimal(text)?.0;
                let quote = split_pair(self.text("symbol", row)).1.to_owned();
                let named = self.text("fee_asset", row);
                // What was charged in another asset is in no total.
                let is_inside = named.is_empty() || quote.is_empty() || named == quote;
                if let Some(at) = self.table.position(fee) {
                    row[at] = Some(Value::Decimal(charged));
                }
                self.second("fee_asset", row, &quote);
                match (is_inside, self.text("side", row)) {
                    (false, _) => return Ok(()),
                    (true, "BUY") => Value::Decimal(-charged),
                    (true, _) => Value::Decimal(charged),
                }
            }
            Cell::InQuote(_, asset) => {
                let quote = split_pair(self.text("symbol", row)).1.to_owned();
                if !quote.is_empty() {
                    self.second(asset, row, &quote);
                }
                Value::Decimal(cells::decimal(text)?.0)
            }
            Cell::Taken(_, fee) => {
                let charged = cells::decimal(text)?.0;
                if let Some(at) = self.table.position(fee) {
                    row[at] = Some(Value::Decimal(charged));
                }
                Value::Decimal(-charged)
            }
            Cell::Signed(_, word) => {
                let value = cells::decimal(text)?.0;
                self.second(
                    word,
                    row,
                    if word == "side" { ["SELL", "BUY"] } else { ["out", "in"] }[usize::from(value >= 0)],
                );
                Value::Decimal(value.abs())
            }
            Cell::Flow(_) => Value::Decimal(self.flow(cells::decimal(text)?, row).0),
            Cell::Sign(_) => {
                if let (Some(Value::Decimal(value)), "out") = (&mut row[column], cells::direction(text)?) {
                    *value = -value.abs();
                }
                return Ok(());
            }
            Cell::Size(_) => {
                let value = cells::decimal(text).or_else(|_| cells::amount(text).map(|(value, _)| value))?;
                Value::Decimal(value.0.abs())
            }
            Cell::Base(_) => Value::Decimal(cells::leg(text, self.text("symbol", row), Leg::Base)?.0),
            Cell::Quote(_) => Value::Decimal(cells::leg(text, self.text("symbol", row), Leg::Quote)?.0),
            Cell::OfBase(_) | Cell::OfQuote(_) => {
                let (value, asset) = cells::amount(text)?;
                self.name_leg(row, asset.unwrap_or_default(), matches!(cell, Cell::OfQuote(_)));
                Value::Decimal(value.0.abs())
            }
            Cell::Amount(_, unit) | Cell::Charge(_, unit) => {
                let (value, asset) = cells::amount(text)?;
                if let Some(asset) = asset {
                    self.second(unit, row, asset);
                }
                Value::Decimal(if matches!(cell, Cell::Charge(..)) { -value.0 } else { value.0 })
            }
            Cell::Flag(_, word) => match cells::is_yes(text) {
                true => Value::Text(word.into()),
                false => return Ok(()),
            },
            Cell::Date(_) | Cell::Clock(_) | Cell::Zone(_) | Cell::OfAsset(_) | Cell::List | Cell::Ignored => {
                return Ok(());
            }
        };
        row[column] = Some(match (row[column].take(), value) {
            (Some(Value::Decimal(sum)), Value::Decimal(more)) => {
                Value::Decimal(sum.checked_add(more).ok_or_else(|| Fault::new("number", "the sum does not fit"))?)
            }
            (Some(Value::Text(list)), Value::Text(word)) if matches!(cell, Cell::Flag(..)) => {
                Value::Text(format!("{list}, {word}").into())
            }
            (Some(Value::Text(base)), Value::Text(quote)) if matches!(cell, Cell::QuoteAsset(_)) => {
                Value::Text(format!("{base}{quote}").into())
            }
            (Some(Value::Text(first)), Value::Text(_)) => Value::Text(first),
            (_, value) => value,
        });
        Ok(())
    }

    /// A time, or nothing where a list of keys says "never" or "-".
    fn time(&self, cell: Cell, text: &str) -> Result<Option<Read>, Fault> {
        if !self.table.holds_events() && text.bytes().all(|byte| !byte.is_ascii_digit()) {
            return Ok(None);
        }
        let (found, coarse) = match cell {
            Cell::TimeAs(_, layout) => (cells::time_in(text, layout.order, self.export.zone)?, layout.to_the_minute),
            _ => (cells::time(text, self.export.zone)?, false),
        };
        if found.grain > MINUTE && !coarse && !matches!(self.export.recognised.format.shape, Shape::Synonyms(_)) {
            return Err(Fault::new("time", "a date without a time of day, which this export writes"));
        }
        Ok(Some(found))
    }

    /// Puts what a column for one asset says where it belongs: of a trade it is one of the two legs, of anything else the
    /// amount when the record is about that asset.
    fn of_asset(&self, asset: &str, piece: Piece, text: &str, row: &mut [Option<Value>]) -> Result<(), Fault> {
        let value = match cells::amount(text.trim_matches(['(', ')'])) {
            Ok((value, _)) if text.starts_with('(') => -value.0,
            Ok((value, _)) => value.0,
            Err(_) => cells::decimal(text)?.0,
        };
        let pair = self.text("symbol", row);
        let column = match piece {
            Piece::Base | Piece::Quote => {
                self.name_asset(row, asset, piece == Piece::Quote);
                if piece == Piece::Base { "quantity" } else { "quote_total" }
            }
            _ if value == 0 => return Ok(()),
            Piece::Fee if self.table.position("fee").is_some() => "fee",
            Piece::Amount if !pair.is_empty() && pair.starts_with(asset) => "quantity",
            Piece::Amount if !pair.is_empty() && pair.ends_with(asset) => "quote_total",
            Piece::Amount if self.text("asset", row) == asset && self.table == Table::Ledger => "change",
            Piece::Amount if self.text("asset", row) == asset => "amount",
            _ => return Ok(()),
        };
        if column == "fee" {
            self.second("fee_asset", row, asset);
        }
        if let Some(at) = self.table.position(column) {
            let value = if column == "change" { value } else { value.abs() };
            // Of a total, what was charged may be known already.
            let known = match (&row[at], piece) {
                (Some(Value::Decimal(known)), Piece::Quote) => *known,
                _ => 0,
            };
            row[at] = Some(Value::Decimal(value + known));
        }
        Ok(())
    }

    /// A number with the sign that its operation gives it: what it takes away is negative.
    fn flow(&self, value: Decimal, row: &[Option<Value>]) -> Decimal {
        let known = Reference::built_in().ledger(self.text("exchange", row), self.text("operation", row));
        Decimal(if known.is_some_and(|operation| operation.flow == Flow::Out) { -value.0.abs() } else { value.0 })
    }

    /// The text that a column has so far; empty if none.
    fn text<'r>(&self, column: &str, row: &'r [Option<Value>]) -> &'r str {
        match self.table.position(column).and_then(|at| row[at].as_ref()) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Names an asset of the pair, of which the base comes first.
    fn name_leg(&self, row: &mut [Option<Value>], asset: &str, quote: bool) {
        let name = cells::symbol(asset).into_owned();
        let whole = if quote { self.text("symbol", row).to_owned() + &name } else { name };
        if let Some(at) = self.table.position("symbol") {
            row[at] = Some(Value::Text(whole.into()));
        }
    }

    /// Names an asset of the pair whose other one is known already.
    fn name_asset(&self, row: &mut [Option<Value>], asset: &str, quote: bool) {
        let known = self.text("symbol", row);
        let whole = if quote { known.to_owned() + asset } else { asset.to_owned() + known };
        if let Some(at) = self.table.position("symbol") {
            row[at] = Some(Value::Text(whole.into()));
        }
    }

    /// Fills a column that has nothing yet.
    fn second(&self, column: &str, row: &mut [Option<Value>], text: &str) {
        if let Some(at) = self.table.position(column)
            && row[at].is_none()
        {
            row[at] = Some(Value::Text(text.into()));
        }
    }
}
