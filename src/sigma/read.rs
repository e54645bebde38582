//! Reads documents as rules: detections first, then the filters that narrow them and the correlations over them.

use std::collections::BTreeSet;

use super::correlate::{Correlation, Sought};
use super::detection::{self, field_of};
use super::yaml::{Data, Node};
use super::{Detection, Fault, PREFIX, Refused, UserRules, fields};
use crate::rules::playbook::Step;
use crate::rules::{Confidence, Rule, Severity, Subject};
use crate::tables::Table;
use crate::time::parse_span;

/// Reads the documents of some files.
pub fn rules(documents: &[(String, Node)]) -> UserRules {
    let mut reader = Reader::default();
    let of = |section: &'static str| documents.iter().filter(move |(_, node)| node.get(section).is_some());
    for (file, node) in documents {
        let known = ["detection", "correlation", "filter"].iter().filter(|name| node.get(name).is_some()).count();
        if known != 1 {
            let what = "holds no rule: one of `detection`, `correlation` and `filter` is expected";
            reader.refuse(file, node, vec![node.fault(what)]);
        }
    }
    for (file, node) in of("detection") {
        reader.detection(file, node);
    }
    for (file, node) in of("filter") {
        reader.filter(file, node);
    }
    for (file, node) in of("correlation") {
        reader.correlation(file, node);
    }
    reader.rules
}

#[derive(Default)]
struct Reader {
    rules: UserRules,
    ids: BTreeSet<String>,
}

