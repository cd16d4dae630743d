//! Case studies in other languages than the first.

use std::collections::{HashMap, HashSet};

use maillage_graph_schema::model::{CaseStudy, CaseStudyKey, InitiativeKey, Language, Text};

use super::{Assembler, Keys};
use crate::diagnostic::{Code, Diagnostic};
use crate::draft::{InitiativeDraft, Lookup, Spot, TitleFrom, TranslationDraft};

impl Assembler<'_> {
    pub(super) fn translation(&mut self, spot: &Spot, draft: TranslationDraft, keys: &Keys) {
        let Some((initiative, original)) = self.initiative_key(&draft.initiative.value, keys).cloned() else {
            let diagnostic = self.unknown_initiative(&draft.initiative.value, draft.initiative.or_else.clone(), keys);
            return self.reject(spot, Some(draft.initiative.value.as_str()), diagnostic);
        };
        if original == draft.language {
            let diagnostic = Diagnostic { code: Code::TranslationOfItself, ..draft.initiative.or_else };
            return self.reject(spot, Some(initiative.as_str()), diagnostic.value(draft.language.as_str()));
        }
        let provenance = self.origin.provenance(&spot.path);
        let picture = self.picture(draft.picture, spot, &provenance);
        let case_study = CaseStudy {
            initiative,
            language: draft.language,
            title: draft.title,
            summary: draft.summary,
            sections: draft.sections,
            picture,
            translation_of: Some(original),
            licence: draft.licence,
            provenance,
        };
        let key = case_study.key();
        if let Some(first) = self.told.get(&key).map(ToString::to_string) {
            return self.reject_repeated(spot, key.as_str(), &first);
        }
        self.told.insert(key, spot.clone());
        self.result.case_studies.push(case_study);
    }

    /// A translation that says nothing would hide an original that does from those who read its language.
    pub(super) fn leave_out_empty_translations(&mut self) {
        let told: HashSet<CaseStudyKey> =
            self.result.case_studies.iter().filter(|telling| !telling.sections.is_empty()).map(CaseStudy::key).collect();
        let diagnostics = &mut self.result.diagnostics;
        self.result.case_studies.retain(|telling| {
            let Some(original) = &telling.translation_of else { return true };
            let is_empty = telling.sections.is_empty() && telling.summary.is_none();
            let hides = is_empty && told.contains(&CaseStudyKey::new(&telling.initiative, original));
            if hides {
                let about = self.told.get(&telling.key()).map(|spot| spot.about(Code::EmptyTranslation));
                diagnostics.extend(about.map(|about| about.value(telling.language.as_str())));
            }
            !hides
        });
    }
}

/// Of the files of one key that are translations of one another, the original; the others become its translations, under its title
/// where they have none of their own.
pub(super) fn originals(
    drafts: Vec<(Spot, Box<InitiativeDraft>)>,
    translations: &mut Vec<(Spot, TranslationDraft)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Spot, Box<InitiativeDraft>)> {
    let mut first: HashMap<InitiativeKey, (usize, Language, Option<Text>)> = HashMap::new();
    for (_, draft) in &drafts {
        let Some(rank) = draft.translation_rank else { continue };
        let own_title = || Some(&draft.title).filter(|_| draft.title_from == TitleFrom::Text).cloned();
        let this = || (rank, draft.language.clone(), own_title());
        let known = first.entry(draft.key.clone()).or_insert_with(this);
        if rank < known.0 {
            *known = this();
        }
    }
    // What is not translated yet stands beside its original, in its language.
    let mut told: HashSet<(InitiativeKey, Language)> = drafts
        .iter()
        .filter(|(_, draft)| draft.translation_rank.is_some() && !draft.belies_name)
        .map(|(_, draft)| (draft.key.clone(), draft.language.clone()))
        .collect();
    let mut originals = Vec::with_capacity(drafts.len());
    for (spot, draft) in drafts {
        if draft.belies_name && !told.insert((draft.key.clone(), draft.language.clone())) {
            diagnostics.push(spot.about(Code::Untranslated).value(draft.language.as_str()));
            continue;
        }
        let original = draft.translation_rank.and_then(|_| first.get(&draft.key));
        match original {
            Some((_, language, title_of_original)) if *language != draft.language => {
                let or_else = spot.about(Code::TranslationOfNothing).value(draft.key.as_str());
                let initiative = Lookup { value: draft.key, or_else };
                let InitiativeDraft { language, title, title_from, summary, licence, sections, picture, .. } = *draft;
                let better = title_of_original.clone().filter(|_| title_from != TitleFrom::Text);
                let title = better.unwrap_or(title);
                let draft = TranslationDraft { initiative, language, title, summary, licence, sections, picture };
                translations.push((spot, draft));
            }
            _ => originals.push((spot, draft)),
        }
    }
    originals
}
