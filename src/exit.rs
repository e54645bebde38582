//! Exit codes: the contract with scripts.

use std::fmt::Display;

use crate::rules::Severity;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: nothing unexpected, and the evidence carries that.
    Clear,
    /// 1: the run failed.
    Failed,
    /// 2: the command line or the expectations are wrong.
    Usage,
    /// 3: there is nothing to read.
    NoInput,
    /// 4: nothing was found, and the evidence does not carry a clean verdict.
    Inconclusive,
    /// 11 to 14: the highest severity found, low to critical.
    Findings(Severity),
}

impl Exit {
    /// The code.
    pub fn code(self) -> u8 {
        match self {
            Self::Clear => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NoInput => 3,
            Self::Inconclusive => 4,
            Self::Findings(severity) => 10 + severity as u8,
        }
    }
}

/// A run that ended early: the code and what to tell the user.
#[derive(Debug)]
pub struct Failure {
    /// The code.
    pub exit: Exit,
    /// What went wrong and what to do.
    pub message: String,
}

impl Failure {
    /// A failure in words.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    /// A failure that is no one's fault but this program's.
    pub fn of_program(error: impl Display) -> Self {
        Self::new(Exit::Failed, format!("a fault of this program, please report it: {error}"))
    }
}
