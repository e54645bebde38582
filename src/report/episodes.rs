//! The incidents of the report.

use std::collections::HashSet;

use super::{AmountInfo, EpisodeInfo, Examined, LossInfo, PointInfo, StretchInfo};
use crate::dataset::Dataset;
use crate::episodes::{Episode, Flow, Stretch, timeline};
use crate::time::Timestamp;

pub fn episodes(one: &Examined<'_>) -> Vec<EpisodeInfo> {
    one.episodes.iter().map(|episode| episode_info(&one.data, episode)).collect()
}

fn episode_info(data: &Dataset<'_>, episode: &Episode) -> EpisodeInfo {
    EpisodeInfo {
        account: data.account.clone(),
        id: episode.id.clone(),
        severity: episode.severity,
        points: episode
            .points
            .iter()
            .map(|point| PointInfo { points: point.points, rule: point.rule, why: point.why.clone() })
            .collect(),
        first: Timestamp(episode.first),
        last: Timestamp(episode.last),
        orders: orders(episode),
        records: episode.entries.len() as u64,
        sold: amounts(&episode.sold),
        bought: amounts(&episode.bought),
        loss: episode.loss.as_ref().map(|loss| LossInfo {
            asset: loss.asset.clone(),
            amount: loss.amount.to_string(),
            method: loss.method.clone(),
            parts: amounts(&loss.parts),
        }),
        keys: episode.keys.iter().cloned().collect(),
        ips: episode.ips.iter().cloned().collect(),
        clients: episode.clients.iter().cloned().collect(),
        sessions: episode.sessions.iter().cloned().collect(),
        rules: episode.rules.clone(),
        timeline: timeline(&episode.entries).iter().map(stretch_info).collect(),
        evidence: episode.evidence(data),
    }
}

/// The ids of its orders in order of time: fills of one order have its id in common.
fn orders(episode: &Episode) -> Vec<String> {
    let mut known = HashSet::new();
    let ids = episode.entries.iter().filter_map(|entry| entry.id.as_deref());
    ids.filter(|id| known.insert(*id)).map(str::to_owned).collect()
}

fn amounts(flows: &[Flow]) -> Vec<AmountInfo> {
    flows.iter().map(|flow| AmountInfo { asset: flow.asset.clone(), quantity: flow.quantity.to_string() }).collect()
}

fn stretch_info(stretch: &Stretch) -> StretchInfo {
    StretchInfo {
        first: Timestamp(stretch.first),
        last: Timestamp(stretch.last),
        orders: stretch.orders as u64,
        side: if stretch.buy { "BUY" } else { "SELL" },
        symbol: stretch.symbol.clone(),
        quantity: stretch.quantity.to_string(),
        base: stretch.base.clone(),
        total: stretch.total.to_string(),
        quote: stretch.quote.clone(),
        price_from: stretch.from.clone(),
        price_to: stretch.to.clone(),
    }
}
