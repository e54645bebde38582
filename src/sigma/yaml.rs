//! YAML as far as rules need it: plain values that know their line.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};

use super::Fault;

/// Rule files are small; a larger one is none.
const LARGEST: usize = 4 << 20;

/// A value and the line it stands on.
#[derive(Clone, Debug)]
pub struct Node {
    pub line: usize,
    pub data: Data,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Data {
    Null,
    Bool(bool),
    /// A number as it would be written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A name in a map, its line, and what stands under it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: String,
    pub line: usize,
    pub value: Node,
}

/// The documents of a text.
pub fn parse(text: &str) -> Result<Vec<Node>, Fault> {
    if text.len() > LARGEST {
        return Err(Fault { line: 1, message: "larger than 4 MiB: not a file of rules".to_owned() });
    }
    let documents = MarkedYaml::load_from_str(text)
        .map_err(|error| Fault { line: error.marker().line(), message: error.info().to_owned() })?;
    documents.iter().map(node).collect()
}

fn node(yaml: &MarkedYaml<'_>) -> Result<Node, Fault> {
    let line = yaml.span.start.line();
    let data = match &yaml.data {
        YamlData::Value(Scalar::Null) => Data::Null,
        YamlData::Value(Scalar::Boolean(value)) => Data::Bool(*value),
        YamlData::Value(Scalar::Integer(value)) => Data::Number(value.to_string()),
        YamlData::Value(Scalar::FloatingPoint(value)) => Data::Number(value.to_string()),
        YamlData::Value(Scalar::String(text)) => Data::Text(text.to_string()),
        YamlData::Sequence(items) => Data::List(items.iter().map(node).collect::<Result<_, _>>()?),
        YamlData::Mapping(entries) => {
            let entry = |(name, value): (&MarkedYaml<'_>, &MarkedYaml<'_>)| {
                let line = name.span.start.line();
                match node(name)?.text() {
                    Some(name) => Ok(Entry { name, line, value: node(value)? }),
                    None => Err(Fault { line, message: "a name must be a text".to_owned() }),
                }
            };
            Data::Map(entries.iter().map(entry).collect::<Result<_, _>>()?)
        }
        _ => return Err(Fault { line, message: "tags and aliases are not supported".to_owned() }),
    };
    Ok(Node { line, data })
}

impl Node {
    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// What stands under a name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.name == name).map(|entry| &entry.value)
    }

    /// A text, or a number or truth as one.
    pub fn text(&self) -> Option<String> {
        match &self.data {
            Data::Text(text) | Data::Number(text) => Some(text.clone()),
            Data::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// The items of a list, or the one value that stands for a list.
    pub fn items(&self) -> Vec<&Self> {
        match &self.data {
            Data::List(items) => items.iter().collect(),
            Data::Null => Vec::new(),
            _ => vec![self],
        }
    }

    /// The texts of a list, or the one that stands for it.
    pub fn texts(&self) -> Vec<String> {
        self.items().into_iter().filter_map(Self::text).collect()
    }

    /// A fault here.
    pub fn fault(&self, message: impl Into<String>) -> Fault {
        Fault { line: self.line, message: message.into() }
    }
}
