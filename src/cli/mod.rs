//! What each command does with the command line.

mod args;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::analyze::{analyze, read_expectations};
use crate::columns;
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
use crate::template;
use crate::time::parse_span;
use args::{Cli, ColorMode, Command, HashKind, InitArgs, InspectArgs, ReportArgs, RulesCommand, SandboxMode};

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
    if settings.reading.jobs > 1 {
        // Nobody waits for it: whoever needs what it does waits for that part alone.
        std::thread::spawn(columns::warm_up);
    }
    let report = analyze(&settings, &progress);
    progress.finish();
    let report = report?;
    if !settings.quiet {
        clock_note(&report);
    }
    let code = report.verdict.exit_code;
    let look = Look { full: settings.full, min_severity: settings.min_severity, ..look };
    outputs::write_all(&report, &settings.outputs, &look, settings.force)?;
    // The process ends here: to give back hundreds of thousands of small pieces one by one takes a tenth of a second.
    std::mem::forget(report);
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
    let (text, exit) = inspect::inspect(&args.paths, &zones, &args.formats, args.json)?;
    outputs::print(&text)?;
    Ok(exit.code())
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
