//! `maillage duplicates`: initiatives that may be one, and what a person decides of them.

use std::fmt::Write as _;
use std::process::ExitCode;

use maillage_graph_schema::clock::SystemClock;
use maillage_graph_schema::model::{InitiativeKey, SourceKey};
use maillage_importer::diagnostic::ReportLanguage;
use maillage_importer::duplicates::decide::{self, NotDecided, Person};
use maillage_importer::duplicates::score::{Evidence, Observation};
use maillage_importer::duplicates::{self, Candidate, Telling, Wanted};
use serde_json::{Value, json};

use super::export::print;
use super::settings::{Decision, Duplicates, ListDuplicates, ReportFormat, Settings};

/// Does what is to be done with duplicates.
pub async fn run(settings: &Settings, what: &Duplicates) -> anyhow::Result<ExitCode> {
    let store = settings.open_store().await?;
    let key = |text: &str| text.parse::<InitiativeKey>().map_err(|_| NotDecided::Unknown(text.to_owned()));
    let said = match what {
        Duplicates::List(form) => {
            let source = form.source.as_deref().map(str::parse).transpose()?;
            let found = duplicates::find(&*store, &Wanted { source, least: form.least }).await?;
            listed(&found, form)
        }
        Duplicates::Merge { kept, other, decision } => {
            let person = person(decision)?;
            decide::merge(&*store, &SystemClock, &key(kept)?, &key(other)?, &person).await?;
            format!("{other} is {kept} from now on; take it back with: maillage duplicates split {other}\n")
        }
        Duplicates::Split { other, decision } => {
            decide::split(&*store, &SystemClock, &key(other)?, &person(decision)?).await?;
            format!("{other} is an initiative of its own again, and is proposed as a duplicate no more\n")
        }
        Duplicates::Dismiss { one, other, decision } => {
            decide::dismiss(&*store, &SystemClock, &key(one)?, &key(other)?, &person(decision)?).await?;
            format!("{one} and {other} are known to be different\n")
        }
    };
    print(&said)?;
    Ok(ExitCode::SUCCESS)
}

fn person(decision: &Decision) -> anyhow::Result<Person> {
    Ok(Person { by: decision.by.parse()?, why: decision.why.as_deref().map(str::parse).transpose()? })
}

fn listed(found: &[Candidate], form: &ListDuplicates) -> String {
    if matches!(form.format, ReportFormat::Json) {
        return format!("{:#}\n", found.iter().map(as_json).collect::<Value>());
    }
    let language = form.lang.map_or(ReportLanguage::English, ReportLanguage::from);
    let words = |french: &'static str, english: &'static str| if language == ReportLanguage::French { french } else { english };
    let mut text = String::new();
    for candidate in found {
        let Candidate { one, other, probability, evidence } = candidate;
        let _ = writeln!(text, "{:.0} %  {}  —  {}", probability * 100.0, shown(one), shown(other));
        let _ = writeln!(text, "      {}", one.title);
        let _ = writeln!(text, "      {}", other.title);
        let reasons: Vec<String> = evidence.iter().map(|evidence| reason(evidence, language)).collect();
        let _ = writeln!(text, "      {}", reasons.join(" · "));
        let _ = writeln!(text);
    }
    if found.is_empty() {
        let _ = writeln!(text, "{}", words("aucun doublon probable", "no duplicates are likely"));
        return text;
    }
    let same = words("la même : la première est gardée", "one and the same: the first is kept");
    let _ = writeln!(text, "maillage duplicates merge {} {}    # {same}", found[0].one.key, found[0].other.key);
    let different = words("différentes : plus jamais proposées", "different: never proposed again");
    let _ = writeln!(text, "maillage duplicates dismiss {} {}    # {different}", found[0].one.key, found[0].other.key);
    text
}

fn shown(telling: &Telling) -> String {
    match &telling.source {
        Some(source) => format!("{} ({source})", telling.key),
        None => telling.key.to_string(),
    }
}

fn reason(evidence: &Evidence, language: ReportLanguage) -> String {
    let is_french = language == ReportLanguage::French;
    let words = |french: &str, english: &str| if is_french { french.to_owned() } else { english.to_owned() };
    let what = match &evidence.what {
        Observation::Title(common) if common.is_empty() => words("titres sans mot commun", "titles without a word in common"),
        Observation::Title(common) => format!("{} {}", words("titres :", "titles:"), common.join(", ")),
        Observation::Link(link) => format!("{} {link}", words("même lien", "same link")),
        Observation::Town(town) => format!("{} {town}", words("même commune", "same town")),
        Observation::OtherTown => words("autre commune", "another town"),
        Observation::Organisation(name) => format!("{} {name}", words("même organisation", "same organisation")),
        Observation::Text(share) => format!("{} {:.0} %", words("textes communs à", "texts alike by"), share * 100.0),
        Observation::SameSource(source) => format!("{} {source}", words("même source", "same source")),
    };
    format!("{what} ({:+.1})", evidence.weight)
}

fn as_json(candidate: &Candidate) -> Value {
    let telling = |telling: &Telling| json!({ "key": telling.key.as_str(), "title": telling.title.as_str(), "source": telling.source.as_ref().map(SourceKey::as_str) });
    let observation = |evidence: &Evidence| {
        let (what, value) = match &evidence.what {
            Observation::Title(common) => ("title", json!(common)),
            Observation::Link(link) => ("link", json!(link)),
            Observation::Town(town) => ("town", json!(town)),
            Observation::OtherTown => ("other_town", Value::Null),
            Observation::Organisation(name) => ("organisation", json!(name)),
            Observation::Text(share) => ("text", json!(share)),
            Observation::SameSource(source) => ("same_source", json!(source.as_str())),
        };
        json!({ "what": what, "value": value, "weight": evidence.weight })
    };
    json!({
        "one": telling(&candidate.one),
        "other": telling(&candidate.other),
        "probability": candidate.probability,
        "evidence": candidate.evidence.iter().map(observation).collect::<Vec<_>>(),
    })
}
