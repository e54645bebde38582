//! Reads single cells: texts, sides, pairs, numbers with a unit.

use std::borrow::Cow;
use std::ops::Range;

use chrono::MappedLocalTime;

use super::Read;
use super::clock::{self, Written};
use super::rejects::Fault;
use crate::decimal::{Decimal, DecimalError};
use crate::formats::Order;
use crate::tables::split_pair;
use crate::time::{SECOND, Zone};

/// Coins whose names begin with a digit, longest first, so that `5.11INCH` is 5.1 of 1INCH
/// (BittyTax keeps the list; seen in `src/bittytax/conv/parsers/binance.py`).
const DIGIT_COINS: &[&str] =
    &["1000CHEEMS", "1MBABYDOGE", "1INCHDOWN", "1000SATS", "1000CAT", "1INCHUP", "1INCH", "0G", "2Z"];

/// The text of a cell without surrounding blanks and byte order marks, or `None` when it says nothing.
///
/// # Errors
/// When the bytes are no UTF-8.
pub fn text(raw: &[u8]) -> Result<Option<&str>, Fault> {
    let text = std::str::from_utf8(raw).map_err(|_| Fault::new("text", "the cell is not valid UTF-8"))?;
    // Most cells have neither in front nor behind, which two bytes of them tell.
    let is_bare = raw.first().is_some_and(u8::is_ascii_graphic) && raw.last().is_some_and(u8::is_ascii_graphic);
    let text = if is_bare { text } else { text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}') };
    Ok((!matches!(text, "" | "--" | "-" | "null" | "None")).then_some(text))
}

/// The times that are taken for such: those of the years 2000 to 2200.
pub const YEARS: Range<i64> = 946_684_800 * SECOND..7_258_118_400 * SECOND;

/// A time in UTC, with the finest unit written and whether it said its offset.
///
/// # Errors
/// When it is no time, is skipped by a clock change, or falls outside the years 2000 to 2200.
pub fn time(text: &str, zone: Zone) -> Result<Read, Fault> {
    utc(clock::parse(text.as_bytes()), zone)
}

/// A time as a format writes it.
///
/// # Errors
/// As for [`time`].
pub fn time_in(text: &str, order: Order, zone: Zone) -> Result<Read, Fault> {
    utc(clock::parse_in(text.as_bytes(), order), zone)
}

fn utc(written: Option<Written>, zone: Zone) -> Result<Read, Fault> {
    let written = written.ok_or_else(|| Fault::new("time", "not a time that this export writes"))?;
    let local = match written.offset {
        Some(east) => MappedLocalTime::Single(written.local - i64::from(east) * SECOND),
        None => zone.to_utc(written.local),
    };
    let ambiguous = matches!(local, MappedLocalTime::Ambiguous(..));
    let skipped = || Fault::new("time", "a local time that does not exist: the clocks were put forward over it");
    let utc = local.earliest().ok_or_else(skipped)?;
    if !YEARS.contains(&utc) {
        return Err(Fault::new("time", "a time outside the years 2000 to 2200"));
    }
    Ok(Read { time: Some(utc), grain: written.grain, own_offset: written.offset.is_some(), ambiguous })
}

/// A side, as `BUY` or `SELL`: the word alone, or first or last of several, as in `LIMIT_SELL` or `Buy Limit`.
///
/// # Errors
/// When it is neither.
pub fn side(text: &str) -> Result<&'static str, Fault> {
    let word = |text: &str| {
        let is = |words: [&str; 4]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        match () {
            () if is(["buy", "b", "bid", "bought"]) => Some("BUY"),
            () if is(["sell", "s", "ask", "sold"]) => Some("SELL"),
            () => None,
        }
    };
    let mut parts = text.split([' ', '_', '-']).filter(|part| part.len() > 1);
    let ends = || parts.next().into_iter().chain(parts.next_back()).find_map(word);
    word(text).or_else(ends).ok_or_else(|| Fault::new("side", "neither BUY nor SELL"))
}

/// A side, as `BUY` or `SELL`, by what was done to a position: `open long`, `buy long` and `Long` buy, `close long` and
/// `sell long` sell, and with a short position it is the other way round.
///
/// # Errors
/// When it names no position.
pub fn position(text: &str) -> Result<&'static str, Fault> {
    let text = text.to_lowercase();
    let has = |word: &str| text.split([' ', '_', '-']).any(|part| part == word);
    let closes = has("close") || has("sell");
    match (has("long"), has("short")) {
        (true, false) => Ok(if closes { "SELL" } else { "BUY" }),
        (false, true) => Ok(if closes { "BUY" } else { "SELL" }),
        _ => Err(Fault::new("side", "neither a long nor a short position")),
    }
}

