//! Reads and checks `expected.toml`: one function per section of the file. Every error names the line and, for a name, the
//! nearest valid one.

use std::fmt;

use globset::{Glob, GlobBuilder};

use super::checks::{Builder, nearest, syntax};
use super::file::{self, Text};
use super::lists::{NamedFile, Purpose};
use super::schedule::Rhythm;
use super::{Account, Address, Agent, Counterparty, Expectations, Key, KeyId, Network, Schedule, Tool, Vendor};
use crate::address::parse_network;
use crate::intel::{Intel, Kind};
use crate::reference::{self, Reference};
use crate::rules;
use crate::time::{DAY, Zone};

/// Everything wrong with an expectations file.
#[derive(Debug)]
pub struct ExpectationsError(pub(super) Vec<String>);

impl fmt::Display for ExpectationsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ExpectationsError {}

const NETWORK_KINDS: &[&str] = &["static", "dynamic", "tool", "vpn"];
const TOOL_KINDS: &[&str] = &["bot", "copy", "tax", "tracker", "script", "manual"];
const SCHEDULE_KINDS: &[&str] = &["continuous", "periodic", "manual"];
const MARKETS: &[&str] = &["spot", "margin", "um-futures", "cm-futures"];
/// What a key may be allowed.
pub const PERMISSIONS: &[&str] = &[
    "read",
    "trade",
    "cancel",
    "amend",
    "earn",
    "borrow",
    "leverage",
    "transfer",
    "withdraw",
    "side-door",
    "key-admin",
    "account-admin",
    "security-setting",
];
/// Reads the text of an expectations file.
///
/// # Errors
/// Every fault found, each with file, line and what to write instead.
pub fn parse(text: &str, shown: &str, sha256: String) -> Result<Expectations, ExpectationsError> {
    let file: file::File =
        toml::from_str(text).map_err(|error| ExpectationsError(vec![syntax(text, shown, &error)]))?;
    let mut build = Builder::new(text, shown);
    let built = build.file(file, sha256);
    if build.errors.is_empty() { Ok(built) } else { Err(ExpectationsError(build.errors)) }
}

