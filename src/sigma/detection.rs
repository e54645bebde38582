//! Reads what a detection says of single records: fields, modifiers, values.

use super::Fault;
use super::condition::{self, Condition};
use super::encoding::{Base64, Utf16, encoded};
use super::fields::{self, Field};
use super::matcher::{Comparison, Match, Part, Search, Stand, Test, expression, is_measured, wildcard};
use super::yaml::{Data, Entry, Node};
use crate::address::parse_network;
use crate::decimal::Decimal;
use crate::settings::parse_time;
use crate::tables::{Kind, Table};
use crate::time::Zone;

/// Reads the parts of a detection or filter and its condition. Faults are added to the list.
pub fn read(node: &Node, table: Table, others: &[&str], faults: &mut Vec<Fault>) -> Option<Condition<Match>> {
    let mut parts: Vec<(&str, Condition<Match>)> = Vec::new();
    for entry in
        node.entries().iter().filter(|entry| entry.name != "condition" && !others.contains(&entry.name.as_str()))
    {
        match part(&entry.value, table, faults) {
            Some(condition) => parts.push((&entry.name, condition)),
            // The fault is told; the name stays known, so that the condition is not blamed for it.
            None => parts.push((&entry.name, Condition::Any(Vec::new()))),
        }
    }
    let Some(written) = node.get("condition") else {
        faults.push(node.fault("the condition is missing"));
        return None;
    };
    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    let mut any = Vec::new();
    for (text, line) in written.items().into_iter().filter_map(|item| Some((item.text()?, item.line))) {
        match condition::parse(&text, &names) {
            Ok(condition) => any.push(fill(&condition, &parts)),
            Err(message) => faults.push(Fault { line, message }),
        }
    }
    if any.is_empty() && faults.is_empty() {
        faults.push(written.fault("the condition is empty"));
    }
    Some(if any.len() == 1 { any.remove(0) } else { Condition::Any(any) })
}

/// Puts the parts in the place of their names.
fn fill(condition: &Condition<String>, parts: &[(&str, Condition<Match>)]) -> Condition<Match> {
    let all = |list: &[Condition<String>]| list.iter().map(|one| fill(one, parts)).collect();
    match condition {
        Condition::Part(name) => parts
            .iter()
            .find(|(known, _)| known == name)
            .map_or(Condition::Any(Vec::new()), |(_, condition)| condition.clone()),
        Condition::All(list) => Condition::All(all(list)),
        Condition::Any(list) => Condition::Any(all(list)),
        Condition::Not(one) => Condition::Not(Box::new(fill(one, parts))),
    }
}

/// A part: fields that must all fit, a list of such of which one must, or words to be found anywhere.
fn part(node: &Node, table: Table, faults: &mut Vec<Fault>) -> Option<Condition<Match>> {
    match &node.data {
        Data::Map(entries) => {
            let fields: Vec<_> = entries.iter().filter_map(|entry| field(entry, table, faults)).collect();
            (fields.len() == entries.len()).then_some(Condition::All(fields))
        }
        Data::List(items) if items.iter().any(|item| matches!(item.data, Data::Map(_))) => {
            let any: Vec<_> = items.iter().filter_map(|item| part(item, table, faults)).collect();
            (any.len() == items.len()).then_some(Condition::Any(any))
        }
        Data::Null => {
            faults.push(node.fault("is empty"));
            None
        }
        _ => {
            let words = node.items();
            let found: Vec<_> = words.iter().filter_map(|word| keyword(word, false, faults)).collect();
            (found.len() == words.len()).then_some(Condition::Any(found))
        }
    }
}

fn keyword(node: &Node, cased: bool, faults: &mut Vec<Fault>) -> Option<Condition<Match>> {
    let made = match node.text() {
        Some(text) => wildcard(&text, Search { stand: Stand::Anywhere, cased, dashes: false }),
        None => Err("a word to search for must be a text".to_owned()),
    };
    made.map_err(|message| faults.push(node.fault(message)))
        .ok()
        .map(|pattern| Condition::Part(Match::Anywhere(Test::Text(pattern))))
}

