//! What `expected.toml` changes about rules (`[rules.*]`) and which findings it explains (`[[suppress]]`).

use toml::Spanned;

use super::checks::{Builder, nearest};
use super::file;
use super::{Change, Override, Suppression};
use crate::address::parse_network;
use crate::rules::Severity;
use crate::sigma;

/// No threshold is larger: a span of so many days still counts in microseconds.
const MOST: f64 = 10_000_000.0;

impl Builder<'_> {
    pub(super) fn rule(
        &mut self,
        rule: &Spanned<String>,
        changes: &std::collections::BTreeMap<Spanned<String>, Spanned<toml::Value>>,
    ) -> Vec<Override> {
        if rule.get_ref().starts_with(sigma::PREFIX) {
            self.fault(rule, "a rule of your own is changed in its own file");
        }
        let Some(known) = self.rule_name(rule) else { return Vec::new() };
        let mut overrides = Vec::new();
        for (name, value) in changes {
            let change = match (name.get_ref().as_str(), value.get_ref()) {
                ("severity", toml::Value::String(word)) => match Severity::parse(word) {
                    Some(severity) => Change::Severity(severity),
                    None => {
                        self.fault(
                            value,
                            format!("`{word}` is not a severity; write info, low, medium, high or critical"),
                        );
                        continue;
                    }
                },
                (threshold, toml::Value::Integer(_) | toml::Value::Float(_))
                    if known.thresholds.iter().any(|t| t.name == threshold) =>
                {
                    let number = value.get_ref().as_float().or_else(|| value.get_ref().as_integer().map(|n| n as f64));
                    let Some(number) = number.filter(|number| (0.0..=MOST).contains(number)) else {
                        self.fault(value, format!("`{threshold}` takes a number from 0 to {MOST}"));
                        continue;
                    };
                    Change::Threshold(threshold.to_owned(), number)
                }
                (threshold, _) if known.thresholds.iter().any(|t| t.name == threshold) || threshold == "severity" => {
                    self.fault(
                        value,
                        format!("`{threshold}` takes a {}", if threshold == "severity" { "text" } else { "number" }),
                    );
                    continue;
                }
                (unknown, _) => {
                    let names = known.thresholds.iter().map(|t| t.name).chain(["severity"]);
                    let hint = nearest(unknown, names.clone()).map(|name| format!("; did you mean `{name}`?"));
                    let all = names.collect::<Vec<_>>().join(", ");
                    self.fault(
                        name,
                        format!(
                            "rule `{}` has no setting `{unknown}`; it has {all}{}",
                            known.id,
                            hint.unwrap_or_default()
                        ),
                    );
                    continue;
                }
            };
            overrides.push(Override { rule: known.id.to_owned(), change });
        }
        overrides
    }

    pub(super) fn suppress(&mut self, suppress: &file::Suppress) -> Suppression {
        self.rule_name(&suppress.rule);
        let selectors = [&suppress.key, &suppress.symbol, &suppress.order, &suppress.address];
        if suppress.ip.is_none() && selectors.iter().all(|selector| selector.is_none()) {
            let message = "a suppression needs one of `key`, `ip`, `symbol`, `order`, `address`: without, it would silence the whole rule";
            self.fault(&suppress.rule, message);
        }
        if suppress.reason.get_ref().trim().is_empty() {
            self.fault(&suppress.reason, "a suppression needs a reason");
        }
        let ip = suppress.ip.as_ref().and_then(|ip| {
            let net = parse_network(ip.get_ref());
            if net.is_none() {
                self.fault(ip, format!("`{}` is not an address or a network", ip.get_ref()));
            }
            net
        });
        Suppression {
            rule: suppress.rule.get_ref().clone(),
            key: suppress.key.clone(),
            ip,
            symbol: suppress.symbol.clone(),
            order: suppress.order.clone(),
            address: suppress.address.clone(),
            until: self.when(&suppress.until).unwrap_or(i64::MAX),
            reason: suppress.reason.get_ref().clone(),
        }
    }
}
