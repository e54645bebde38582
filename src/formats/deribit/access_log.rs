//! Logins and changes of security settings; also of Coinbase's derivatives exchange.

use crate::formats::Cell::{Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "deribit-access-log",
    exchange: "Deribit",
    title: "Deribit access log (JSON)",
    export: "API: private/get_access_log, saved as JSON",
    table: Table::Events,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "from 2021",
        &[
            ("timestamp", Time("time")),
            ("ip", Text("ip")),
            ("id", Ignored),
            ("country", Text("location")),
            ("city", Ignored),
            ("result", Text("action")),
        ],
    ),
    Generation::new(
        "with data",
        &[
            ("timestamp", Time("time")),
            ("ip", Text("ip")),
            ("id", Ignored),
            ("country", Text("location")),
            ("city", Ignored),
            ("log", Text("action")),
            ("data", Ignored),
        ],
    ),
];
