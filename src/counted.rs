//! Numbers with what they count, as people read them: `1 order`, `3 orders`.

use std::fmt::Display;

/// A number with its noun, which is given for one: `1 address`, `2 addresses`, `2 calls or logins`.
pub fn counted(number: impl Display, noun: &str) -> String {
    let number = number.to_string();
    if number == "1" {
        return format!("1 {noun}");
    }
    let each: Vec<String> = noun.split(" or ").map(plural).collect();
    format!("{number} {}", each.join(" or "))
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_from_many() {
        let told = |number: u64, noun| counted(number, noun);
        assert_eq!([told(1, "order"), told(0, "order"), told(21, "order")], ["1 order", "0 orders", "21 orders"]);
        assert_eq!([told(2, "address"), told(2, "entry"), told(2, "key")], ["2 addresses", "2 entries", "2 keys"]);
        assert_eq!(told(3, "call or login"), "3 calls or logins");
    }
}
