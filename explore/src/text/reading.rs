//! The tellings of an initiative, read once: their texts with the words of each. What is indexed and what is compared
//! follows from the same reading.

use maillage_graph_schema::model::{CaseStudy, Initiative, Text};

use super::analyse::{Analyser, Rules, Word};
use super::plain::plain;

/// A text with its words.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadText {
    pub text: String,
    pub words: Vec<Word>,
}

/// One telling: a case study, or the title and summary of an initiative that has none in its own language.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub rules: Rules,
    pub title: ReadText,
    pub summary: ReadText,
    /// Each section's heading and text.
    pub sections: Vec<ReadText>,
}

impl Reading {
    /// Title, summary and sections, one after the other.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &ReadText> {
        [&self.title, &self.summary].into_iter().chain(&self.sections)
    }

    /// How many words it has.
    pub(crate) fn length(&self) -> usize {
        self.parts().map(|part| part.words.len()).sum()
    }
}

/// Reads tellings in any language; remembers the words that it has seen.
#[derive(Debug)]
pub(crate) struct Reader([Analyser; 3]);

impl Default for Reader {
    fn default() -> Self {
        Self(Rules::ALL.map(Analyser::new))
    }
}

impl Reader {
    /// Reads one telling.
    pub(crate) fn read(&mut self, rules: Rules, title: &str, summary: &str, sections: Vec<String>) -> Reading {
        let analyser = &mut self.0[rules as usize];
        let mut read = |text: String| ReadText { words: analyser.words(&text), text };
        Reading {
            rules,
            title: read(title.to_owned()),
            summary: read(plain(summary)),
            sections: sections.into_iter().map(read).collect(),
        }
    }

    /// Reads the tellings of an initiative.
    pub(crate) fn tellings(&mut self, initiative: &Initiative, case_studies: &[&CaseStudy]) -> Vec<Reading> {
        let text = |text: &Option<Text>| text.as_ref().map_or("", Text::as_str).to_owned();
        let mut tellings = Vec::with_capacity(case_studies.len() + 1);
        for case_study in case_studies {
            let sections = case_study.sections.iter().map(|section| {
                let heading = section.heading.as_ref().map_or("", |heading| heading.as_str());
                format!("{heading}\n{}", plain(&section.markdown))
            });
            let (rules, title) = (Rules::of(case_study.language.as_str()), case_study.title.as_str());
            tellings.push(self.read(rules, title, &text(&case_study.summary), sections.collect()));
        }
        if case_studies.iter().all(|case_study| case_study.language != initiative.language) {
            let (rules, title) = (Rules::of(initiative.language.as_str()), initiative.title.as_str());
            tellings.push(self.read(rules, title, &text(&initiative.summary), Vec::new()));
        }
        tellings
    }
}
