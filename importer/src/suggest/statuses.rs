//! What partners call the state of a project, in our six, and those whom it is for.

use maillage_explore::text::fold;
use maillage_graph_schema::model::{Audience, Status};

use super::vocabulary::lists;

/// Beginnings of words as short as these are those of too many others to tell inside a text.
const SHORTEST_INSIDE: usize = 4;

/// Words before one for a state that turn it into another, which a person may know.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "nicht", "kein", "keine", "nie", "niet", "geen", "nooit", "non", "pas", "plus", "jamais", "nao",
    "nunca", "mai", "ikke", "inte", "aldrig", "ei", "nem",
];

/// The status that a word for one means.
pub fn status(text: &str) -> Option<Status> {
    let folded = fold(text);
    let inside = format!(" {folded}");
    let statuses = lists("statuses");
    let at_start = statuses.iter().find(|(_, starts)| starts.iter().any(|start| folded.starts_with(start)));
    let anywhere = || {
        let is_inside = |start: &&str| {
            start.len() >= SHORTEST_INSIDE
                && inside
                    .find(&format!(" {start}"))
                    .is_some_and(|at| !inside[..at].split(' ').any(|word| NEGATIONS.contains(&word)))
        };
        statuses.iter().find(|(_, starts)| starts.iter().any(is_inside))
    };
    let found = at_start.or_else(anywhere).filter(|_| !folded.split(' ').any(|word| word == "anymore"));
    found.and_then(|(status, _)| status.parse().ok())
}

/// Whether a word for a state says that something came to its end as it was meant to: of our six, only "stopped" is near.
pub fn is_completion(text: &str) -> bool {
    let folded = fold(text);
    super::vocabulary::list("completion", "stopped").iter().any(|end| folded.starts_with(end))
}

/// The audience that a word for one means.
pub fn audience(text: &str) -> Option<Audience> {
    let folded = fold(text);
    // A short beginning is that of many words: it must be the whole word, or its plural.
    let is = |start: &&str| {
        let rest = folded.strip_prefix(*start);
        rest.is_some_and(|rest| start.len() >= 5 || rest.is_empty() || rest.starts_with(' ') || rest == "s")
    };
    let found = lists("audiences").iter().find(|(_, starts)| starts.iter().any(is));
    found.and_then(|(audience, _)| audience.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_of_ours() {
        for (name, _) in lists("statuses") {
            assert!(name.parse::<Status>().is_ok(), "{name}");
        }
        for (name, _) in lists("audiences") {
            assert!(name.parse::<Audience>().is_ok(), "{name}");
        }
    }

    #[test]
    fn states_are_read_in_many_languages() {
        for (text, expected) in [
            ("Laufend", Some("running")),
            ("In Arbeit", Some("running")),
            ("en cours", Some("running")),
            ("active_but_seasonal", Some("running")),
            ("Abgeschlossen", Some("stopped")),
            ("complete", Some("stopped")),
            ("Terminé", Some("stopped")),
            ("hiatus", Some("paused")),
            ("En pause", Some("paused")),
            ("Prototyp", Some("pilot")),
            ("construction", Some("pilot")),
            ("investigation", Some("idea")),
            ("À venir", Some("idea")),
            ("open", Some("running")),
            ("closed", Some("stopped")),
            ("abandon-investigation", Some("stopped")),
            ("Not started", Some("idea")),
            ("Gepland", Some("idea")),
            ("igangværende", Some("running")),
            ("pågående", Some("running")),
            ("avsluttet", Some("stopped")),
            ("w trakcie", Some("running")),
            ("zakończony", Some("stopped")),
            ("Probíhá", Some("running")),
            ("ukončený", Some("stopped")),
            ("käynnissä", Some("running")),
            ("Not in use anymore", None),
            ("No longer in use", None),
            ("Not yet in production", None),
            ("n'est plus en service", None),
            ("nicht mehr aktiv", None),
            ("Completed, not evaluated", Some("stopped")),
            ("MT", None),
            ("Sucht Mitmacher", None),
        ] {
            assert_eq!(status(text).map(maillage_graph_schema::model::Status::as_str), expected, "{text}");
        }
    }

    #[test]
    fn audiences_are_read_in_many_languages() {
        for (text, expected) in [
            ("particulier", Some("general_public")),
            ("entreprise", Some("businesses")),
            ("etat", Some("staff")),
            ("Jeunes", Some("youth")),
            ("Magistrats", None),
            ("Agents Publics", Some("staff")),
            ("âge", Some("older_people")),
        ] {
            assert_eq!(audience(text).map(maillage_graph_schema::model::Audience::as_str), expected, "{text}");
        }
    }
}
