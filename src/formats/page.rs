//! The page of all formats, for people: made from the registry, kept in `data/formats/README.md`.

use std::fmt::Write;

use super::{ALL, Format, Shape};

/// What the page begins with.
const HEAD: &str = "# The formats

Made by `loganalyze explain formats`. `loganalyze explain FORMAT` shows the headers of each. A folder here holds a sample of
every header, with made-up values. Files are known by their header, whatever their name; where two exports share a header,
a word in the file name tells. Menus change; search the site for \"export\" where one is no longer where this page says.
";

/// The page, in Markdown.
pub fn page() -> String {
    let mut text = HEAD.to_owned();
    let mut exchanges: Vec<&str> = Vec::new();
    for format in ALL {
        if !exchanges.contains(&format.exchange) {
            exchanges.push(format.exchange);
        }
    }
    for exchange in exchanges {
        let title = if exchange.is_empty() { "Any exchange, and your own records" } else { exchange };
        let _ = writeln!(
            text,
            "\n## {title}\n\n| format | what | table | headers | how to get it |\n|---|---|---|---|---|"
        );
        for format in ALL.iter().filter(|format| format.exchange == exchange) {
            let cells = [
                format!("`{}`", format.id),
                format.title.to_owned(),
                format.table.name().to_owned(),
                headers(format),
                format.export.to_owned(),
            ];
            let _ = writeln!(text, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
        }
    }
    text.push_str(OWN);
    text
}

/// How to write a format of one's own.
const OWN: &str = "
## A format of your own

A file ending in `.format.toml` beside the exports, or given with `--format`; `loganalyze inspect` prints a beginning for
a header that is not known. Faults in it are named by line.

```toml
id = \"my-exchange-trades\"
title = \"trades of my exchange\"
table = \"trades\"
fixed = { market = \"spot\" }            # values that every record has
[columns]
\"Time\" = \"time\"                     # also: time day-first, time month-first, time minutes
\"Pair\" = \"symbol\"                   # also: symbol reversed (USD-BTC), symbol base and symbol quote in two columns
\"Amount\" = \"quantity signed side\"   # also: unsigned, less, flow, charge fee_asset, with asset
\"Total\" = \"\"                        # known, and of no use
\"Fee?\" = \"fee\"                     # may be absent; \"Fee|Charge\" is either name
```
";

/// Which headers of a format are known.
fn headers(format: &Format) -> String {
    match format.shape {
        Shape::Headers(generations) | Shape::TwoLevel(generations) => {
            generations.iter().map(|generation| generation.name).collect::<Vec<_>>().join("; ")
        }
        Shape::Synonyms(_) => "any with the columns it needs, under any of their known names".to_owned(),
        Shape::Refused(_, why) => format!("not read: {why}"),
    }
}