impl Reader {
    /// An id of its own, made from the name or title.
    fn id(&mut self, node: &Node) -> &'static str {
        let text = |name: &str| node.get(name).and_then(Node::text);
        let name = text("name").or_else(|| text("title")).unwrap_or_else(|| "unnamed".to_owned());
        let mut kebab: String = name
            .chars()
            .map(|c| if c.is_alphanumeric() { c.to_lowercase().next().unwrap_or(c) } else { '-' })
            .take(80)
            .collect();
        while kebab.contains("--") {
            kebab = kebab.replace("--", "-");
        }
        let base = format!("{PREFIX}{}", kebab.trim_matches('-'));
        let mut id = base.clone();
        for number in 2.. {
            if self.ids.insert(id.clone()) {
                break;
            }
            id = format!("{base}-{number}");
        }
        id.leak()
    }

    fn refuse(&mut self, file: &str, node: &Node, faults: Vec<Fault>) {
        let rule = rule(self.id(node), node, Table::Calls, Subject::Table);
        self.rules.refused.push(Refused { rule, file: file.to_owned(), faults });
    }

    fn detection(&mut self, file: &str, node: &Node) {
        let mut faults = head(node);
        let table = table(node, &mut faults);
        let condition = match (node.get("detection"), table) {
            (Some(detection), Some(table)) => detection::read(detection, table, &["timeframe"], &mut faults),
            _ => None,
        };
        if let Some(timeframe) = node.get("detection").and_then(|detection| detection.get("timeframe")) {
            faults.push(timeframe.fault("`timeframe` is not supported: write a correlation"));
        }
        let (Some(table), Some(condition), true) = (table, condition, faults.is_empty()) else {
            return self.refuse(file, node, faults);
        };
        let rule = rule(self.id(node), node, table, subject(table));
        let names = ["name", "id", "title"].iter().filter_map(|name| node.get(name)?.text()).collect();
        self.rules.detections.push(Detection { rule, names, table, condition, kept: Vec::new(), reports: true });
    }

    fn filter(&mut self, file: &str, node: &Node) {
        let mut faults = head(node);
        let table = table(node, &mut faults);
        let section = node.get("filter");
        let condition = match (section, table) {
            (Some(filter), Some(table)) => detection::read(filter, table, &["rules"], &mut faults),
            _ => None,
        };
        let named = section.and_then(|filter| filter.get("rules")).map(Node::texts).unwrap_or_default();
        let any = named.is_empty() || named == ["any"];
        let detections = &mut self.rules.detections;
        for name in named.iter().filter(|_| !any) {
            if !detections.iter().any(|detection| detection.names.contains(name)) {
                faults.extend(section.map(|at| at.fault(format!("there is no rule `{name}` to filter"))));
            }
        }
        let (Some(table), Some(condition), true) = (table, condition, faults.is_empty()) else {
            return self.refuse(file, node, faults);
        };
        let meant = |detection: &&mut Detection| {
            detection.table == table && (any || detection.names.iter().any(|name| named.contains(name)))
        };
        for detection in detections.iter_mut().filter(meant) {
            let own = detection.condition.clone();
            detection.condition = super::Condition::All(vec![own, condition.clone()]);
        }
    }

    fn correlation(&mut self, file: &str, node: &Node) {
        let mut faults = head(node);
        let Some(section) = node.get("correlation") else { return };
        let kind = section.get("type").and_then(Node::text).unwrap_or_default();
        let rules = self.referred(section, &mut faults);
        let span = section.get("timespan").and_then(Node::text);
        let length = span.as_deref().and_then(parse_span);
        if length.is_none() {
            let at = section.get("timespan").unwrap_or(section);
            faults.push(at.fault("`timespan` must be a span such as 30s, 10m, 1h or 7d"));
        }
        for name in section.entries() {
            let known = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];
            if !known.contains(&name.name.as_str()) {
                faults.push(Fault { line: name.line, message: format!("`{}` is not supported", name.name) });
            }
        }
        let sought = Sought::read(&kind, section, rules.len(), &mut faults);
        let group_by = section.get("group-by").map(Node::texts).unwrap_or_default();
        let aliases = section.get("aliases");
        let mut wanted: Vec<&String> = group_by.iter().collect();
        if let Some(Sought::Values(_, field)) = &sought {
            wanted.push(field);
        }
        let mut kept = Vec::new();
        for &at in &rules {
            let detection = &self.rules.detections[at];
            for name in &wanted {
                let own = aliases.and_then(|aliases| aliases.get(name)).and_then(|alias| {
                    alias
                        .entries()
                        .iter()
                        .find(|entry| detection.names.contains(&entry.name))
                        .and_then(|e| e.value.text())
                });
                match field_of(own.as_ref().unwrap_or(name), detection.table) {
                    Ok(field) => kept.push((at, (*name).clone(), field)),
                    Err(message) => {
                        let counted = matches!(&sought, Some(Sought::Values(_, field)) if field == *name);
                        let at = section.get(if counted { "condition" } else { "group-by" }).unwrap_or(section);
                        faults.push(at.fault(format!("{}: {message}", detection.rule.id)));
                    }
                }
            }
        }
        let (Some(sought), Some(span), true) = (sought, length, faults.is_empty()) else {
            return self.refuse(file, node, faults);
        };
        let table = rules.first().map_or(Table::Calls, |at| self.rules.detections[*at].table);
        let kind = kept
            .first()
            .filter(|_| group_by.len() == 1)
            .map_or(Subject::Account, |(.., field)| subject_of(field.column));
        let rule = rule(self.id(node), node, table, kind);
        let generates = section.get("generate").is_some_and(|node| matches!(node.data, Data::Bool(true)));
        for (at, name, field) in kept {
            let list = &mut self.rules.detections[at].kept;
            if !list.iter().any(|(known, _)| *known == name) {
                list.push((name, field));
            }
        }
        for &at in &rules {
            self.rules.detections[at].reports &= generates;
        }
        self.rules.correlations.push(Correlation { rule, rules, sought, group_by, span });
    }

    /// The detections that a correlation names.
    fn referred(&self, section: &Node, faults: &mut Vec<Fault>) -> Vec<usize> {
        let Some(named) = section.get("rules") else {
            faults.push(section.fault("`rules` is missing"));
            return Vec::new();
        };
        let mut found = Vec::new();
        for name in named.texts() {
            match self.rules.detections.iter().position(|detection| detection.names.contains(&name)) {
                Some(at) => found.push(at),
                None => faults.push(named.fault(format!(
                    "there is no usable detection `{name}`; correlations over correlations are not supported"
                ))),
            }
        }
        found
    }
}

