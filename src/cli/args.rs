//! The command line as it is typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::sources::Caps;

/// Find what was done with an exchange account that was not you, from its exports, offline.
#[derive(Parser)]
#[command(name = "loganalyze", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Report the unrecognized IPs, orders and money movements.
    ///
    /// Exit codes: 0 clear, 1 failed, 2 usage or bad expectations, 3 no usable input, 4 inconclusive and nothing found, 11 to 14 findings, the worst being low, medium, high, critical.
    Report(Box<ReportArgs>),
    /// Draft the expectations from the exports; nothing in it is trusted until you confirm it.
    Init(InitArgs),
    /// Show what each file is, why, its zone, range and counts.
    Inspect(InspectArgs),
    /// Print an empty CSV with one row to show how it is filled in, for what can only be read off a screen.
    Template {
        /// calls, events, keys, logins, balances or own-records.
        name: String,
    },
    /// Check rules of your own, or list what they may use.
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Explain a rule or a format, or list them.
    Explain {
        /// The name of a rule or format, or `rules` or `formats` for a page of all; a list of both without it.
        name: Option<String>,
        /// Show the thresholds that these expectations set.
        #[arg(long, value_name = "FILE")]
        expect: Option<PathBuf>,
    },
    /// Try the program on a made-up theft with known answers, built in.
    Selftest,
    /// Print the JSON Schema of the report.
    Schema,
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
}

#[derive(Subcommand)]
pub enum RulesCommand {
    /// Say of each rule whether it can be run, and name with its line what is not supported.
    Check {
        /// Files, or folders with .yml files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// List the tables, fields, modifiers and correlations.
    List,
}

#[derive(Args)]
pub struct ReportArgs {
    /// Exports: files, or folders with files in them.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What you expect: networks, tools, keys [default: expected.toml in the folder].
    #[arg(long, value_name = "FILE")]
    pub expect: Option<PathBuf>,
    /// The span to report, counted back from its end, for example 30d or 12h [default: 30d].
    #[arg(long, value_name = "SPAN", conflicts_with = "since")]
    pub last: Option<String>,
    /// The beginning of the span to report, included.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// The end of the span to report, not included.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// The instant the report speaks of [default: the newest record].
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// The zone of the times in some files, for example '*Order*=UTC+2'; may be repeated.
    #[arg(long = "tz", value_name = "GLOB=ZONE")]
    pub zones: Vec<String>,
    /// A format of your own, a TOML file as in data/formats/README.md; those in a folder of exports are found by their ending, .format.toml; may be repeated.
    #[arg(long = "format", value_name = "FILE")]
    pub formats: Vec<PathBuf>,
    /// What to write and where: terminal or json, with =FILE to write a file; may be repeated.
    #[arg(long = "output", value_name = "KIND[=FILE]")]
    pub outputs: Vec<String>,
    /// Hide findings below this severity; verdict and exit code stay the same.
    #[arg(long, value_enum, default_value_t = Level::Info)]
    pub min_severity: Level,
    /// Rules of your own in Sigma: files, or folders with .yml files; may be repeated. `loganalyze rules list` says what they may use.
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// The JSON of an earlier report: says which findings are new, persist or are gone since; verdict and exit code stay the same.
    #[arg(long, value_name = "OLD.json")]
    pub baseline: Option<PathBuf>,
    /// Show key ids, wallet addresses and counterparties whole.
    #[arg(long)]
    pub full: bool,
    /// Any record that cannot be read makes the verdict inconclusive at best.
    #[arg(long)]
    pub strict: bool,
    /// Replace files that exist.
    #[arg(long)]
    pub force: bool,
    /// Hash every file that is read; without hashes nobody can prove later which bytes were read.
    #[arg(long, value_enum, default_value_t = HashKind::Sha256)]
    pub hash: HashKind,
    /// Threads that read [default: one per processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    #[command(flatten)]
    pub caps: CapArgs,
    /// What the kernel must enforce before evidence is read; nothing is enforced by this version yet, so `require` refuses to run.
    #[arg(long, value_enum, default_value_t = SandboxMode::Auto)]
    pub sandbox: SandboxMode,
    /// No progress and no notes on standard error.
    #[arg(long)]
    pub quiet: bool,
    /// When to colour the terminal report.
    #[arg(long, value_enum, default_value_t = ColorMode::Auto)]
    pub color: ColorMode,
    /// Exit with 0 unless the run failed.
    #[arg(long)]
    pub exit_zero: bool,
}

#[derive(Args)]
pub struct InitArgs {
    /// Exports: files, or folders with files in them.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where to write the draft [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The zone of the times in some files, for example '*Order*=UTC+2'; may be repeated.
    #[arg(long = "tz", value_name = "GLOB=ZONE")]
    pub zones: Vec<String>,
    /// Replace the file if it exists.
    #[arg(long)]
    pub force: bool,
}

/// What archives may hold, counted on the unpacked side.
#[derive(Args, Clone, Copy)]
pub struct CapArgs {
    /// The most bytes that one member of an archive may hold unpacked.
    #[arg(long, value_name = "BYTES", default_value_t = Caps::default().member)]
    pub max_member: u64,
    /// The most bytes that all archives together may hold unpacked.
    #[arg(long, value_name = "BYTES", default_value_t = Caps::default().run)]
    pub max_unpacked: u64,
    /// How many times larger than its packed form a member may be.
    #[arg(long, value_name = "TIMES", default_value_t = Caps::default().ratio)]
    pub max_ratio: u64,
    /// The most members that one archive may have; archives within archives are never opened.
    #[arg(long, value_name = "N", default_value_t = Caps::default().members)]
    pub max_members: usize,
}

impl CapArgs {
    pub fn built(self) -> Caps {
        Caps { member: self.max_member, run: self.max_unpacked, ratio: self.max_ratio, members: self.max_members }
    }
}

#[derive(Args)]
pub struct InspectArgs {
    /// Exports: files, or folders with files in them.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The zone of the times in some files, for example '*Order*=UTC+2'; may be repeated.
    #[arg(long = "tz", value_name = "GLOB=ZONE")]
    pub zones: Vec<String>,
    /// A format of your own, a TOML file as in data/formats/README.md; those in a folder of exports are found by their ending, .format.toml; may be repeated.
    #[arg(long = "format", value_name = "FILE")]
    pub formats: Vec<PathBuf>,
    /// Write it as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Level {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SandboxMode {
    Auto,
    Require,
    Off,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HashKind {
    Sha256,
    None,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorMode {
    Auto,
    Always,
    Never,
}