/// What is wrong with a time zone, with the nearest that there is.
fn not_a_zone(written: &str) -> String {
    let hint = nearest(written, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
    let hint = hint.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    format!("`{written}` is not a time zone; write one such as `Europe/Berlin`, `UTC` or `UTC+2`{hint}")
}

/// Prefixes of client order ids as written.
fn families(written: &[Text]) -> Vec<String> {
    written.iter().map(|family| family.get_ref().trim().to_owned()).filter(|family| !family.is_empty()).collect()
}

impl Builder<'_> {
    fn file(&mut self, file: file::File, sha256: String) -> Expectations {
        match &file.version {
            Some(version) if *version.get_ref() != 1 => {
                self.fault(version, "unknown version; this program reads `version = 1`");
            }
            Some(_) => {}
            None => self.errors.push(format!("{}:1:1: `version = 1` is missing", self.shown)),
        }
        if let Some(zone) = &file.timezone {
            match Zone::parse(zone.get_ref()) {
                Some(found) => self.zone = found,
                None => self.fault(zone, not_a_zone(zone.get_ref())),
            }
        }
        let networks: Vec<Network> = file.network.iter().map(|network| self.network(network)).collect();
        let network_names: Vec<&str> = networks.iter().map(|network| network.name.as_str()).collect();
        let mut tools: Vec<Tool> = Vec::new();
        for tool in &file.tool {
            if tools.iter().any(|known| known.name == *tool.name.get_ref()) {
                self.fault(&tool.name, format!("a tool named `{}` stands above already", tool.name.get_ref()));
            }
            let built = self.tool(tool, &network_names);
            tools.push(built);
        }
        let require_ip = file.defaults.require_ip.unwrap_or(true);
        let mut keys: Vec<Key> = Vec::new();
        for key in &file.key {
            let built = self.key(key, &network_names, &tools, require_ip);
            if let Some(other) = keys.iter().find(|other| other.name == built.name && other.valid.overlaps(built.valid))
            {
                let message = format!(
                    "another key named `{}` is valid at the same time; a key that follows another of its name needs `valid_from` at or after the `deleted_at` of the first",
                    other.name
                );
                self.fault(&key.name, message);
            }
            keys.push(built);
        }
        let tool_names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
        let vendors = file.vendor.iter().map(|vendor| self.vendor(vendor, &tool_names)).collect();
        let counterparties = file.p2p.iter().map(|p2p| self.counterparty(p2p)).collect();
        let accounts = file.account.iter().map(|account| self.account(account)).collect();
        let overrides = file.rules.iter().flat_map(|(rule, changes)| self.rule(rule, changes)).collect();
        let suppressions = file.suppress.iter().map(|suppress| self.suppress(suppress)).collect();
        let dormant_after =
            file.defaults.dormant_after.as_ref().map_or(Some(30 * DAY), |span| self.span(span)).unwrap_or(30 * DAY);
        let rotate_after = file.defaults.rotate_after.as_ref().and_then(|span| self.span(span));
        let key_name = file.defaults.key_name.as_ref().and_then(|pattern| self.pattern(pattern));
        let unread = [(
            file.rules.keys().any(|rule| rules::by_id(rule.get_ref()).is_none()),
            "settings of rules that are planned",
        )];
        Expectations {
            shown: self.shown.to_owned(),
            sha256,
            zone: self.zone,
            base_currency: file.base_currency.map(|asset| asset.to_ascii_uppercase()),
            confirmed: file.confirmed.unwrap_or(true),
            dormant_after,
            rotate_after,
            key_name,
            networks,
            tools,
            keys,
            vendors,
            addresses: file
                .address
                .iter()
                .map(|a| Address {
                    asset: a.asset.clone(),
                    address: a.address.get_ref().clone(),
                    label: a.label.clone(),
                })
                .collect(),
            counterparties,
            accounts,
            overrides,
            suppressions,
            files: self.files(file.intel, file.reference),
            intel: Intel::default(),
            reference: Reference::built_in().clone(),
            unread: unread.iter().filter(|(present, _)| *present).map(|(_, name)| (*name).to_owned()).collect(),
        }
    }

    /// The files named, in the order of their sections.
    fn files(&self, intel: file::Intel, reference: file::Reference) -> Vec<NamedFile> {
        use file::OneOrMany;
        let named = [
            (Purpose::List(Kind::Tor), intel.tor),
            (Purpose::List(Kind::Vpn), intel.vpn),
            (Purpose::List(Kind::Hosting), intel.hosting),
            (Purpose::Database, intel.databases),
            (Purpose::Table(reference::Kind::Operations), reference.operations),
            (Purpose::Table(reference::Kind::Outcomes), reference.outcomes),
            (Purpose::Table(reference::Kind::Families), reference.families),
            (Purpose::Table(reference::Kind::Clients), reference.clients),
            (Purpose::Table(reference::Kind::Ledger), reference.ledger),
        ];
        let present = named.into_iter().filter_map(|(purpose, paths)| paths.map(|paths| (purpose, paths)));
        present
            .flat_map(|(purpose, paths)| {
                let place = self.place(&paths);
                let paths = match paths.into_inner() {
                    OneOrMany::One(path) => vec![path],
                    OneOrMany::Many(paths) => paths,
                };
                paths.into_iter().map(move |path| NamedFile { purpose, path, place: place.clone(), sha256: None })
            })
            .collect()
    }

    fn network(&mut self, network: &file::Network) -> Network {
        if let Some(kind) = &network.kind {
            self.one_of(kind, NETWORK_KINDS, "kind of network");
        }
        let mut cidrs = Vec::new();
        for cidr in &network.cidrs {
            match parse_network(cidr.get_ref()) {
                Some(net) => cidrs.push(net),
                None => self.fault(
                    cidr,
                    format!("`{}` is not an address or a network; write one such as `203.0.113.7/32`", cidr.get_ref()),
                ),
            }
        }
        if network.cidrs.is_empty() {
            self.fault(&network.name, format!("network `{}` has no `cidrs`", network.name.get_ref()));
        }
        let valid = self.validity(&network.name, network.valid_from.as_ref(), network.valid_until.as_ref());
        Network {
            name: network.name.get_ref().clone(),
            cidrs,
            valid,
            is_dynamic: network.kind.as_ref().is_some_and(|kind| kind.get_ref() == "dynamic"),
            checked: network.checked.as_ref().and_then(|when| self.when(when)),
        }
    }

    fn tool(&mut self, tool: &file::Tool, networks: &[&str]) -> Tool {
        if let Some(kind) = &tool.kind {
            self.one_of(kind, TOOL_KINDS, "kind of tool");
        }
        let schedule = self.schedule(tool);
        Tool {
            name: tool.name.get_ref().clone(),
            networks: self.refer(&tool.networks, networks, "network"),
            agents: self.agents(&tool.user_agents, tool.name.get_ref()),
            id_families: families(&tool.id_families),
            schedule,
        }
    }

    fn schedule(&mut self, tool: &file::Tool) -> Schedule {
        let mut schedule = Schedule::of_kind(tool.kind.as_ref().map_or("", |kind| kind.get_ref()));
        let Some(written) = &tool.schedule else { return schedule };
        if let Some(kind) = &written.kind {
            self.one_of(kind, SCHEDULE_KINDS, "kind of schedule");
            schedule.rhythm = Rhythm::parse(kind.get_ref()).unwrap_or(schedule.rhythm);
        }
        schedule.stated = true;
        schedule.every = written.every.as_ref().and_then(|span| self.span(span)).or(schedule.every);
        schedule.jitter = written.jitter.as_ref().and_then(|span| self.span(span)).unwrap_or(0);
        schedule.window = written.window.as_ref().and_then(|window| self.window(window));
        schedule.zone = self.zone;
        if let Some(zone) = &written.tz {
            match Zone::parse(zone.get_ref()) {
                Some(found) => schedule.zone = found,
                None => self.fault(zone, not_a_zone(zone.get_ref())),
            }
        }
        if schedule.rhythm == Rhythm::Manual {
            schedule.every = None;
        }
        schedule
    }

    fn key(&mut self, key: &file::Key, networks: &[&str], tools: &[Tool], require_ip: bool) -> Key {
        let tool_names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
        let own_tools = self.refer(&key.tools, &tool_names, "tool");
        let mut effective = self.refer(&key.networks, networks, "network");
        effective.extend(own_tools.iter().flat_map(|&at| tools[at].networks.iter().copied()));
        effective.sort_unstable();
        effective.dedup();
        if effective.is_empty() && key.require_ip.unwrap_or(require_ip) && key.networks.is_empty() {
            let message = format!(
                "key `{}` has no network, of its own or of its tools: say which, or set `require_ip = false`",
                key.name.get_ref()
            );
            self.fault(&key.name, message);
        }
        for word in &key.allow {
            self.one_of(word, PERMISSIONS, "permission");
        }
        for market in &key.markets {
            self.one_of(market, MARKETS, "market");
        }
        let symbols = key.symbols.iter().filter_map(|symbol| match Glob::new(symbol.get_ref()) {
            Ok(glob) => Some(glob.compile_matcher()),
            Err(error) => {
                self.fault(symbol, format!("not a pattern: {error}"));
                None
            }
        });
        Key {
            name: key.name.get_ref().clone(),
            symbols: symbols.collect(),
            id: key.id.as_ref().map(|id| KeyId::new(id.get_ref())),
            agents: own_tools.iter().flat_map(|&at| tools[at].agents.iter().cloned()).collect(),
            id_families: families(&key.id_families)
                .into_iter()
                .chain(own_tools.iter().flat_map(|&at| tools[at].id_families.iter().cloned()))
                .collect(),
            require_ip: key.require_ip.unwrap_or(require_ip),
            tools: own_tools,
            allow: key.allow.iter().map(|word| word.get_ref().clone()).collect(),
            markets: key.markets.iter().map(|word| word.get_ref().clone()).collect(),
            max_order: key.max_order.as_ref().and_then(|most| self.positive(most)),
            networks: effective,
            valid: self.validity(&key.name, key.valid_from.as_ref(), key.deleted_at.as_ref()),
        }
    }

    fn vendor(&mut self, vendor: &file::Vendor, tools: &[&str]) -> Vendor {
        Vendor {
            name: vendor.name.get_ref().clone(),
            tools: self.refer(&vendor.tools, tools, "tool"),
            compromised: self.validity(&vendor.name, vendor.compromised_from.as_ref(), vendor.compromised_to.as_ref()),
        }
    }

    fn counterparty(&mut self, p2p: &file::P2p) -> Counterparty {
        if p2p.nickname.get_ref().trim_matches(['*', ' ']).is_empty() {
            self.fault(&p2p.nickname, "a counterparty needs a nickname, as far as exports show it: `ab***`");
        }
        Counterparty { nickname: p2p.nickname.get_ref().clone(), real_name: p2p.real_name.clone() }
    }

    fn account(&mut self, account: &file::Account) -> Account {
        let mut exports = Vec::new();
        for glob in &account.exports {
            match GlobBuilder::new(glob.get_ref().trim_start_matches("./")).case_insensitive(true).build() {
                Ok(glob) => exports.push(glob.compile_matcher()),
                Err(error) => self.fault(glob, format!("not a pattern for files: {error}")),
            }
        }
        if account.name.get_ref().trim().is_empty() {
            self.fault(&account.name, "an account needs a name");
        }
        Account { name: account.name.get_ref().trim().to_owned(), exports }
    }

    fn agents(&mut self, patterns: &[Text], tool: &str) -> Vec<Agent> {
        if patterns.is_empty() {
            return Vec::new();
        }
        // Logs that name the tool itself are as good as its user agent.
        let mut agents = vec![Agent::Family(tool.to_lowercase())];
        for pattern in patterns {
            let text = pattern.get_ref().trim().to_lowercase();
            if !text.contains(['/', '*', '?', '[', '{']) {
                agents.push(Agent::Family(text));
                continue;
            }
            match GlobBuilder::new(&text).literal_separator(false).build() {
                Ok(glob) => agents.push(Agent::Glob(glob.compile_matcher())),
                Err(error) => self.fault(pattern, format!("not a pattern: {error}")),
            }
        }
        agents
    }
}
