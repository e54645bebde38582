//! Pages of the documentation that the program makes: they are those of this version.

#![expect(clippy::disallowed_methods, reason = "the tests start the program")]

use std::process::Command;

use crate::folder::project;

#[test]
fn made_pages_are_those_of_this_version() {
    for (page, args) in
        [("data/rules/README.md", ["explain", "rules"].as_slice()), ("data/report.schema.json", &["schema"])]
    {
        let made = Command::new(env!("CARGO_BIN_EXE_loganalyze")).args(args).output().unwrap().stdout;
        let kept = std::fs::read(project(page)).unwrap_or_default();
        assert!(made == kept, "{page} is an old one: cargo run -- {} > {page}", args.join(" "));
    }
}
