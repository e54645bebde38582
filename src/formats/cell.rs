//! What the cells of an export mean, and how they are read.

/// What a cell means: the canonical column it fills, and how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A time, year first and to the second, or an epoch count.
    Time(&'static str),
    /// A time that this export writes in another way.
    TimeAs(&'static str, Layout),
    /// The date of a time whose other parts stand in [`Cell::Clock`] and [`Cell::Zone`] cells.
    Date(&'static str),
    /// The time of day.
    Clock(&'static str),
    /// The zone.
    Zone(&'static str),
    /// Text as it stands.
    Text(&'static str),
    /// Text without which the record says nothing yet: where it is empty the record is left out, for the reason given.
    Needed(&'static str, &'static str),
    /// A trading pair, kept in capitals and without a separator.
    Symbol(&'static str),
    /// A futures contract: a trading pair whose spelling tells those that are margined in the coin itself (`BTCUSD_PERP`),
    /// which are of another market.
    Contract(&'static str),
    /// A trading pair with the quote asset first, as in `USD-BTC`.
    Reversed(&'static str),
    /// The base asset of a pair whose quote asset stands in a cell of its own.
    BaseAsset(&'static str),
    /// The quote asset of such a pair.
    QuoteAsset(&'static str),
    /// `BUY` or `SELL` in any case, alone or in words such as `LIMIT_SELL`.
    Side(&'static str),
    /// Words that say whether money came `in` or went `out`.
    Direction(&'static str),
    /// A plain number. Several cells for one column are added.
    Decimal(&'static str),
    /// A plain number that is taken off the column.
    Less(&'static str),
    /// What was charged, in the second column, and taken off the first.
    Taken(&'static str, &'static str),
    /// What was charged, in the second column. The total in the first holds it, of a purchase, and lacks it, of a sale; it
    /// becomes what the price makes.
    Within(&'static str, &'static str),
    /// A number whose sign says the side or the direction, which goes to the second column.
    Signed(&'static str, &'static str),
    /// A number that is written without a sign, or not always with one: what the operation takes away is negative.
    Flow(&'static str),
    /// Words that say whether the number in a column came or went: what went is negative.
    Sign(&'static str),
    /// A number without its sign; an asset may stand behind it.
    Size(&'static str),
    /// What was charged, written as a negative number, with or without an asset behind it.
    Charge(&'static str, &'static str),
    /// A number with the pair's base asset glued to it, or without.
    Base(&'static str),
    /// A number with the pair's quote asset glued to it, or without.
    Quote(&'static str),
    /// What was charged in the pair's quote asset, which no column names: columns for the number and the asset.
    InQuote(&'static str, &'static str),
    /// A number with the base asset behind it, which names the first asset of the pair.
    OfBase(&'static str),
    /// A number with the quote asset behind it, which names the second asset of the pair.
    OfQuote(&'static str),
    /// A number with any asset behind it: columns for the number and the asset.
    Amount(&'static str, &'static str),
    /// A yes or no: a yes adds the word to the column's list.
    Flag(&'static str, &'static str),
    /// What was done to a long or short position, as `BUY` or `SELL`: opened (or bought) or closed (or sold).
    Position(&'static str),
    /// A number of satoshis, of which a hundred million are one bitcoin; only that of a balance's change has a sign.
    Satoshis(&'static str),
    /// A number of the asset that the column's name begins with, or names in brackets.
    OfAsset(Piece),
    /// Known, and of no use here; a list whose commas may stand without quotes around them, so that the record has more
    /// fields than the header.
    List,
    /// Known, and of no use here.
    Ignored,
}

/// What a column for one asset holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// What came or went.
    Amount,
    /// What was charged.
    Fee,
    /// The quantity of a trade, whose first asset it is.
    Base,
    /// What a trade came to, whose second asset it is.
    Quote,
}

/// How an export writes its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The order of a date's parts, where the year does not stand first in four digits.
    pub order: Order,
    /// Whether the export itself leaves the seconds out.
    pub to_the_minute: bool,
}

/// The order of a date's parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Year, month, day.
    Year,
    /// Day, month, year.
    Day,
    /// Month, day, year.
    Month,
    /// Year, month, day, or as Java prints a time (`Sun Jan 27 01:31:08 CST 2019`); `CST` is China's time.
    Beijing,
}

impl Layout {
    /// Year first, without seconds.
    pub const MINUTES: Self = Self { order: Order::Year, to_the_minute: true };
    /// As a server in China printed it.
    pub const BEIJING: Self = Self { order: Order::Beijing, to_the_minute: false };
    /// Day first.
    pub const DAY_FIRST: Self = Self { order: Order::Day, to_the_minute: false };
    /// Month first.
    pub const MONTH_FIRST: Self = Self { order: Order::Month, to_the_minute: false };
    /// Month first, without seconds.
    pub const MONTH_FIRST_MINUTES: Self = Self { order: Order::Month, to_the_minute: true };
}

impl Cell {
    /// The column that the cell fills first.
    pub fn column(self) -> Option<&'static str> {
        match self {
            Self::Time(column)
            | Self::TimeAs(column, _)
            | Self::Date(column)
            | Self::Clock(column)
            | Self::Zone(column)
            | Self::Text(column)
            | Self::Needed(column, _)
            | Self::Symbol(column)
            | Self::Contract(column)
            | Self::Reversed(column)
            | Self::BaseAsset(column)
            | Self::QuoteAsset(column)
            | Self::Side(column)
            | Self::Position(column)
            | Self::Satoshis(column)
            | Self::Direction(column)
            | Self::Decimal(column)
            | Self::Less(column)
            | Self::Taken(column, _)
            | Self::Within(column, _)
            | Self::Signed(column, _)
            | Self::Flow(column)
            | Self::Sign(column)
            | Self::Size(column)
            | Self::Charge(column, _)
            | Self::Base(column)
            | Self::Quote(column)
            | Self::OfBase(column)
            | Self::OfQuote(column)
            | Self::InQuote(column, _)
            | Self::Amount(column, _)
            | Self::Flag(column, _) => Some(column),
            Self::OfAsset(_) | Self::List | Self::Ignored => None,
        }
    }

    /// Whether it is a number, alone or with an asset.
    pub fn is_number(self) -> bool {
        use Cell::{Amount, Base, Charge, Decimal, Flow, Less, OfBase, OfQuote, Quote, Satoshis, Signed, Size, Taken};
        matches!(
            self,
            Decimal(_)
                | Less(_)
                | Taken(..)
                | Self::Within(..)
                | Self::InQuote(..)
                | Signed(..)
                | Flow(_)
                | Size(_)
                | Charge(..)
                | Base(_)
                | Quote(_)
                | OfBase(_)
                | OfQuote(_)
                | Amount(..)
                | Satoshis(_)
                | Self::OfAsset(_)
        )
    }

    /// The column that the cell fills besides.
    pub fn second(self) -> Option<&'static str> {
        match self {
            Self::Signed(_, column)
            | Self::Charge(_, column)
            | Self::Amount(_, column)
            | Self::InQuote(_, column)
            | Self::Taken(_, column)
            | Self::Within(_, column) => Some(column),
            Self::OfBase(_) | Self::OfQuote(_) => Some("symbol"),
            Self::Contract(_) => Some("market"),
            _ => None,
        }
    }
}
