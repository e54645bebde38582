//! Progress on standard error, only on a terminal.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line that says what is being read.
pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// A line on standard error, or nothing when that is no terminal or `quiet` is asked for.
    pub fn new(quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} reading {msg}") {
            bar.set_style(style);
        }
        Self(Some(bar))
    }

    /// Names what is read now.
    pub fn step(&self, name: &str) {
        if let Some(bar) = &self.0 {
            bar.set_message(crate::outputs::printable(name));
            bar.enable_steady_tick(Duration::from_millis(100));
        }
    }

    /// Takes the line away.
    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
