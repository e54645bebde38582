//! The command line as it is typed, and what each command does with it: every command in one place, which makes this file
//! a long one.

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::analyze::{analyze, read_expectations};
use crate::exit::{Exit, Failure};
use crate::explain;
use crate::ingest::Reading;
use crate::init;
use crate::inspect;
use crate::outputs::{self, Look, OutputKind, OutputRequest};
use crate::progress::Progress;
use crate::rules::Severity;
use crate::selftest;
use crate::settings::{Settings, WindowRequest, ZoneOption};
use crate::sigma;
use crate::sources::Caps;
use crate::template;
use crate::time::parse_span;

/// Find what was done with an exchange account that was not you, from its exports, offline.
#[derive(Parser)]
#[command(name = "loganalyze", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
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
enum RulesCommand {
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
struct ReportArgs {
    /// Exports: files, or folders with files in them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What you expect: networks, tools, keys [default: expected.toml in the folder].
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,
    /// The span to report, counted back from its end, for example 30d or 12h [default: 30d].
    #[arg(long, value_name = "SPAN", conflicts_with = "since")]
    last: Option<String>,
    /// The beginning of the span to report, included.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// The end of the span to report, not included.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// The instant the report speaks of [default: the newest record].
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// The zone of the times in some files, for example '*Order*=UTC+2'; may be repeated.
    #[arg(long = "tz", value_name = "GLOB=ZONE")]
    zones: Vec<String>,
    /// A format of your own, a TOML file as in data/formats/README.md; those in a folder of exports are found by their ending, .format.toml; may be repeated.
    #[arg(long = "format", value_name = "FILE")]
    formats: Vec<PathBuf>,
    /// What to write and where: terminal or json, with =FILE to write a file; may be repeated.
    #[arg(long = "output", value_name = "KIND[=FILE]")]
    outputs: Vec<String>,
    /// Hide findings below this severity; verdict and exit code stay the same.
    #[arg(long, value_enum, default_value_t = Level::Info)]
    min_severity: Level,
    /// Rules of your own in Sigma: files, or folders with .yml files; may be repeated. `loganalyze rules list` says what they may use.
    #[arg(long, value_name = "FILE")]
    rules: Vec<PathBuf>,
    /// The JSON of an earlier report: says which findings are new, persist or are gone since; verdict and exit code stay the same.
    #[arg(long, value_name = "OLD.json")]
    baseline: Option<PathBuf>,
    /// Show key ids, wallet addresses and counterparties whole.
    #[arg(long)]
    full: bool,
    /// Any record that cannot be read makes the verdict inconclusive at best.
    #[arg(long)]
    strict: bool,
    /// Replace files that exist.
    #[arg(long)]
    force: bool,
    /// Hash every file that is read; without hashes nobody can prove later which bytes were read.
    #[arg(long, value_enum, default_value_t = HashKind::Sha256)]
    hash: HashKind,
    /// Threads that read [default: one per processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    #[command(flatten)]
    caps: CapArgs,
    /// What the kernel must enforce before evidence is read; nothing is enforced by this version yet, so `require` refuses to run.
    #[arg(long, value_enum, default_value_t = SandboxMode::Auto)]
    sandbox: SandboxMode,
    /// No progress and no notes on standard error.
    #[arg(long)]
    quiet: bool,
    /// When to colour the terminal report.
    #[arg(long, value_enum, default_value_t = ColorMode::Auto)]
    color: ColorMode,
    /// Exit with 0 unless the run failed.
    #[arg(long)]
    exit_zero: bool,
}

#[derive(Args)]
struct InitArgs {
    /// Exports: files, or folders with files in them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where to write the draft [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The zone of the times in some files, for example '*Order*=UTC+2'; may be repeated.
    #[arg(long = "tz", value_name = "GLOB=ZONE")]
    zones: Vec<String>,
    /// Replace the file if it exists.
    #[arg(long)]
    force: bool,
}

/// What archives may hold, counted on the unpacked side.
#[derive(Args, Clone, Copy)]
struct CapArgs {
    /// The most bytes that one member of an archive may hold unpacked.
    #[arg(long, value_name = "BYTES", default_value_t = Caps::default().member)]
    max_member: u64,
    /// The most bytes that all archives together may hold unpacked.
    #[arg(long, value_name = "BYTES", default_value_t = Caps::default().run)]
    max_unpacked: u64,
    /// How many times larger than its packed form a member may be.
    #[arg(long, value_name = "TIMES", default_value_t = Caps::default().ratio)]
    max_ratio: u64,
    /// The most members that one archive may have; archives within archives are never opened.
    #[arg(long, value_name = "N", default_value_t = Caps::default().members)]
    max_members: usize,
}

impl CapArgs {
    fn built(self) -> Caps {
        Caps { member: self.max_member, run: self.max_unpacked, ratio: self.max_ratio, members: self.max_members }
    }
}

#[derive(Args)]
struct InspectArgs {
    /// Exports: files, or folders with files in them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The zone of the times in some files, for example '*Order*=UTC+2'; may be repeated.
    #[arg(long = "tz", value_name = "GLOB=ZONE")]
    zones: Vec<String>,
    /// A format of your own, a TOML file as in data/formats/README.md; those in a folder of exports are found by their ending, .format.toml; may be repeated.
    #[arg(long = "format", value_name = "FILE")]
    formats: Vec<PathBuf>,
    /// Write it as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Level {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SandboxMode {
    Auto,
    Require,
    Off,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HashKind {
    Sha256,
    None,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColorMode {
    Auto,
    Always,
    Never,
}

/// Runs the program with its arguments and gives its exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not errors; a closed pipe is no failure.
            let code = if error.use_stderr() { Exit::Usage.code() } else { Exit::Clear.code() };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    // A fault of ours is said in one line; a rule that has one is named in the report and the others go on.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or(String::new(), |at| format!(" ({}:{})", at.file(), at.line()));
        let _ = writeln!(std::io::stderr(), "a fault of this program{place}, please report it");
    }));
    let outcome = catch_unwind(AssertUnwindSafe(|| match cli.command {
        Command::Report(args) => report(*args),
        Command::Init(args) => init_command(&args),
        Command::Inspect(args) => inspect_command(&args),
        Command::Template { name } => template_command(&name),
        Command::Selftest => selftest_command(),
        Command::Schema => schema(),
        Command::Completions { shell } => completions(shell),
        Command::Man => man(),
        Command::Rules { command } => rules_command(command),
        Command::Explain { name, expect } => explain_command(name.as_deref(), expect.as_deref()),
    }));
    match outcome.unwrap_or_else(|_| Err(Failure::new(Exit::Failed, "the run was not finished"))) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            let text: String = failure.message.lines().map(|line| format!("{}\n", outputs::printable(line))).collect();
            let _ = write!(std::io::stderr(), "error: {text}");
            ExitCode::from(failure.exit.code())
        }
    }
}

