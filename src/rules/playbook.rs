//! What to do: the steps that findings name, in the order they are to be done.

/// A step of the playbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Evidence first.
    SaveEvidence,
    /// Stop what is still running.
    DisableAccount,
    /// Take the key away.
    DeleteKey,
    /// Orders outlive their key.
    CancelOrders,
    /// End sessions.
    LogOutDevices,
    /// Password and second factor.
    ResetPassword,
    /// The mailbox behind the account.
    SecureMailbox,
    /// The list of withdrawal addresses.
    ReviewAddresses,
    /// The account at the tool's vendor.
    SecureVendor,
    /// New keys, done right.
    NewKey,
    /// Keys kept in the same place.
    RotateAll,
    /// The computer.
    ScanMachine,
    /// The exchange and the police.
    Report,
    /// It was the user after all.
    AddToExpectations,
    /// Evidence that is missing.
    FetchExport,
    /// A tool that still uses an old key.
    StopTool,
    /// A tool that asks too often.
    SlowTool,
    /// A file that was read in the wrong time zone.
    SetZone,
    /// Borrowed money.
    Repay,
    /// Leverage that was raised.
    LowerLeverage,
    /// Protection that was removed.
    PlaceStops,
    /// The coins of an open P2P order.
    DoNotRelease,
    /// Money that should have come.
    CheckBank,
}

impl Step {
    /// All steps, in the order they are to be done.
    pub const ALL: &[Self] = &[
        Self::SaveEvidence,
        Self::DisableAccount,
        Self::DoNotRelease,
        Self::DeleteKey,
        Self::CancelOrders,
        Self::LogOutDevices,
        Self::ResetPassword,
        Self::SecureMailbox,
        Self::ReviewAddresses,
        Self::SecureVendor,
        Self::NewKey,
        Self::Report,
        Self::ScanMachine,
        Self::RotateAll,
        Self::Repay,
        Self::LowerLeverage,
        Self::PlaceStops,
        Self::CheckBank,
        Self::StopTool,
        Self::SlowTool,
        Self::SetZone,
        Self::FetchExport,
        Self::AddToExpectations,
    ];

    /// The step in one sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::SaveEvidence => {
                "Save the evidence before you change anything: keep these exports as they are, and take a screenshot of the key's page (name, created, permissions, addresses, last used); it vanishes with the key."
            }
            Self::DisableAccount => {
                "If orders or withdrawals are still running, disable (freeze) the account now, from the exchange's app."
            }
            Self::DeleteKey => "Delete the API key. Delete it: a disabled key can be enabled again.",
            Self::CancelOrders => "Cancel the open orders of that key by hand; they outlive the key.",
            Self::LogOutDevices => "Log out all devices and sessions.",
            Self::ResetPassword => {
                "Change the password and reset 2FA, from a machine you trust; neither stops API trading, so delete the key first."
            }
            Self::SecureMailbox => "Secure the mailbox of the account and look for forwarding rules in it.",
            Self::ReviewAddresses => "Review the withdrawal address book and switch the address whitelist on.",
            Self::SecureVendor => {
                "At the vendor of the tool, change password and 2FA and remove the link to the exchange."
            }
            Self::NewKey => {
                "Make a new key only when you need one: one per tool and named for it, least rights, no withdrawals, restricted to the tool's addresses."
            }
            Self::RotateAll => "Replace every other key that was kept in the same place; take its secret for known.",
            Self::ScanMachine => "Scan the machine that held the key and remove browser extensions you do not need.",
            Self::Report => {
                "Open a ticket with the exchange and report to the police, with the order ids, addresses and times (UTC) of this report; ask for a freeze of the counterparties."
            }
            Self::AddToExpectations => "If it was you, write it into expected.toml, so that the next report knows it.",
            Self::FetchExport => "Fetch the export that is missing and run the report again.",
            Self::Repay => "Repay what was borrowed, and close the positions that it paid for.",
            Self::LowerLeverage => "Set leverage and margin mode back, and close positions you did not open.",
            Self::PlaceStops => "Place the protective orders again that you still want.",
            Self::DoNotRelease => {
                "Do not release coins of open P2P orders; open an appeal and say that a third person paid."
            }
            Self::CheckBank => {
                "Look into the bank account itself, not at a message, whether the money came and stayed."
            }
            Self::SlowTool => "Let the tool that was stopped ask less often, if it is yours.",
            Self::SetZone => {
                "Run the report again with the time zone (`--tz`) that the finding on clocks names; where it names none, set that clock."
            }
            Self::StopTool => "Find the tool that still uses the deleted key and stop it.",
        }
    }
}