/// A number of satoshis, in bitcoin.
///
/// # Errors
/// When it is no number or has digits beyond what is kept.
pub fn satoshis(text: &str) -> Result<Decimal, Fault> {
    const PER_BITCOIN: i128 = 100_000_000;
    let units = decimal(text)?.0;
    if units % PER_BITCOIN != 0 {
        return Err(Fault::new("number", "not a whole number of satoshis"));
    }
    Ok(Decimal(units / PER_BITCOIN))
}

/// Whether words say that money came `in` or went `out`.
///
/// # Errors
/// When they say neither.
pub fn direction(text: &str) -> Result<&'static str, Fault> {
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match () {
        () if has(&["withdraw", "payout", "transfer_out", "outgoing", "outflow", "repay"])
            || matches!(text.as_str(), "out" | "send" | "debit") =>
        {
            Ok("out")
        }
        () if has(&["deposit", "payin", "transfer_in", "incoming", "inflow", "borrow"])
            || matches!(text.as_str(), "in" | "receive" | "credit") =>
        {
            Ok("in")
        }
        () => Err(Fault::new("direction", "neither a deposit nor a withdrawal")),
    }
}

/// A pair with the quote asset first, turned round: `USD-BTC` is `BTCUSD`.
///
/// # Errors
/// When nothing stands between the two assets.
pub fn reversed(text: &str) -> Result<String, Fault> {
    let (quote, base) = text
        .split_once(['-', '/', '_'])
        .ok_or_else(|| Fault::new("pair", "not two assets with a dash between them"))?;
    Ok(format!("{}{}", symbol(base), symbol(quote)))
}

/// A pair in capitals without separators: `BTC/USDT`, `btc-usdt` and `BTC_USDT` are `BTCUSDT`.
pub fn symbol(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| !matches!(c, '/' | '-' | '_' | ' ')).flat_map(char::to_uppercase).collect())
}

/// Whether a contract is margined in the coin itself: `BTCUSD_PERP`, `ETHUSD_240628`; those of Binance that are margined in
/// dollars are spelled `BTCUSDT`, `BTCUSDT_240628`.
pub fn is_margined_in_coin(contract: &str) -> bool {
    contract.split_once("USD_").is_some_and(|(coin, term)| {
        let dated = term.len() == 6 && term.bytes().all(|byte| byte.is_ascii_digit());
        !coin.is_empty() && (dated || term.eq_ignore_ascii_case("PERP"))
    })
}

/// What is wrong with a number that has a comma and no point.
pub const DOUBTFUL_COMMA: &str = "a comma that may be that of decimals or of thousands, as a spreadsheet writes it: use the file as the exchange gave it";

/// Whether a number has one comma and no point.
pub fn has_doubtful_comma(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b',').count() == 1 && !text.contains('.')
}

/// A plain number; a currency sign may stand in front of it, and brackets round a negative one.
///
/// # Errors
/// When it is none, or does not fit exactly.
pub fn decimal(text: &str) -> Result<Decimal, Fault> {
    let fault = |error: DecimalError| Fault::new("number", error.to_string());
    match Decimal::parse(text.as_bytes()) {
        Err(DecimalError::Malformed) if text.contains(is_currency_sign) || text.starts_with('(') => {
            let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
            let plain: String = inner.unwrap_or(text).chars().filter(|c| !is_currency_sign(*c)).collect();
            let value = Decimal::parse(plain.trim().as_bytes()).map_err(fault)?;
            Ok(if inner.is_some() { Decimal(-value.0) } else { value })
        }
        Err(DecimalError::Malformed)
            if has_doubtful_comma(text) && text.starts_with(|c: char| c.is_ascii_digit() || c == '-') =>
        {
            Err(Fault::new("number", DOUBTFUL_COMMA))
        }
        other => other.map_err(fault),
    }
}

fn is_currency_sign(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₺' | '₹' | '₩' | '₽' | '฿')
}

/// Which asset of a pair an amount is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// The first.
    Base,
    /// The second.
    Quote,
}