fn usage(message: String) -> Failure {
    Failure::new(Exit::Usage, message)
}

fn report(args: ReportArgs) -> Result<u8, Failure> {
    if args.sandbox == SandboxMode::Require {
        return Err(Failure::new(
            Exit::Failed,
            "--sandbox require: this version does not enforce a sandbox yet; run with --sandbox auto, on a machine without a network",
        ));
    }
    let look = look(args.color);
    let settings = settings(args)?;
    outputs::check(&settings.outputs, settings.force)?;
    let progress = Progress::new(settings.quiet);
    let report = analyze(&settings, &progress);
    progress.finish();
    let report = report?;
    if !settings.quiet {
        clock_note(&report);
    }
    let code = report.verdict.exit_code;
    let look = Look { full: settings.full, min_severity: settings.min_severity, ..look };
    outputs::write_all(&report, &settings.outputs, &look, settings.force)?;
    Ok(if settings.exit_zero { 0 } else { code })
}

fn settings(args: ReportArgs) -> Result<Settings, Failure> {
    let last = match &args.last {
        None => None,
        Some(text) => Some(
            parse_span(text)
                .ok_or_else(|| usage(format!("`--last {text}` is not a span; write one such as 30d, 12h or 90m")))?,
        ),
    };
    let zones = args.zones.iter().map(|text| ZoneOption::parse(text)).collect::<Result<_, _>>().map_err(usage)?;
    let mut requests =
        args.outputs.iter().map(|text| OutputRequest::parse(text)).collect::<Result<Vec<_>, _>>().map_err(usage)?;
    if requests.is_empty() {
        requests.push(OutputRequest { kind: OutputKind::default(), file: None });
    }
    let reading = Reading::default();
    let caps = args.caps.built();
    let reading = Reading { jobs: args.jobs.map_or(reading.jobs, usize::from), caps, ..reading };
    Ok(Settings {
        paths: args.paths,
        expect: args.expect,
        window: WindowRequest { as_of: args.as_of, last, since: args.since, until: args.until },
        zones,
        formats: args.formats,
        reading: Reading { hash: args.hash == HashKind::Sha256, ..reading },
        outputs: requests,
        min_severity: Severity::ALL[args.min_severity as usize],
        full: args.full,
        rules: args.rules,
        baseline: args.baseline,
        strict: args.strict,
        force: args.force,
        quiet: args.quiet,
        exit_zero: args.exit_zero,
    })
}

