//! How ids and names of others are shown to people.

/// Shortens what is long enough to be a key id or a wallet address to its ends: `Gr1d…9xQz`.
pub fn shorten(text: &str) -> String {
    const SHORTEST: usize = 20;
    let count = text.chars().count();
    if count < SHORTEST || text.chars().any(|c| c.is_whitespace() || c == '…') {
        return text.to_owned();
    }
    let head: String = text.chars().take(4).collect();
    let tail: String = text.chars().skip(count - 4).collect();
    format!("{head}…{tail}")
}

/// Shortens the name of a counterparty: `ab***`.
pub fn shorten_name(text: &str) -> String {
    let head: String = text.chars().take(2).collect();
    if text.is_empty() { String::new() } else { format!("{head}***") }
}
