//! A reason as a sentence, in French and in English, without a capital or a full stop: reasons are read one after the
//! other.

use maillage_graph_schema::model::Audience;

use super::measure::HAS_FEW;
use super::reason::{AdoptionLink, Reason, ReasonKind};
use crate::columns::{Columns, Dimension, Id};
use crate::snapshot::Snapshot;

/// How many things of a kind a sentence names.
const NAMED: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tongue {
    French,
    English,
}

impl Tongue {
    const fn pick<T: Copy>(self, french: T, english: T) -> T {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }

    const fn tag(self) -> &'static str {
        self.pick_str("fr", "en")
    }

    const fn pick_str(self, french: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }

    /// "a", "a and b", "a, b and c".
    fn list(self, things: &[String]) -> String {
        let and = self.pick(" et ", " and ");
        match things {
            [] => String::new(),
            [one] => one.clone(),
            [rest @ .., last] => format!("{}{and}{last}", rest.join(", ")),
        }
    }

    /// A whole number with its thousands apart.
    fn number(self, number: u32) -> String {
        let digits = number.to_string();
        let apart = self.pick('\u{202f}', ',');
        let mut text = String::with_capacity(digits.len() * 2);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(apart);
            }
            text.push(digit);
        }
        text
    }

    fn kilometres(self, metres: u32) -> String {
        if metres < 1000 {
            self.pick("moins de 1 km", "less than 1 km").to_owned()
        } else {
            format!("{} km", self.number((metres + 500) / 1000))
        }
    }

    fn audience(self, audience: Audience) -> &'static str {
        match audience {
            Audience::GeneralPublic => self.pick("tout public", "the general public"),
            Audience::Children => self.pick("enfants", "children"),
            Audience::Youth => self.pick("jeunes", "young people"),
            Audience::OlderPeople => self.pick("personnes âgées", "older people"),
            Audience::PeopleWithDisabilities => self.pick("personnes handicapées", "people with disabilities"),
            Audience::Jobseekers => self.pick("demandeurs d’emploi", "jobseekers"),
            Audience::Prisoners => self.pick("personnes détenues", "prisoners"),
            Audience::Businesses => self.pick("entreprises", "businesses"),
            Audience::Associations => self.pick("associations", "associations"),
            Audience::ElectedOfficials => self.pick("élus", "elected officials"),
            Audience::Staff => self.pick("agents publics", "public staff"),
            Audience::Newcomers => self.pick("nouveaux arrivants", "newcomers"),
        }
    }

    /// What people call a form of intercommunality.
    fn form(self, form: &str) -> String {
        match form {
            "CC" => self.pick("une communauté de communes", "a community of communes").to_owned(),
            "CA" => self.pick("une communauté d’agglomération", "an agglomeration community").to_owned(),
            "CU" => self.pick("une communauté urbaine", "an urban community").to_owned(),
            "METRO" | "MET69" => self.pick("une métropole", "a metropolis").to_owned(),
            "EPT" => self.pick("un établissement public territorial", "a territorial public establishment").to_owned(),
            other => format!("{} {other}", self.pick("une intercommunalité de forme", "an intercommunality of form")),
        }
    }
}

/// A label as it stands within a sentence: without its capital, unless it is an acronym.
fn within(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => label.to_owned(),
    }
}

/// The names of the first records of some.
fn names(keys: &[String], name: impl Fn(&str) -> Option<String>) -> Vec<String> {
    keys.iter().take(NAMED).map(|key| name(key).unwrap_or_else(|| key.clone())).collect()
}

impl Columns {
    fn label_of_topic(&self, topic: Id, tongue: Tongue) -> String {
        let Some(entry) = self.topics.get(topic) else { return self.topics.key(topic).to_string() };
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
        let label = entry.labels.iter().find(|(language, _)| language.as_deref().map(primary).as_deref() == Some(tongue.tag()));
        label.or_else(|| entry.labels.first()).map_or_else(|| self.topics.key(topic).to_string(), |(_, label)| within(label))
    }

    fn labels_of_topics(&self, keys: &[String], tongue: Tongue) -> Vec<String> {
        let labels =
            keys.iter().map(|key| self.topics.find(key).map_or_else(|| key.clone(), |id| self.label_of_topic(id, tongue)));
        labels.take(NAMED).collect()
    }

    fn has_few(&self, topic: &str) -> bool {
        let count = self.topics.find(topic).map_or(0, |id| self.having(Dimension::TopicTree, id).len());
        count > 0 && (count <= HAS_FEW || count * 100 <= self.live.len())
    }

    fn town_names(&self, keys: &[String]) -> Vec<String> {
        names(keys, |key| Some(self.town(self.towns.find(key)?).name.to_string()))
    }
}