/// Width and colour of the terminal; without one the width is fixed, so that a pipe always gets the same.
fn look(color: ColorMode) -> Look {
    let terminal = std::io::stdout().is_terminal();
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let color = match color {
        ColorMode::Always => true,
        ColorMode::Never => false,
        ColorMode::Auto => terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    };
    let width = if terminal { terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)) } else { None };
    Look { width: width.unwrap_or(outputs::PIPE_WIDTH), color, full: false, min_severity: Severity::Info }
}

/// Says on standard error when the machine's clock is far from the report's instant; never in the report.
#[expect(clippy::disallowed_methods, reason = "the one place that may look at the clock, for a note beside the report")]
fn clock_note(report: &crate::report::Report) {
    let now = chrono::Utc::now().timestamp_micros();
    let distance = now - report.run.as_of.0;
    if distance.abs() > crate::time::DAY {
        let words = crate::time::span_words(distance.abs());
        let side = if distance > 0 { "before" } else { "after" };
        let _ = writeln!(
            std::io::stderr(),
            "note: the report speaks of {}, the newest record, {words} {side} this machine's clock; use --as-of to change that",
            report.run.as_of
        );
    }
}

fn init_command(args: &InitArgs) -> Result<u8, Failure> {
    let zones: Vec<ZoneOption> =
        args.zones.iter().map(|text| ZoneOption::parse(text)).collect::<Result<_, _>>().map_err(usage)?;
    let text = init::draft(&args.paths, &zones, &Progress::new(true))?;
    match &args.out {
        None => outputs::print(&text)?,
        Some(file) => outputs::write_new(file, text.as_bytes(), args.force)?,
    }
    Ok(0)
}

fn inspect_command(args: &InspectArgs) -> Result<u8, Failure> {
    let zones: Vec<ZoneOption> =
        args.zones.iter().map(|text| ZoneOption::parse(text)).collect::<Result<_, _>>().map_err(usage)?;
    outputs::print(&inspect::inspect(&args.paths, &zones, &args.formats, args.json)?)?;
    Ok(0)
}

fn template_command(name: &str) -> Result<u8, Failure> {
    outputs::print(template::template(name)?)?;
    Ok(0)
}

fn selftest_command() -> Result<u8, Failure> {
    outputs::print(&selftest::selftest()?)?;
    Ok(0)
}

fn schema() -> Result<u8, Failure> {
    outputs::print(&format!("{:#}\n", crate::report::schema()))?;
    Ok(0)
}

fn completions(shell: clap_complete::Shell) -> Result<u8, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "loganalyze", &mut text);
    outputs::print(&String::from_utf8_lossy(&text))?;
    Ok(0)
}

fn man() -> Result<u8, Failure> {
    let mut page = Vec::new();
    let made = clap_mangen::Man::new(Cli::command()).render(&mut page);
    made.map_err(|error| Failure::new(Exit::Failed, format!("the manual page: {error}")))?;
    outputs::print(&String::from_utf8_lossy(&page))?;
    Ok(0)
}

fn rules_command(command: RulesCommand) -> Result<u8, Failure> {
    let text = match command {
        RulesCommand::Check { files } => sigma::check(&files)?,
        RulesCommand::List => sigma::list(),
    };
    outputs::print(&text)?;
    Ok(0)
}

fn explain_command(name: Option<&str>, expect: Option<&Path>) -> Result<u8, Failure> {
    let expectations = expect.map(|path| read_expectations(path, &path.display().to_string())).transpose()?;
    outputs::print(&explain::explain(name, expectations.as_ref())?)?;
    Ok(0)
}
