//! Conditions: `selection and not 1 of filter_*`, with `or` binding least, then `and`, then `not`.

/// How parts are put together.
#[derive(Clone, Debug)]
pub enum Condition<T> {
    /// A part.
    Part(T),
    /// All of these.
    All(Vec<Condition<T>>),
    /// Any of these.
    Any(Vec<Condition<T>>),
    /// Not this.
    Not(Box<Condition<T>>),
}

impl<T> Condition<T> {
    /// Shows every part.
    pub fn each(&self, look: &mut impl FnMut(&T)) {
        match self {
            Self::Part(one) => look(one),
            Self::All(list) | Self::Any(list) => list.iter().for_each(|one| one.each(look)),
            Self::Not(one) => one.each(look),
        }
    }
}

/// How deep parentheses may be nested.
const DEEPEST: usize = 64;

/// Reads a condition over named parts.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str, names: &[&str]) -> Result<Condition<String>, String> {
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens: &tokens, names, depth: 0 };
    let condition = reader.any()?;
    match reader.tokens {
        [] => Ok(condition),
        [rest, ..] => Err(format!("`{rest}` stands where the condition should end")),
    }
}

fn tokens(text: &str) -> Result<Vec<String>, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
    if tokens.iter().any(|token| token.contains('|')) {
        return Err("an aggregation in the condition (`|`) is not supported: write a correlation".to_owned());
    }
    if tokens.is_empty() { Err("the condition is empty".to_owned()) } else { Ok(tokens) }
}

struct Reader<'a> {
    tokens: &'a [String],
    names: &'a [&'a str],
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self, word: &str) -> bool {
        self.tokens.first().is_some_and(|token| token.eq_ignore_ascii_case(word))
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.peek(word);
        if there {
            self.tokens = &self.tokens[1..];
        }
        there
    }

    fn next(&mut self) -> Result<&str, String> {
        let (first, rest) = self.tokens.split_first().ok_or("the condition breaks off")?;
        self.tokens = rest;
        Ok(first)
    }

    fn any(&mut self) -> Result<Condition<String>, String> {
        let mut list = vec![self.all()?];
        while self.take("or") {
            list.push(self.all()?);
        }
        Ok(if list.len() == 1 { list.remove(0) } else { Condition::Any(list) })
    }

    fn all(&mut self) -> Result<Condition<String>, String> {
        let mut list = vec![self.one()?];
        while self.take("and") {
            list.push(self.one()?);
        }
        Ok(if list.len() == 1 { list.remove(0) } else { Condition::All(list) })
    }

    fn one(&mut self) -> Result<Condition<String>, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("nested more than {DEEPEST} deep"));
        }
        let one = if self.take("not") {
            Condition::Not(Box::new(self.one()?))
        } else if self.take("(") {
            let inside = self.any()?;
            if !self.take(")") {
                return Err("a parenthesis is not closed".to_owned());
            }
            inside
        } else {
            self.named()?
        };
        self.depth -= 1;
        Ok(one)
    }

    /// A part by its name, or `1 of …`, `any of …`, `all of …`.
    fn named(&mut self) -> Result<Condition<String>, String> {
        let first = self.next()?.to_owned();
        if !self.peek("of") {
            return match self.names.iter().find(|name| **name == first) {
                Some(name) => Ok(Condition::Part((*name).to_owned())),
                None => Err(format!("there is no `{first}` in the detection")),
            };
        }
        self.take("of");
        let pattern = self.next()?.to_owned();
        let fits = |name: &str| match pattern.as_str() {
            "them" => !name.starts_with('_'),
            _ => pattern.split_once('*').map_or(name == pattern, |(start, end)| {
                name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
            }),
        };
        let parts: Vec<Condition<String>> =
            self.names.iter().filter(|name| fits(name)).map(|name| Condition::Part((*name).to_owned())).collect();
        if parts.is_empty() {
            return Err(format!("nothing in the detection is called `{pattern}`"));
        }
        match first.to_lowercase().as_str() {
            "1" | "any" => Ok(Condition::Any(parts)),
            "all" => Ok(Condition::All(parts)),
            _ => Err(format!("`{first} of` is not supported: write `1 of` or `all of`")),
        }
    }
}
