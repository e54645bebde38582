//! Exact decimal values: prices, quantities, amounts and fees.

use std::fmt;

/// Digits after the point of every stored decimal. Bybit writes 20; no export seen writes more.
pub const SCALE: usize = 20;
/// Digits of a stored decimal in all, the most an `i128` (and a polars `Decimal`) holds.
pub const PRECISION: usize = 38;

const LIMIT: i128 = 10i128.pow(PRECISION as u32);

/// A decimal number held as an integer count of 10^-20.
///
/// Range: below 10^18 either side of zero. What does not fit exactly is refused, never rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(pub i128);

/// Why a text is not a [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalError {
    /// Not a number at all.
    Malformed,
    /// A number, but with more digits than can be held exactly.
    Inexact,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not a number",
            Self::Inexact => "a number with more digits than can be held exactly (18 before and 20 after the point)",
        })
    }
}

impl Decimal {
    /// Reads `-1234.5`, `2,500.00`, `6.0E-7` and `0E-18`.
    ///
    /// A comma is a thousands separator and must stand where one belongs, so that a decimal comma is
    /// refused instead of being read a thousand times too large.
    pub fn parse(text: &[u8]) -> Result<Self, DecimalError> {
        if let Some(units) = plain(text) {
            return Ok(Self(units));
        }
        let (negative, body) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let (digits, exponent) = split_exponent(body)?;
        let mut units: i128 = 0;
        let mut scale: i64 = 0;
        let mut zeros: u32 = 0;
        let mut any = false;
        let mut point = false;
        let mut group: Option<usize> = None;
        let mut run = 0usize;
        for &byte in digits {
            match byte {
                b'0'..=b'9' => {
                    any = true;
                    run += 1;
                    scale += i64::from(point);
                    // Zeros are held back, so that "1.000…0" of any length costs no digits.
                    if byte == b'0' {
                        zeros += 1;
                    } else {
                        units = push_digits(units, zeros, byte - b'0')?;
                        zeros = 0;
                    }
                }
                b'.' if !point => {
                    if group.is_some() && run != 3 {
                        return Err(DecimalError::Malformed);
                    }
                    point = true;
                    group = None;
                }
                b',' if !point => {
                    let well_placed = match group {
                        None => (1..=3).contains(&run) && digits[0] != b'0',
                        Some(_) => run == 3,
                    };
                    if !well_placed {
                        return Err(DecimalError::Malformed);
                    }
                    group = Some(run);
                    run = 0;
                }
                _ => return Err(DecimalError::Malformed),
            }
        }
        if !any || digits.last() == Some(&b'.') || (group.is_some() && run != 3) {
            return Err(DecimalError::Malformed);
        }
        if units == 0 {
            return Ok(Self(0));
        }
        let shift = SCALE as i64 + exponent - scale + i64::from(zeros);
        let shift = u32::try_from(shift).map_err(|_| DecimalError::Inexact)?;
        let factor = 10i128.checked_pow(shift).ok_or(DecimalError::Inexact)?;
        let units = units.checked_mul(factor).filter(|units| *units < LIMIT).ok_or(DecimalError::Inexact)?;
        Ok(Self(if negative { -units } else { units }))
    }
}

impl Decimal {
    /// The product, cut after the last digit that is held; `None` when it does not fit.
    pub fn times(self, other: Self) -> Option<Self> {
        const ONE: u128 = 10u128.pow(SCALE as u32);
        let (a, b) = (self.0.unsigned_abs(), other.0.unsigned_abs());
        let ((a_whole, a_part), (b_whole, b_part)) = ((a / ONE, a % ONE), (b / ONE, b % ONE));
        // The two parts have 20 digits each; their product needs 40, so the last of each are left out.
        let parts = (a_part / 10) * (b_part / 10) / (ONE / 100);
        let units = a_whole
            .checked_mul(b)?
            .checked_add(a_part.checked_mul(b_whole)?)?
            .checked_add(parts)
            .and_then(|units| i128::try_from(units).ok())
            .filter(|units| *units < LIMIT)?;
        Some(Self(if (self.0 < 0) == (other.0 < 0) { units } else { -units }))
    }
}

/// Powers of ten, from 1 on.
const POWERS: [i128; SCALE + 1] = {
    let mut powers = [1; SCALE + 1];
    let mut at = 1;
    while at <= SCALE {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// A number of at most 18 digits and a point, as nearly all are; `None` for any other text. A table of ten million trades has
/// forty million of them.
fn plain(text: &[u8]) -> Option<i128> {
    const DIGITS: usize = 18;
    if text.len() > DIGITS + 1 {
        return None;
    }
    let (mut units, mut point) = (0u64, None);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => units = units * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let digits = text.len() - usize::from(point.is_some());
    let after = point.map_or(0, |at| text.len() - at - 1);
    let whole = (1..=DIGITS).contains(&digits) && (point.is_none() || after > 0);
    whole.then(|| i128::from(units) * POWERS[SCALE - after])
}

fn split_exponent(body: &[u8]) -> Result<(&[u8], i64), DecimalError> {
    let Some(at) = body.iter().position(|byte| matches!(byte, b'e' | b'E')) else {
        return Ok((body, 0));
    };
    let exponent = std::str::from_utf8(&body[at + 1..]).ok().and_then(|text| text.parse::<i32>().ok());
    Ok((&body[..at], i64::from(exponent.ok_or(DecimalError::Malformed)?)))
}

fn push_digits(units: i128, zeros: u32, digit: u8) -> Result<i128, DecimalError> {
    10i128
        .checked_pow(zeros + 1)
        .and_then(|factor| units.checked_mul(factor))
        .and_then(|units| units.checked_add(i128::from(digit)))
        .filter(|units| *units < LIMIT)
        .ok_or(DecimalError::Inexact)
}

impl fmt::Display for Decimal {
    /// Plain digits, no exponent, no trailing zeros: `0.0031`, `1200`, `-5.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10u128.pow(SCALE as u32);
        let size = self.0.unsigned_abs();
        let (whole, fraction) = (size / unit, size % unit);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        if fraction > 0 {
            let digits = format!("{fraction:0SCALE$}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}