/// A number with one asset of `pair` glued to it, or with none.
///
/// # Errors
/// When no reading of it is a number and an asset of the pair.
pub fn leg(text: &str, pair: &str, leg: Leg) -> Result<Decimal, Fault> {
    let (base, quote) = split_pair(pair);
    let asset = if leg == Leg::Base { base } else { quote };
    let bare = text.strip_suffix(asset).filter(|bare| !asset.is_empty() && !bare.ends_with('.'));
    if let Some(value) = bare.and_then(|bare| Decimal::parse(bare.trim_end().as_bytes()).ok()) {
        return Ok(value);
    }
    if let Ok(value) = Decimal::parse(text.as_bytes()) {
        return Ok(value);
    }
    let fits = |unit: &str| match leg {
        Leg::Base => pair.starts_with(unit),
        Leg::Quote => pair.ends_with(unit),
    };
    // The longest asset that fits the pair: of 5.11INCH in 1INCHUSDT that is 1INCH.
    let at = text.char_indices().skip(1).map(|(at, _)| at).find(|&at| {
        let unit = symbol(text[at..].trim_start());
        !unit.is_empty() && fits(&unit) && Decimal::parse(text[..at].trim_end().as_bytes()).is_ok()
    });
    match at {
        Some(at) => decimal(text[..at].trim_end()),
        // An order for an amount of the quote asset states it in that asset.
        None => match amount(text)? {
            (value, Some(unit)) if pair.starts_with(unit) || pair.ends_with(unit) => Ok(value),
            _ => Err(Fault::new("number", format!("not an amount of an asset of {pair}"))),
        },
    }
}

/// A number with any asset behind it, glued or after a blank: the number and the asset, if one is named.
///
/// # Errors
/// When no number stands in front.
pub fn amount(text: &str) -> Result<(Decimal, Option<&str>), Fault> {
    if let Some((number, unit)) = text.split_once(' ') {
        let unit = unit.trim();
        if !unit.starts_with(char::is_alphabetic) && !DIGIT_COINS.contains(&unit) {
            return Err(Fault::new("number", "not a number with an asset behind it"));
        }
        return Ok((decimal(number)?, Some(unit)));
    }
    for coin in DIGIT_COINS {
        if let Some(value) = text.strip_suffix(coin).and_then(|number| Decimal::parse(number.as_bytes()).ok()) {
            return Ok((value, Some(coin)));
        }
    }
    let exponent = |at: usize| {
        matches!(text.as_bytes()[at], b'e' | b'E')
            && text.as_bytes().get(at + 1).is_some_and(|b| b.is_ascii_digit() || *b == b'-')
    };
    let at = text
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_digit() || "+-.,".contains(*c) || exponent(*at)))
        .map(|(at, _)| at);
    match at {
        None => Ok((decimal(text)?, None)),
        Some(at) => Ok((decimal(&text[..at])?, Some(&text[at..]))),
    }
}

/// Whether an id was taken for a number by a spreadsheet and is lost: `2.04012E+19`.
pub fn is_lost_id(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.split_once('.').is_some_and(|(whole, rest)| whole.len() == 1 && number(whole) && number(rest))
        && number(exponent.strip_prefix('+').unwrap_or(exponent))
}

/// Whether a number has the digits of a binary fraction that was written out: `0.30000000000000004`, `0.010713949999999999`.
pub fn is_binary_fraction(text: &str) -> bool {
    let Some((whole, rest)) = text.split_once('.') else { return false };
    let fraction: &str = &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()];
    let digits = format!("{}{fraction}", whole.trim_start_matches(['-', '+', '0']));
    let significant = digits.trim_start_matches('0').as_bytes();
    // A double holds 15 to 17 digits; those of the amount end in a row of zeros or nines there, and noise follows.
    let row = |digit: u8| {
        let mut length = 0;
        significant.iter().enumerate().any(|(at, found)| {
            length = if *found == digit { length + 1 } else { 0 };
            let (start, next) = (at + 1 - length, significant.get(at + 1));
            let ends = next.is_none_or(|next| *next != digit) && (digit == b'9' || next.is_some());
            length >= 6 && start > 0 && ends && (14..=17).contains(&(at + 1))
        })
    };
    fraction.len() >= 12 && (row(b'0') || row(b'9'))
}

/// Whether a cell says yes.
pub fn is_yes(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "y" | "1" | "on" | "enabled" | "✓" | "x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_binary_fractions_are_told_from_those_of_exchanges() {
        for noise in
            ["0.30000000000000004", "-0.010713949999999999", "900.00499999999999545253USDT", "32.156874000000003"]
        {
            assert!(is_binary_fraction(noise), "{noise}");
        }
        for exact in
            ["0.0100000000BTC", "3302.6508979077133026", "0.000037835729", "90000.5", "0.00003000000000000000", "1.5"]
        {
            assert!(!is_binary_fraction(exact), "{exact}");
        }
    }

    #[test]
    fn contracts_margined_in_coin_are_told_by_their_spelling() {
        for coin in ["BTCUSD_PERP", "ETHUSD_240628"] {
            assert!(is_margined_in_coin(coin), "{coin}");
        }
        for dollars in ["BTCUSDT", "BTCUSDT_240628", "BTCUSDC", "USD_PERP", "BTCUSD_"] {
            assert!(!is_margined_in_coin(dollars), "{dollars}");
        }
    }
}
