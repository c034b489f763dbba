//! `rule`: what records are held against, as files that people edit.

use std::path::Path;

use anyhow::Context;
use tracemesh_proto::quality::v1 as wire;
use tracemesh_proto::time::timestamp;
use tracemesh_proto::{json, rules};
use tracemesh_rules::Rule as Written;

use super::connect;
use crate::cli::{Asking, DryRun, PublishRules, Rule};
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, rule: Rule) -> anyhow::Result<u8> {
    match rule {
        Rule::List => list(asking).await,
        Rule::Publish(publish) => self::publish(asking, publish).await,
        Rule::DryRun(dry_run) => self::dry_run(asking, dry_run).await,
    }
}

async fn list(asking: &Asking) -> anyhow::Result<u8> {
    let answer = connect(asking).await?.quality().list_rules(wire::ListRulesRequest {}).await?.into_inner();
    if asking.json {
        let rules = rules::read(answer.rules).map_err(|faults| anyhow::anyhow!("the node's rules cannot be read here: {faults:?}"))?;
        output::json(&serde_json::to_value(rules)?)?;
        return Ok(DONE);
    }
    println!("{}", answer.version);
    for rule in answer.rules {
        println!("{:32} {:5} {:14} {}", format!("{}/{}", rule.id, rule.version), rule.severity, rule.dimension, rule.message_en);
    }
    Ok(DONE)
}

async fn publish(asking: &Asking, PublishRules { file, valid_from, why }: PublishRules) -> anyhow::Result<u8> {
    let valid_from = valid_from.map(|at| timestamp(at.as_microsecond()));
    let request = wire::PublishRulesRequest { valid_from, rules: read(&file)?, why };
    let answer = connect(asking).await?.quality().publish_rules(request).await?.into_inner();
    let document = json::value("tracemesh.quality.v1.PublishRulesResponse", &answer);
    if asking.json {
        output::json(&document)?;
    } else {
        println!("{} from {}", answer.version, document["valid_from"].as_str().unwrap_or_default());
    }
    Ok(DONE)
}

async fn dry_run(asking: &Asking, DryRun { file, from, to }: DryRun) -> anyhow::Result<u8> {
    let request = wire::DryRunRulesRequest { rules: read(&file)?, from, to };
    let answer = connect(asking).await?.quality().dry_run_rules(request).await?.into_inner();
    if asking.json {
        output::json(&json::value("tracemesh.quality.v1.DryRunRulesResponse", &answer))?;
        return Ok(DONE);
    }
    println!("{} records: {} refused, {} findings{}", answer.records, answer.refused, answer.found, if answer.cut { " (cut)" } else { "" });
    for of in &answer.rules {
        println!("{:32} {:>8} refused {:>8} found  {}", of.rule, of.refused, of.found, of.examples.first().map_or("", String::as_str));
    }
    for of in &answer.providers {
        println!("{:32} {:>8} refused {:>8} found", of.provider, of.refused, of.found);
    }
    Ok(DONE)
}

fn read(file: &Path) -> anyhow::Result<Vec<wire::Rule>> {
    let text = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let rules: Vec<Written> = serde_json::from_slice(&text).with_context(|| format!("{} is no file of rules", file.display()))?;
    Ok(rules.iter().map(rules::write).collect())
}