/// The modifiers behind a field's name.
#[derive(Default)]
struct Modifiers {
    stand: Option<Stand>,
    all: bool,
    cased: bool,
    not: bool,
    expression: bool,
    flags: String,
    network: bool,
    exists: bool,
    same: bool,
    order: Option<Comparison>,
    part: Option<Part>,
    utf16: Option<Utf16>,
    base64: Option<Base64>,
    dashes: bool,
}

impl Modifiers {
    fn read<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let mut found = Self::default();
        for name in names {
            match name {
                "contains" => found.stand = Some(Stand::Anywhere),
                "startswith" => found.stand = Some(Stand::Start),
                "endswith" => found.stand = Some(Stand::End),
                "all" => found.all = true,
                "cased" => found.cased = true,
                "neq" => found.not = true,
                "re" => found.expression = true,
                "i" | "m" | "s" if found.expression => found.flags.push_str(name),
                "cidr" => found.network = true,
                "exists" => found.exists = true,
                "fieldref" => found.same = true,
                "lt" => found.order = Some(Comparison::Less),
                "lte" => found.order = Some(Comparison::AtMost),
                "gt" => found.order = Some(Comparison::Greater),
                "gte" => found.order = Some(Comparison::AtLeast),
                "minute" => found.part = Some(Part::Minute),
                "hour" => found.part = Some(Part::Hour),
                "day" => found.part = Some(Part::Day),
                "week" => found.part = Some(Part::Week),
                "month" => found.part = Some(Part::Month),
                "year" => found.part = Some(Part::Year),
                "utf16le" | "wide" => found.utf16 = Some(Utf16::Little),
                "utf16be" => found.utf16 = Some(Utf16::Big),
                "utf16" => found.utf16 = Some(Utf16::Marked),
                "base64" => found.base64 = Some(Base64::Whole),
                "base64offset" => found.base64 = Some(Base64::Offset),
                "windash" => found.dashes = true,
                "expand" => {
                    return Err("the modifier `expand` has no lists to take values from: write the values".to_owned());
                }
                other => {
                    return Err(format!(
                        "the modifier `{other}` is not supported; `loganalyze rules list` names those that are"
                    ));
                }
            }
        }
        let looks = found.stand.is_some() || found.base64.is_some() || found.dashes;
        let measures = found.order.is_some() || found.part.is_some();
        let kinds = [found.expression, found.network, found.exists, found.same, measures, looks];
        if kinds.into_iter().filter(|set| *set).count() > 1 || found.dashes && found.base64.is_some() {
            return Err("these modifiers do not go together".to_owned());
        }
        if found.utf16.is_some() && found.base64.is_none() {
            return Err("UTF-16 is bytes, and the fields are texts: `base64` or `base64offset` must follow".to_owned());
        }
        Ok(found)
    }

    /// Whether they are of use only behind the name of a field.
    fn need_field(&self) -> bool {
        self.part.is_some() || self.base64.is_some() || self.dashes
    }

    /// How a text is looked for. A part of something encoded may stand anywhere in it.
    fn search(&self) -> Search {
        let usual = if self.base64 == Some(Base64::Offset) { Stand::Anywhere } else { Stand::Whole };
        Search { stand: self.stand.unwrap_or(usual), cased: self.cased, dashes: self.dashes }
    }
}

/// The field of a name in a table.
pub fn field_of(name: &str, table: Table) -> Result<Field, String> {
    let all = fields::all(table);
    all.iter().find(|field| field.name == name).copied().ok_or_else(|| {
        let near = all.iter().map(|field| field.name).min_by_key(|known| strsim::damerau_levenshtein(name, known));
        format!("{} have no field `{name}`; did you mean `{}`?", table.name(), near.unwrap_or_default())
    })
}

