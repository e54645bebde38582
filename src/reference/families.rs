//! Client order ids and who makes them: a prefix explains an order, and never clears it, since anybody can send it.

/// What kind of thing makes such ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The exchange's website.
    Website,
    /// The exchange's app.
    App,
    /// The exchange itself: liquidations and settlements.
    System,
    /// A program.
    Tool,
    /// Sent without an id; the exchange made one.
    Unset,
}

impl Origin {
    const NAMES: &[(Self, &'static str)] = &[
        (Self::Website, "website"),
        (Self::App, "app"),
        (Self::System, "system"),
        (Self::Tool, "tool"),
        (Self::Unset, "unset"),
    ];

    /// The word in tables.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(origin, _)| *origin == self).map_or("", |(_, name)| name)
    }
}

/// Ids of one maker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The beginning of the id; `{n}` stands for exactly n letters and digits to its end.
    pub pattern: String,
    /// The exchange, if it is the only one.
    pub exchange: String,
    /// The market, if it is the only one.
    pub market: String,
    /// What kind of thing makes them.
    pub origin: Origin,
    /// Its name.
    pub name: String,
}

impl Family {
    pub(super) fn read(cells: &[&str]) -> Result<Self, String> {
        let [pattern, exchange, market, origin, name, ..] = cells else { return Err("too few columns".to_owned()) };
        let known = Origin::NAMES.iter().find(|(_, word)| word == origin);
        let Some((origin, _)) = known else {
            let all: Vec<&str> = Origin::NAMES.iter().map(|(_, word)| *word).collect();
            return Err(format!("`{origin}` is no origin; known are {}", all.join(", ")));
        };
        let text = |cell: &str| cell.to_owned();
        Ok(Self {
            pattern: text(pattern),
            exchange: text(exchange),
            market: text(market),
            origin: *origin,
            name: text(name),
        })
    }

    /// Whether an id is of this family.
    pub fn fits(&self, id: &str) -> bool {
        let count = self.pattern.rsplit_once('{').and_then(|(start, count)| {
            count.strip_suffix('}').and_then(|count| count.parse::<usize>().ok()).map(|count| (start, count))
        });
        match count {
            None => id.starts_with(&self.pattern),
            Some((start, count)) => id
                .strip_prefix(start)
                .is_some_and(|rest| rest.len() == count && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())),
        }
    }
}