/// Checks what every rule has.
fn head(node: &Node) -> Vec<Fault> {
    let mut faults = Vec::new();
    if node.get("title").and_then(Node::text).is_none() {
        faults.push(node.fault("`title` is missing"));
    }
    if let Some(level) = node.get("level")
        && level.text().is_none_or(|text| severity(&text).is_none())
    {
        faults.push(level.fault("`level` must be informational, low, medium, high or critical"));
    }
    for unsupported in ["action", "timeframe"] {
        if let Some(at) = node.get(unsupported) {
            faults.push(at.fault(format!("`{unsupported}` is not supported")));
        }
    }
    faults
}

fn severity(level: &str) -> Option<Severity> {
    if level == "informational" { Some(Severity::Info) } else { Severity::parse(level) }
}

/// The table that the log source stands for.
fn table(node: &Node, faults: &mut Vec<Fault>) -> Option<Table> {
    let Some(source) = node.get("logsource") else {
        faults.push(node.fault("`logsource` is missing"));
        return None;
    };
    let text = |name: &str| source.get(name).and_then(Node::text);
    if let Some(product) = text("product").filter(|product| !matches!(product.as_str(), "exchange" | "loganalyze")) {
        faults.push(source.fault(format!("the product `{product}` is not supported; write `product: exchange`")));
        return None;
    }
    let word = text("service").or_else(|| text("category")).unwrap_or_default();
    let found = fields::table(&word);
    if found.is_none() {
        let all: Vec<&str> = Table::ALL.iter().map(|table| table.name()).collect();
        faults
            .push(source.fault(format!("there is no table `{word}`; write `service:` with one of {}", all.join(", "))));
    }
    found
}

fn subject(table: Table) -> Subject {
    match table {
        Table::Calls | Table::Events => Subject::Ip,
        Table::P2p => Subject::P2pOrder,
        Table::Transfers => Subject::Address,
        Table::Keys => Subject::Key,
        _ => Subject::Symbol,
    }
}

fn subject_of(column: &str) -> Subject {
    match column {
        "ip" => Subject::Ip,
        "key" | "key_name" | fields::KEY_LABEL => Subject::Key,
        "client" => Subject::Client,
        "symbol" => Subject::Symbol,
        "address" => Subject::Address,
        _ => Subject::Account,
    }
}

/// The rule as built-in ones are described. It lives as long as the program, as they do.
fn rule(id: &'static str, node: &Node, table: Table, subject: Subject) -> &'static Rule {
    let text = |name: &str| node.get(name).and_then(Node::text);
    let leak = |text: String| -> &'static str { text.leak() };
    let level = text("level").and_then(|level| severity(&level)).unwrap_or(Severity::Medium);
    let title = text("title").unwrap_or_default();
    let benign: Vec<&'static str> =
        node.get("falsepositives").map(Node::texts).unwrap_or_default().into_iter().map(leak).collect();
    let references = node.get("references").map(Node::texts).unwrap_or_default();
    // Braces would be taken for names of columns.
    let plain = title.replace(['{', '}'], " ");
    Box::leak(Box::new(Rule {
        id,
        title: leak(title),
        severity: level.name(),
        confidence: Confidence::Medium,
        subject,
        message: leak(format!("{{count:record}} caught by your rule \"{plain}\" ({{subject}})")),
        needs: vec![table].leak(),
        needs_expectations: false,
        why: leak(text("description").unwrap_or_default()),
        logic: "a rule of your own, in Sigma",
        benign: benign.leak(),
        next: &[Step::SaveEvidence, Step::AddToExpectations],
        sources: leak(references.join(", ")),
        thresholds: &[],
        plan: |_, _| Ok(None),
    }))
}