fn field(entry: &Entry, table: Table, faults: &mut Vec<Fault>) -> Option<Condition<Match>> {
    let mut told = |message: String| faults.push(Fault { line: entry.line, message });
    let mut names = entry.name.split('|');
    let name = names.next().unwrap_or_default();
    let modifiers = Modifiers::read(names).map_err(&mut told).ok()?;
    // A null stands for itself.
    let values = if matches!(entry.value.data, Data::Null) { vec![&entry.value] } else { entry.value.items() };
    if values.is_empty() {
        told(format!("`{}` has no values", entry.name));
        return None;
    }
    let mut tests = Vec::new();
    if name.is_empty() && modifiers.need_field() {
        told(format!("`{}` needs the name of a field before its modifiers", entry.name));
    } else if name.is_empty() {
        tests.extend(values.iter().filter_map(|value| keyword(value, modifiers.cased, faults)));
    } else {
        let field = field_of(name, table).map_err(&mut told).ok()?;
        for value in &values {
            match any_of(value, field, &modifiers, table) {
                Ok(any) => {
                    let any: Vec<_> = any.into_iter().map(|test| Condition::Part(Match::Field(field, test))).collect();
                    tests.push(Condition::Any(any));
                }
                Err(message) => {
                    faults.push(Fault { line: value.line, message: format!("`{}`: {message}", entry.name) });
                }
            }
        }
    }
    if tests.len() < values.len() {
        return None;
    }
    let condition = match (tests.len(), modifiers.all) {
        (1, _) => tests.remove(0),
        (_, true) => Condition::All(tests),
        (_, false) => Condition::Any(tests),
    };
    Some(if modifiers.not { Condition::Not(Box::new(condition)) } else { condition })
}

/// The tests of a value, one of which must pass: several where it may be encoded in several ways.
fn any_of(value: &Node, field: Field, modifiers: &Modifiers, table: Table) -> Result<Vec<Test>, String> {
    let (Some(base64), Some(text)) = (modifiers.base64, value.text()) else {
        return test(value, field, modifiers, table).map(|test| vec![test]);
    };
    if is_measured(&field) {
        return Err("holds numbers or times, which are not encoded".to_owned());
    }
    if text.contains(['*', '?']) {
        return Err("a value with wildcards cannot be encoded".to_owned());
    }
    let forms = encoded(&text, modifiers.utf16, base64);
    forms.iter().map(|form| wildcard(form, modifiers.search()).map(Test::Text)).collect()
}

fn test(value: &Node, field: Field, modifiers: &Modifiers, table: Table) -> Result<Test, String> {
    let text = match &value.data {
        Data::Null => return Ok(Test::Exists(false)),
        Data::Bool(wanted) if modifiers.exists => return Ok(Test::Exists(*wanted)),
        _ => value.text().ok_or("a value must be a text, a number, a truth or null")?,
    };
    if modifiers.exists {
        return Err("`exists` takes true or false".to_owned());
    }
    if modifiers.same {
        return field_of(&text, table).map(Test::Same);
    }
    if let Some(part) = modifiers.part {
        if field.source != fields::Source::Column(Kind::Time) {
            return Err("holds no times".to_owned());
        }
        let number = text.trim().parse().map_err(|_| format!("`{text}` is not a whole number"))?;
        return Ok(Test::Clock(part, modifiers.order.unwrap_or(Comparison::Equal), number));
    }
    if let Some(comparison) = modifiers.order {
        return measure(&text, field).map(|number| Test::Order(comparison, number));
    }
    if is_measured(&field) {
        if modifiers.stand.is_some() || modifiers.dashes || modifiers.expression || modifiers.network {
            return Err("holds numbers or times: compare it, or give a value".to_owned());
        }
        return measure(&text, field).map(|number| Test::Order(Comparison::Equal, number));
    }
    if modifiers.network {
        return parse_network(&text).map(Test::Network).ok_or_else(|| format!("`{text}` is not a network"));
    }
    if modifiers.expression {
        return expression(&text, &modifiers.flags).map(Test::Text);
    }
    if text.is_empty() {
        return Ok(Test::Exists(false));
    }
    wildcard(&text, modifiers.search()).map(Test::Text)
}

/// A number in units of decimals, or a time in microseconds.
fn measure(text: &str, field: Field) -> Result<i128, String> {
    if field.source == fields::Source::Column(Kind::Time) {
        let time = parse_time(text, Zone::UTC).ok_or_else(|| format!("`{text}` is not a time"))?;
        return Ok(i128::from(time));
    }
    Decimal::parse(text.trim().as_bytes()).map(|number| number.0).map_err(|error| format!("`{text}`: {error}"))
}
