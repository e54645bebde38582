//! The modifiers that encode a value before it is searched for (Sigma 2.1, appendix of modifiers).

/// How UTF-16 is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utf16 {
    /// `utf16le` and `wide`.
    Little,
    /// `utf16be`.
    Big,
    /// `utf16`: little-endian behind a byte order mark.
    Marked,
}

/// How bytes become a text again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base64 {
    /// As a whole.
    Whole,
    /// As a part of something longer, whatever stands before it.
    Offset,
}

/// A value's bytes in base64, by way of UTF-16 where that is asked for: one text, or three where it may begin at any byte.
pub fn encoded(text: &str, utf16: Option<Utf16>, base64: Base64) -> Vec<String> {
    let units = || text.encode_utf16();
    let bytes: Vec<u8> = match utf16 {
        None => text.bytes().collect(),
        Some(Utf16::Little) => units().flat_map(u16::to_le_bytes).collect(),
        Some(Utf16::Big) => units().flat_map(u16::to_be_bytes).collect(),
        Some(Utf16::Marked) => [0xFEFF].into_iter().chain(units()).flat_map(u16::to_le_bytes).collect(),
    };
    match base64 {
        Base64::Whole => vec![in_base64(&bytes)],
        Base64::Offset => (0..3).map(|before| middle(&bytes, before)).collect(),
    }
}

/// What all texts in base64 share that hold these bytes behind `before` others, counted modulo three: the digits that no bit
/// of what stands before or behind goes into.
fn middle(bytes: &[u8], before: usize) -> String {
    let shifted: Vec<u8> = std::iter::repeat_n(0, before).chain(bytes.iter().copied()).collect();
    let digits = in_base64(&shifted);
    let (from, to) = ((before * 8).div_ceil(6), shifted.len() * 8 / 6);
    digits.get(from..to).unwrap_or_default().to_owned()
}

/// RFC 4648, section 4.
fn in_base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |three: &[u8]| -> Vec<char> {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digit = |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]);
        (0..4).map(|at| if at <= three.len() { digit(at) } else { '=' }).collect()
    };
    bytes.chunks(3).flat_map(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard_come_out() {
        let vectors =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (text, base64) in vectors {
            assert_eq!(in_base64(text.as_bytes()), base64, "{text}");
        }
    }

    #[test]
    fn a_part_is_found_behind_and_before_anything() {
        let parts = encoded("withdraw", None, Base64::Offset);
        for before in ["", "a", "ab", "abc", "abcd"] {
            for behind in ["", "y", "yz"] {
                let whole = in_base64(format!("{before}withdraw{behind}").as_bytes());
                assert!(whole.contains(&parts[before.len() % 3]), "{whole} {parts:?}");
            }
        }
    }

    #[test]
    fn utf16_is_little_endian_but_where_it_says_otherwise() {
        let [little, big, marked] =
            [Utf16::Little, Utf16::Big, Utf16::Marked].map(|how| encoded("cmd", Some(how), Base64::Whole));
        assert_eq!([little, big, marked].concat(), ["YwBtAGQA", "AGMAbQBk", "//5jAG0AZAA="]);
    }
}
