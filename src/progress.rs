//! Progress on standard error, only on a terminal, and only for work that takes a while.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that is done sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that says how many bytes were read, and how fast.
pub struct Progress {
    shows: bool,
    began: Instant,
    total: AtomicU64,
    done: AtomicU64,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// A bar on standard error, or nothing when that is no terminal or `quiet` is asked for.
    pub fn new(quiet: bool) -> Self {
        Self {
            shows: !quiet && std::io::stderr().is_terminal(),
            began: Instant::now(),
            total: AtomicU64::new(0),
            done: AtomicU64::new(0),
            bar: OnceLock::new(),
        }
    }

    /// Says how many bytes there are to read. A log that has to be read again adds its bytes when it is.
    pub fn begin(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// Says that more bytes were read.
    pub fn advance(&self, bytes: u64) {
        if !self.shows {
            return;
        }
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if self.began.elapsed() < PATIENCE {
            return;
        }
        let total = self.total.load(Ordering::Relaxed).max(done);
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()).with_elapsed(PATIENCE);
            let style = "reading {bar:30} {bytes} of {total_bytes}, {binary_bytes_per_sec}";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
            bar
        });
        bar.set_length(total);
        bar.set_position(done);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
