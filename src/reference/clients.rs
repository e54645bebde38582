//! User agents and what sends them: what a sender says of itself, supporting evidence and never proof.

use globset::{GlobBuilder, GlobMatcher};

/// What kind of thing sends a user agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClientKind {
    /// A library for programs.
    Library,
    /// An exchange's own library.
    Connector,
    /// Tests leaked keys.
    Scanner,
    /// A browser.
    Browser,
}

impl ClientKind {
    const NAMES: &[(Self, &'static str)] = &[
        (Self::Library, "library"),
        (Self::Connector, "connector"),
        (Self::Scanner, "scanner"),
        (Self::Browser, "browser"),
    ];
}

/// A sender.
#[derive(Clone, Debug)]
pub struct Client {
    glob: GlobMatcher,
    /// What kind of thing it is.
    pub kind: ClientKind,
    /// Its name.
    pub name: String,
}

impl Client {
    pub(super) fn read(cells: &[&str]) -> Result<Self, String> {
        let [pattern, kind, name, ..] = cells else { return Err("too few columns".to_owned()) };
        let known = ClientKind::NAMES.iter().find(|(_, word)| word == kind);
        let Some((kind, _)) = known else {
            let all: Vec<&str> = ClientKind::NAMES.iter().map(|(_, word)| *word).collect();
            return Err(format!("`{kind}` is no kind of client; known are {}", all.join(", ")));
        };
        let glob = GlobBuilder::new(pattern).case_insensitive(true).literal_separator(false).build();
        let glob = glob.map_err(|error| format!("not a pattern: {error}"))?.compile_matcher();
        Ok(Self { glob, kind: *kind, name: (*name).to_owned() })
    }

    /// Whether a user agent is its.
    pub fn fits(&self, user_agent: &str) -> bool {
        self.glob.is_match(user_agent.trim())
    }
}
