//! Writes the draft: TOML that says in comments how each line was found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::habits::{ClientHabits, Habit, Habits, KeyHabits};
use crate::counted::counted;
use crate::dataset::{Dataset, KeyCard};
use crate::outputs::printable;
use crate::time::{DAY, HOUR, Timestamp};

const HEAD: &str =
    "# Drafted from the exports. Learned, not confirmed: whoever used the account is in here too, thieves included.
# 1. Read every line and correct it.
# 2. Take the # away from the networks that are yours, name them in their keys, and set require_ip = true.
# 3. Set confirmed = true. Until then the report says \"learned, unconfirmed\" and is never clear.
# What was seen fewer than 20 times or for less than 7 days stands in comments.
version = 1
timezone = \"UTC\"
confirmed = false

[defaults]
require_ip = false
";

const NOTHING: &str = "
# The exports hold neither a call log nor a key list: nothing in them tells your networks, tools and keys. Write down what
# you know, without the #:
# [[network]]
# name = \"home\"
# cidrs = [\"198.51.100.7\"]
# [[tool]]
# name = \"MyBot\"
# kind = \"bot\"
# networks = [\"home\"]
# [[key]]
# name = \"MyBot-Spot\"
# tools = [\"MyBot\"]
# allow = [\"read\", \"trade\", \"cancel\"]
";

/// Writes it.
pub fn draft(data: &Dataset<'_>, habits: &Habits) -> String {
    let mut text = HEAD.to_owned();
    networks(&mut text, habits);
    let tools: BTreeSet<&String> = habits
        .keys
        .values()
        .flat_map(|key| &key.clients)
        .filter(|(_, habit)| habit.is_usual())
        .map(|(name, _)| name)
        .collect();
    for name in tools {
        tool(&mut text, name, habits.clients.get(name));
    }
    if data.key_cards.is_empty() {
        text.push_str(NOTHING);
    }
    for card in &data.key_cards {
        if let Some(habits) = habits.keys.get(&card.name) {
            key(&mut text, card, habits);
        }
    }
    text
}

/// A text as TOML, whatever is in it.
fn quote(text: &str) -> String {
    serde_json::Value::from(printable(text)).to_string()
}

fn list<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    let quoted: Vec<String> = texts.into_iter().map(|text| quote(text)).collect();
    format!("[{}]", quoted.join(", "))
}

fn day(time: i64) -> String {
    Timestamp(time).to_string().chars().take(10).collect()
}

fn seen(habit: &Habit) -> String {
    let days = habit.days.map_or(String::new(), |days| format!(" on {}", counted(days, "day")));
    format!("{}{days}, {} to {}", counted(habit.count, "time"), day(habit.first), day(habit.last))
}

/// What is usual in a map, and what is not.
fn split(map: &BTreeMap<String, Habit>) -> (Vec<&String>, Vec<(&String, &Habit)>) {
    let usual = map.iter().filter(|(_, habit)| habit.is_usual()).map(|(name, _)| name).collect();
    (usual, map.iter().filter(|(_, habit)| !habit.is_usual()).collect())
}

fn networks(text: &mut String, habits: &Habits) {
    let mut ips: BTreeMap<&String, (Vec<&String>, Habit)> = BTreeMap::new();
    let logins = "logins".to_owned();
    let of_keys = habits.keys.iter().map(|(key, of_key)| (key, &of_key.ips));
    for (key, seen) in of_keys.chain([(&logins, &habits.logins)]) {
        for (ip, habit) in seen {
            let (keys, all) = ips.entry(ip).or_insert((Vec::new(), Habit { count: 0, ..*habit }));
            keys.push(key);
            *all = Habit {
                count: all.count + habit.count,
                first: all.first.min(habit.first),
                last: all.last.max(habit.last),
                days: all.days.max(habit.days),
            };
        }
    }
    for (ip, (keys, habit)) in ips.iter().filter(|(_, (_, habit))| habit.is_usual()) {
        let name = quote(&format!("seen-{ip}"));
        let _ = write!(
            text,
            "\n# {}, by {}\n# [[network]]\n# name = {name}\n# cidrs = [{}]\n",
            seen(habit),
            list(keys.iter().copied()),
            quote(ip)
        );
    }
    let rare: Vec<_> = ips.iter().filter(|(_, (_, habit))| !habit.is_usual()).collect();
    if !rare.is_empty() {
        text.push_str("\n# Rare addresses: look closely whose they are.\n");
    }
    for (ip, (keys, habit)) in rare.iter().take(RARE) {
        let _ = writeln!(text, "#   {} {}, by {}", quote(ip), seen(habit), list(keys.iter().copied()));
    }
    if rare.len() > RARE {
        let _ = writeln!(text, "#   and {} more", rare.len() - RARE);
    }
}

/// Rare addresses that are named.
const RARE: usize = 50;

fn tool(text: &mut String, name: &str, habits: Option<&ClientHabits>) {
    let _ = write!(
        text,
        "\n[[tool]]\nname = {0}\nuser_agents = [{0}]\n# kind = \"bot\"             # bot, copy, tax, tracker, script or manual\n",
        quote(name)
    );
    let Some(habits) = habits else { return };
    let (usual, _) = split(&habits.id_families);
    if !usual.is_empty() {
        let _ = writeln!(text, "id_families = {}", list(usual));
    }
    let mut silences = habits.silences.clone();
    silences.sort_unstable();
    // A client that is hardly ever silent for an hour calls all the time.
    let usual = silences.get(silences.len() / 2).copied().unwrap_or(HOUR);
    if usual < 2 * DAY {
        text.push_str("schedule = { kind = \"continuous\", every = \"1d\" }     # measured\n");
    } else {
        let days = (usual + DAY - 1) / DAY;
        let _ = writeln!(text, "schedule = {{ kind = \"periodic\", every = \"{days}d\" }}     # measured");
    }
}

fn key(text: &mut String, card: &KeyCard, habits: &KeyHabits) {
    let _ = write!(text, "\n[[key]]\nname = {}\n", quote(&card.name));
    if let Some(id) = card.id.as_ref().filter(|id| **id != card.name) {
        let _ = writeln!(text, "id = {}", quote(id));
    }
    for (name, map) in [("tools", &habits.clients), ("allow", &habits.needs), ("symbols", &habits.symbols)] {
        let (usual, rare) = split(map);
        // Nothing usual is no statement: an empty list would allow anything.
        if !usual.is_empty() {
            let _ = writeln!(text, "{name} = {}", list(usual));
        }
        for (value, habit) in rare.iter().take(RARE) {
            let _ = writeln!(text, "# {name}: {} only {}", quote(value), seen(habit));
        }
    }
    let networks: Vec<String> =
        habits.ips.iter().filter(|(_, habit)| habit.is_usual()).map(|(ip, _)| format!("seen-{ip}")).collect();
    if !networks.is_empty() {
        let _ = writeln!(text, "# networks = {}", list(&networks));
    }
    if let Some(created) = card.created {
        let _ = writeln!(text, "# valid_from = {}     # by the key list", Timestamp(created));
    }
    match card.deleted_at {
        Some(deleted) => {
            let _ = writeln!(text, "deleted_at = {}", Timestamp(deleted));
        }
        None if card.is_deleted() => text.push_str("# deleted_at = ...     # deleted, by the key list: write when\n"),
        None => {}
    }
}
