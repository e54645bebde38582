//! The JSON Schema of the report: real reports hold to it, and it knows every name in them.

use serde_json::Value;

use loganalyze::report::schema;
use loganalyze::settings::Settings;

use crate::account::{Incident, Plan, account};
use crate::folder::{Folder, project, report};

/// Everything in a value that its schema does not allow. A name that the schema does not list is not allowed either.
fn faults(value: &Value, schema: &Value, root: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference}"));
        return faults(value, target, root, at);
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let all: Vec<Vec<String>> = choices.iter().map(|schema| faults(value, schema, root, at)).collect();
            return all.into_iter().min_by_key(Vec::len).unwrap_or_default();
        }
    }
    if schema == &Value::Bool(true) {
        return Vec::new();
    }
    if let Some(known) = schema["enum"].as_array() {
        return if known.contains(value) { Vec::new() } else { vec![format!("{at}: {value} is none of {known:?}")] };
    }
    if let Some(known) = schema.get("const") {
        return if known == value { Vec::new() } else { vec![format!("{at}: {value} is not {known}")] };
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() || number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => return vec![format!("{at}: the schema says nothing: {schema}")],
    };
    let fits = types.contains(&kind) || kind == "integer" && types.contains(&"number");
    if !fits {
        return vec![format!("{at}: {kind} where {types:?} is expected")];
    }
    match value {
        Value::Array(items) => {
            let each = |(n, item)| faults(item, &schema["items"], root, &format!("{at}[{n}]"));
            items.iter().enumerate().flat_map(each).collect()
        }
        Value::Object(entries) => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let missing =
                required.filter(|name| !entries.contains_key(*name)).map(|name| format!("{at}: {name} is missing"));
            let inside = entries.iter().flat_map(|(name, item)| {
                let known = schema["properties"].get(name).or_else(|| schema.get("additionalProperties"));
                match known {
                    Some(schema) => faults(item, schema, root, &format!("{at}.{name}")),
                    None => vec![format!("{at}: the schema does not know {name}")],
                }
            });
            missing.chain(inside).collect()
        }
        _ => Vec::new(),
    }
}

fn check(settings: &Settings) -> Value {
    let value = serde_json::to_value(report(settings).unwrap()).unwrap();
    let schema = schema();
    assert_eq!(faults(&value, &schema, &schema, "report"), Vec::<String>::new());
    value
}

#[test]
fn reports_hold_to_the_schema() {
    let theft = Folder::new();
    account(&Plan { incident: Incident::Theft, ..Plan::default() }).write(&theft.path).unwrap();
    let value = check(&theft.settings());
    for filled in ["findings", "ips", "keys", "sources", "episodes", "not_checked"] {
        assert!(value[filled].as_array().is_some_and(|list| !list.is_empty()), "{filled} shows nothing");
    }
    theft.write("old.json", &serde_json::to_vec(&value).unwrap());
    theft.write("odd.bin", b"\0\0");
    check(&Settings { baseline: Some(theft.path.join("old.json")), ..theft.settings() });
    check(&Settings { paths: vec![project("data/rules/ip-anon-or-hosting/hit")], ..Settings::default() });
    let broken =
        Folder::of(&[("calls.csv", "Time,IP,Endpoint\n2026-01-01 00:00:00,203.0.113.7,ping\nsoon,203.0.113.7,ping\n")]);
    assert!(!check(&broken.settings())["rejected"].as_array().unwrap().is_empty());
}

#[test]
fn the_schema_notices_what_does_not_hold_to_it() {
    let schema = schema();
    let sample = report(&Settings { paths: vec![project("data/sample")], ..Settings::default() }).unwrap();
    let value = serde_json::to_value(sample).unwrap();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = value.clone();
        change(&mut changed);
        faults(&changed, &schema, &schema, "report").len()
    };
    assert_eq!(with(&|_| {}), 0);
    assert_eq!(with(&|v| v["more"] = 1.into()), 1);
    assert_eq!(with(&|v| v["verdict"]["exit_code"] = "14".into()), 1);
    assert_eq!(with(&|v| v["findings"][0]["severity"] = "awful".into()), 1);
    assert_eq!(with(&|v| drop(v["run"].as_object_mut().unwrap().remove("as_of"))), 1);
}
