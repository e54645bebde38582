//! A page of text in the making: titles, wrapped paragraphs and tables for any width. Every text from the evidence passes
//! through [`printable`] here.

use comfy_table::{Cell, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};
use unicode_width::UnicodeWidthStr;

use super::{Look, printable, wrap};
use crate::names::{shorten, shorten_name};

/// Rows of a table before the rest is only counted; machine outputs hold all.
pub const ROWS: usize = 40;
/// A column that may be broken is not made narrower than this.
const NARROWEST: usize = 11;
/// A line below the header, and none between rows.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The text so far. Every text from the evidence passes through [`printable`] here.
pub struct Page<'a> {
    /// How it looks.
    pub look: &'a Look,
    /// The text.
    pub text: String,
}

/// Bold, as an SGR code.
pub const BOLD: &str = "1";
/// Red.
pub const RED: &str = "1;31";
/// Yellow.
pub const YELLOW: &str = "33";
/// Green.
pub const GREEN: &str = "1;32";

/// Whose something is, where there are several accounts.
pub fn of_account(account: &Option<String>) -> String {
    account.as_ref().map_or(String::new(), |name| format!("  (account {name})"))
}

impl Page<'_> {
    /// A text in a colour, where there are colours.
    pub fn paint(&self, code: &str, text: &str) -> String {
        if self.look.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// The title of a section.
    pub fn title(&mut self, title: &str) {
        let title = self.paint(BOLD, title);
        self.text.push_str(&format!("\n{title}\n"));
    }

    /// A paragraph, wrapped; lines after the first are indented like the text behind the lead.
    pub fn lines(&mut self, lead: &str, text: &str, code: Option<&str>) {
        let indent = lead.chars().count();
        let width = self.look.width.saturating_sub(indent).max(20);
        for (at, line) in wrap(&printable(text), width).into_iter().enumerate() {
            let line = code.map_or(line.clone(), |code| self.paint(code, &line));
            let lead = if at == 0 { lead.to_owned() } else { " ".repeat(indent) };
            self.text.push_str(&format!("{lead}{line}\n"));
        }
    }

    /// A coloured word, then text; lines after the first are indented.
    pub fn entry(&mut self, word: &str, code: &str, text: &str) {
        let word = printable(word);
        let lines = wrap(&format!("{word}  {}", printable(text)), self.look.width.saturating_sub(4).max(20));
        for (at, line) in lines.into_iter().enumerate() {
            let line = match line.strip_prefix(&word) {
                Some(rest) if at == 0 => format!("{}{rest}", self.paint(code, &word)),
                _ if at == 0 => line,
                _ => format!("    {line}"),
            };
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// A table; the columns named in `whole` are never broken. Where they have no room, each row becomes a card.
    pub fn table(&mut self, header: &[&str], whole: &[&str], rows: &[Vec<String>]) {
        let shown: Vec<Vec<String>> =
            rows.iter().take(ROWS).map(|row| row.iter().map(|cell| printable(cell)).collect()).collect();
        let width_of =
            |at: usize| shown.iter().map(|row| row[at].width()).chain([header[at].width()]).max().unwrap_or(0);
        let kept = |at: usize| whole.contains(&header[at]);
        // A column is broken between words, and within them only where there is no room.
        let words = |at: usize| shown.iter().flat_map(move |row| row[at].split_whitespace());
        let longest = |at: usize| words(at).map(UnicodeWidthStr::width).max().unwrap_or(0);
        let least = |at: usize, most: usize| longest(at).max(width_of(at).min(NARROWEST)).min(most);
        let needed = |most: usize| -> usize {
            (0..header.len()).map(|at| if kept(at) { width_of(at) } else { least(at, most) } + 2).sum()
        };
        let lines = |most: usize| -> Vec<String> {
            let mut table = Table::new();
            table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(self.look.width.clamp(20, usize::from(u16::MAX)) as u16);
            table.set_header(header.iter().map(Cell::new));
            table.add_rows(shown.clone());
            for (at, column) in table.column_iter_mut().enumerate() {
                let constraint = if kept(at) {
                    ColumnConstraint::ContentWidth
                } else {
                    ColumnConstraint::LowerBoundary(Width::Fixed(least(at, most) as u16 + 1))
                };
                column.set_padding((0, 1));
                column.set_constraint(constraint);
            }
            table.lines().map(|line| line.trim_end().to_owned()).collect()
        };
        // Columns that are not to be broken may need more than was reckoned with.
        let widest = (NARROWEST..=self.look.width.max(NARROWEST)).rev().filter(|most| needed(*most) <= self.look.width);
        let fits = |lines: &Vec<String>| lines.iter().all(|line| line.width() <= self.look.width);
        match widest.step_by(2).map(lines).find(fits) {
            None => self.cards(header, &shown),
            Some(lines) => lines.iter().for_each(|line| {
                self.text.push_str(line);
                self.text.push('\n');
            }),
        }
        if rows.len() > ROWS {
            self.lines(
                "  ",
                &format!("and {} more: all are in the JSON output (--output json=FILE)", rows.len() - ROWS),
                None,
            );
        }
    }

    /// A table whose rows are of accounts: where there are several, each row names its own.
    pub fn table_by_account(&mut self, header: &[&str], whole: &[&str], rows: Vec<(&Option<String>, Vec<String>)>) {
        if rows.iter().all(|(account, _)| account.is_none()) {
            let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
            return self.table(header, whole, &rows);
        }
        let header: Vec<&str> = ["account"].iter().chain(header).copied().collect();
        let row = |(account, mut row): (&Option<String>, Vec<String>)| {
            row.insert(0, account.clone().unwrap_or_default());
            row
        };
        let rows: Vec<Vec<String>> = rows.into_iter().map(row).collect();
        self.table(&header, whole, &rows);
    }

    /// Rows one below the other, a line per cell.
    fn cards(&mut self, header: &[&str], rows: &[Vec<String>]) {
        let lead = header.iter().map(|name| name.width()).max().unwrap_or(0);
        for row in rows {
            for (name, cell) in header.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
                self.lines(&format!("  {name:lead$}  "), cell, None);
            }
            self.text.push('\n');
        }
    }

    /// A key id or wallet address as it is to be shown.
    pub fn id(&self, text: &str) -> String {
        if self.look.full { text.to_owned() } else { shorten(text) }
    }

    /// The name of a counterparty as it is to be shown.
    pub fn person(&self, text: &str) -> String {
        if self.look.full { text.to_owned() } else { shorten_name(text) }
    }
}