impl Reason {
    /// Why, in one sentence of the language: French for `fr` and its variants, English for all others.
    pub fn explanation(&self, snapshot: &Snapshot, language: &str) -> String {
        let columns = &snapshot.columns;
        let is_french = language.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case("fr"));
        let tongue = if is_french { Tongue::French } else { Tongue::English };
        match self.kind {
            ReasonKind::SharedTopics => self.explain_topics(columns, tongue),
            ReasonKind::SameKind => {
                let kind = tongue.list(&columns.labels_of_topics(&self.topics, tongue));
                format!("{} {kind}", tongue.pick("de même nature :", "of the same kind:"))
            }
            ReasonKind::SharedAudience => {
                let audiences: Vec<String> =
                    self.audiences.iter().map(|audience| tongue.audience(*audience).to_owned()).collect();
                format!("{} {}", tongue.pick("pour le même public :", "both work with"), tongue.list(&audiences))
            }
            ReasonKind::SimilarText => {
                let quoted: Vec<String> = self
                    .terms
                    .iter()
                    .map(|term| match tongue {
                        Tongue::French => format!("« {term} »"),
                        Tongue::English => format!("“{term}”"),
                    })
                    .collect();
                format!(
                    "{} {}",
                    tongue.pick("des mots qui comptent dans les deux textes :", "words that matter in both texts:"),
                    tongue.list(&quoted)
                )
            }
            ReasonKind::TownSize => self.explain_size(tongue),
            ReasonKind::TownType => self.explain_type(columns, tongue),
            ReasonKind::SameArea => {
                let name = self.area.as_deref().map(|key| {
                    columns
                        .areas
                        .find(key)
                        .and_then(|id| columns.areas.get(id))
                        .map_or_else(|| key.to_owned(), |area| area.name.to_string())
                });
                format!("{} {}", tongue.pick("sur le même territoire :", "in the same area:"), name.unwrap_or_default())
            }
            ReasonKind::Distance => self.explain_distance(columns, tongue),
            ReasonKind::SameOrganisation => {
                let names = names(&self.organisations, |key| {
                    Some(columns.organisations.get(columns.organisations.find(key)?)?.name.to_string())
                });
                format!("{} {}", tongue.pick("avec le même organisme :", "with the same organisation:"), tongue.list(&names))
            }
            ReasonKind::Adoption => match self.adoption {
                Some(AdoptionLink::InspiredByIt) => tongue.pick("elle est à l’origine de celle-ci", "it inspired this one"),
                Some(AdoptionLink::InspiredIt) => tongue.pick("elle s’inspire de celle-ci", "it is inspired by this one"),
                Some(AdoptionLink::SameOriginal) | None => {
                    tongue.pick("toutes deux s’inspirent de la même initiative", "both are inspired by the same initiative")
                }
            }
            .to_owned(),
            ReasonKind::SimilarActivity => {
                let topics = tongue.list(&columns.labels_of_topics(&self.topics, tongue));
                format!("{} {topics}", tongue.pick("toutes deux agissent sur", "both are active in"))
            }
        }
    }

    fn explain_topics(&self, columns: &Columns, tongue: Tongue) -> String {
        let (meeting, named): (Vec<String>, Vec<String>) =
            self.topics.iter().cloned().partition(|topic| self.meeting_topics.contains(topic));
        let few = named.iter().take(NAMED).any(|topic| columns.has_few(topic));
        let mut parts = Vec::new();
        if !named.is_empty() {
            let labels = tongue.list(&columns.labels_of_topics(&named, tongue));
            parts.push(format!("{} {labels}", tongue.pick("toutes deux sur", "both about")));
        }
        if !meeting.is_empty() {
            let labels = tongue.list(&columns.labels_of_topics(&meeting, tongue));
            parts.push(format!("{} {labels}", tongue.pick("dans le même domaine :", "in the same field:")));
        }
        if few {
            parts.push(tongue.pick("un thème rare ici", "a rare topic here").to_owned());
        }
        parts.join(tongue.pick(" ; ", "; "))
    }

    fn explain_size(&self, tongue: Tongue) -> String {
        let (one, other) = self.populations.unwrap_or_default();
        let towns = tongue.pick("villes de taille semblable :", "towns of similar size:");
        let inhabitants = tongue.pick("habitants", "inhabitants");
        if one == other && self.towns.len() == 1 {
            return format!("{} {} {inhabitants}", tongue.pick("la même ville,", "the same town,"), tongue.number(one));
        }
        format!("{towns} {} {} {} {inhabitants}", tongue.number(one), tongue.pick("et", "and"), tongue.number(other))
    }

    fn explain_type(&self, columns: &Columns, tongue: Tongue) -> String {
        if let [town] = columns.town_names(&self.towns).as_slice() {
            return format!("{} {town}", tongue.pick("la même ville :", "the same town:"));
        }
        let form = self.form.as_deref().map(|form| tongue.form(form));
        match (form, self.main_town) {
            (Some(form), Some(true)) => {
                format!("{} {form}", tongue.pick("toutes deux la plus grande ville d’", "each the largest town of"))
                    .replace("d’ ", "d’")
            }
            (Some(form), _) => format!("{} {form}", tongue.pick("toutes deux dans", "both in")),
            (None, Some(true)) => tongue
                .pick(
                    "toutes deux la plus grande ville de leur intercommunalité",
                    "each the largest town of its intercommunality",
                )
                .to_owned(),
            (None, _) => tongue
                .pick(
                    "ni l’une ni l’autre la plus grande ville de son intercommunalité",
                    "neither is the largest town of its intercommunality",
                )
                .to_owned(),
        }
    }

    fn explain_distance(&self, columns: &Columns, tongue: Tongue) -> String {
        let metres = self.distance.unwrap_or_default();
        match (columns.town_names(&self.towns).as_slice(), metres) {
            ([town], _) => format!("{} {town}", tongue.pick("dans la même ville :", "in the same town:")),
            (_, 0) => tongue.pick("au même endroit", "in the same place").to_owned(),
            _ => match tongue {
                Tongue::French => format!("à {} l’une de l’autre", tongue.kilometres(metres)),
                Tongue::English => format!("{} apart", tongue.kilometres(metres)),
            },
        }
    }
}
