//! `loganalyze explain`: what a rule or a format is.

use std::fmt::Write;

use crate::exit::{Exit, Failure};
use crate::expectations::{Change, Expectations, Override};
use crate::formats::{self, Format, Shape};
use crate::outputs::{PIPE_WIDTH, wrap};
use crate::rules::{self, Rule, Threshold};

/// Explains the rule or format of a name, or all formats on one page, with the thresholds that expectations set, or lists them all.
///
/// # Errors
/// When there is nothing of that name.
pub fn explain(name: Option<&str>, expectations: Option<&Expectations>) -> Result<String, Failure> {
    let Some(name) = name else { return Ok(list()) };
    if name == "formats" {
        return Ok(formats::page::page());
    }
    if name == "rules" {
        return Ok(page());
    }
    if let Some(rule) = rules::by_id(name) {
        return Ok(explain_rule(rule, expectations));
    }
    if let Some(format) = formats::by_id(name) {
        return Ok(explain_format(format));
    }
    let names = rules::ALL.iter().map(|rule| rule.id).chain(formats::ALL.iter().map(|format| format.id));
    let nearest = names.min_by_key(|known| strsim::damerau_levenshtein(name, known)).unwrap_or_default();
    Err(Failure::new(
        Exit::Usage,
        format!("there is no rule or format `{name}`; did you mean `{nearest}`? `loganalyze explain` lists them"),
    ))
}

fn list() -> String {
    let mut text = "Rules\n".to_owned();
    for rule in rules::ALL {
        let _ = writeln!(text, "  {:<22} {}", rule.id, rule.title);
    }
    text.push_str("\nFormats\n");
    for format in formats::ALL {
        let _ = writeln!(text, "  {:<30} {}", format.id, format.title);
    }
    text
}

fn explain_rule(rule: &Rule, expectations: Option<&Expectations>) -> String {
    let mut text = format!("{}: {}\n\n", rule.id, rule.title);
    let tables: Vec<&str> = rule.needs.iter().map(|table| table.words()).collect();
    let needs = if rule.needs_expectations { "; expectations" } else { "" };
    let next = rule
        .next
        .iter()
        .enumerate()
        .map(|(at, step)| format!("\n  {}. {}", at + 1, step.sentence()))
        .collect::<String>();
    let parts = [
        ("Why", rule.why.to_owned()),
        ("What it looks for", rule.logic.to_owned()),
        ("Severity", severity(rule, expectations)),
        ("Looks at", format!("{}{needs}", tables.join(", "))),
        ("Thresholds", thresholds(rule, expectations)),
        ("Harmless causes", bullets(rule.benign)),
        ("What to do", next),
        ("Sources", rule.sources.to_owned()),
    ];
    for (title, body) in parts {
        let _ = writeln!(text, "{title}");
        for line in body.lines().filter(|line| !line.is_empty()) {
            for (at, part) in wrap(line.trim_start(), PIPE_WIDTH - 4).iter().enumerate() {
                let _ = writeln!(text, "{}{part}", if at == 0 { "  " } else { "    " });
            }
        }
    }
    text
}

fn severity(rule: &Rule, expectations: Option<&Expectations>) -> String {
    let of_rule = |change: &&Override| change.rule == rule.id;
    let fixed = expectations.and_then(|e| {
        e.overrides.iter().filter(of_rule).find_map(|change| match change.change {
            Change::Severity(severity) => Some(format!("{}, set by {}; by default ", severity.name(), e.shown)),
            Change::Threshold(..) => None,
        })
    });
    format!("{}{}; confidence {}", fixed.unwrap_or_default(), rule.severity, rule.confidence.name())
}

/// The thresholds in force: those of the expectations, else the defaults.
fn thresholds(rule: &Rule, expectations: Option<&Expectations>) -> String {
    let set = |name: &str| {
        expectations.and_then(|e| {
            e.overrides.iter().filter(|change| change.rule == rule.id).find_map(|change| match &change.change {
                Change::Threshold(known, value) if known == name => Some((*value, e.shown.as_str())),
                _ => None,
            })
        })
    };
    let line = |t: &Threshold| match set(t.name) {
        Some((value, file)) => {
            format!("\n  {} = {value} {}, set by {file}; the default is {} ({})", t.name, t.unit, t.default, t.source)
        }
        None => {
            format!("\n  {} = {} {} ({}); change it under [rules.{}]", t.name, t.default, t.unit, t.source, rule.id)
        }
    };
    if rule.thresholds.is_empty() { "none".to_owned() } else { rule.thresholds.iter().map(line).collect() }
}

/// All rules as a page of Markdown, kept in `data/rules/README.md`.
fn page() -> String {
    let mut text = "# The rules\n\nMade by `loganalyze explain rules`. `loganalyze explain RULE` says of each what exactly it looks for, what\nharmless causes it has and what to do. Thresholds are changed under `[rules.ID]` in `expected.toml`, and so is `severity`.\n\n| rule | finds | severity | confidence | looks at | thresholds |\n|---|---|---|---|---|---|\n".to_owned();
    for rule in rules::ALL {
        let tables: Vec<&str> = rule.needs.iter().map(|table| table.name()).collect();
        let needs = if rule.needs_expectations { " and expectations" } else { "" };
        let thresholds: Vec<String> =
            rule.thresholds.iter().map(|t| format!("`{}` {} {}", t.name, t.default, t.unit)).collect();
        let cells = [
            format!("`{}`", rule.id),
            rule.title.to_owned(),
            rule.severity.to_owned(),
            rule.confidence.name().to_owned(),
            format!("{}{needs}", tables.join(", ")),
            thresholds.join("; "),
        ];
        let _ = writeln!(text, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
    text
}

fn explain_format(format: &Format) -> String {
    let mut text = format!(
        "{}: {}\n\nHow to get it\n  {}\nTable\n  {}\n",
        format.id,
        format.title,
        format.export,
        format.table.words()
    );
    match format.shape {
        Shape::Headers(generations) | Shape::TwoLevel(generations) | Shape::Refused(generations, _) => {
            text.push_str("Headers (`?`: may be absent; `|`: either name)\n");
            for generation in generations {
                let names: Vec<&str> = generation.columns.iter().map(|(name, _)| *name).collect();
                let _ = writeln!(text, "  {}: {}", generation.name, names.join(","));
            }
        }
        Shape::Synonyms(synonyms) => {
            text.push_str("Columns, each under any of these names (case, blanks and punctuation do not count)\n");
            for (cell, names) in synonyms.columns {
                let _ = writeln!(text, "  {}: {}", cell.column().unwrap_or_default(), names.join(", "));
            }
            let needs: Vec<String> = synonyms.needs.iter().map(|group| group.join(" or ")).collect();
            let _ = writeln!(text, "Needs\n  {}", needs.join("; "));
        }
    }
    if let Shape::Refused(_, why) = format.shape {
        let _ = writeln!(text, "Not read\n  {why}");
    }
    if !format.file_words.is_empty() {
        let _ = writeln!(
            text,
            "Where its header is shared, the file name must hold one of\n  {}",
            format.file_words.join(", ")
        );
    }
    text
}

fn bullets(items: &[&str]) -> String {
    items.iter().map(|item| format!("\n  - {item}")).collect()
}
