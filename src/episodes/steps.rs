//! What to do about an incident: the steps that follow from how its orders came in, as far as that is known.

use super::Episode;
use super::members::Verdicts;
use crate::attribution::OrderVerdict;
use crate::dataset::Dataset;
use crate::rules::playbook::Step;
use crate::tables::Table;

/// In any grave incident.
const ALWAYS: &[Step] = &[Step::SaveEvidence, Step::DisableAccount, Step::CancelOrders, Step::NewKey, Step::Report];
/// When a key made its orders, or may have.
const BY_KEY: &[Step] = &[Step::DeleteKey];
/// When a session made them, or may have.
const BY_SESSION: &[Step] =
    &[Step::LogOutDevices, Step::ResetPassword, Step::SecureMailbox, Step::ReviewAddresses, Step::ScanMachine];

/// The steps of an incident, in no order; none of one that is not grave.
pub fn steps(data: &Dataset<'_>, episode: &Episode, verdicts: &Verdicts) -> Vec<Step> {
    if !episode.is_grave() {
        return Vec::new();
    }
    let mut steps = ALWAYS.to_vec();
    let of_p2p = episode.entries.iter().any(|entry| entry.table == Table::P2p);
    let known = !episode.keys.is_empty();
    // Orders that calls should explain and do not came in by another way than a key.
    let silent = episode.entries.iter().filter(|entry| entry.table != Table::P2p).any(|entry| {
        let found = verdicts.of(entry.row).map(|(verdict, _)| verdict);
        !matches!(found, Some(OrderVerdict::Explained | OrderVerdict::Ambiguous | OrderVerdict::SuspiciousSource))
    });
    if known || silent {
        steps.extend(BY_KEY);
    }
    if silent || of_p2p {
        steps.extend(BY_SESSION);
    }
    if episode.keys.iter().any(|key| is_of_tool(data, key)) {
        steps.push(Step::SecureVendor);
    }
    steps
}

/// Whether a key was made for a tool: who takes the tool's account over needs no key of his own.
fn is_of_tool(data: &Dataset<'_>, key: &str) -> bool {
    data.expectations.is_some_and(|e| e.keys.iter().any(|own| own.name == key && !own.tools.is_empty()))
}
