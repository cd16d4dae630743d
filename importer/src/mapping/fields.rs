//! The fields of ours that a mapping fills, for the check, the schema and whoever writes one.

use maillage_graph_schema::model::SectionKind;

use super::Makes;

/// A field of a record.
#[derive(Debug, PartialEq, Eq)]
pub struct OurField {
    pub name: &'static str,
    /// Whether it takes all values that its rules lead to, or the first.
    pub takes_many: bool,
    pub about: &'static str,
}

impl OurField {
    /// Whether a table may say what its values are called here: they are words, no texts, dates, addresses or references.
    pub fn has_values(&self) -> bool {
        const NONE: &[&str] = &[
            "title",
            "summary",
            "status_reason",
            "start",
            "end",
            "aliases",
            "links",
            "evidence",
            "costs",
            "contact",
            "picture",
            "picture_text",
            "modified",
            "reviewed",
            "body",
            "name",
            "website",
            "part_of",
        ];
        !NONE.contains(&self.name) && self.name.parse::<SectionKind>().is_err()
    }
}

const fn one(name: &'static str, about: &'static str) -> OurField {
    OurField { name, takes_many: false, about }
}

const fn many(name: &'static str, about: &'static str) -> OurField {
    OurField { name, takes_many: true, about }
}

/// In this order they are filled: a reason that is said goes before the raw text of a status.
const INITIATIVE: &[OurField] = &[
    one("title", "Its title."),
    one("summary", "What it is, in a sentence or two, of plain text."),
    one("lang", "The language of the text: a BCP 47 tag."),
    one("kind", "What sort of initiative it is: a topic, by its key or a label."),
    many("topics", "Topics of the vocabulary, by their keys."),
    many("tags", "What its authors call topics, in any language. What fits none of ours is kept as a tag and counted."),
    many("audience", "For whom it is."),
    one("status_reason", "Why it is in that state, in a sentence."),
    one("status", "idea, pilot, running, scaled, paused or stopped."),
    one("start", "When it began, as precise as it is written."),
    one("end", "When it ended, as precise as it is written."),
    many("aliases", "Former names or addresses of the file: they keep leading to it."),
    many("organisations", "Who takes part, with role, and with in if they have files of their own."),
    many("links", "Web addresses, with label."),
    many("evidence", "Web addresses of what shows it, with label."),
    many("costs", "Sums of money with their currency, with label (for what) and basis."),
    many(
        "contact",
        "How to ask about it: the address of a page, or a mailbox among role_mailboxes. The first that is one holds.",
    ),
    one("picture", "Its picture: a web address, or the path of a file in the repository."),
    one("picture_text", "What the picture shows, for whoever does not see it."),
    one("license", "The licence of the text: SPDX, or as people write it."),
    one("modified", "The day of its last change."),
    one("reviewed", "The day on which it was last read again."),
    many("body", "The text, where it stands in fields."),
    many("problem", "A section of the text that stands in a field: the problem."),
    many("solution", "A section of the text that stands in a field: what was done."),
    many("results", "A section of the text that stands in a field: what came of it."),
    many("pitfalls", "A section of the text that stands in a field: what to be wary of."),
    many("conditions", "A section of the text that stands in a field: what it takes."),
    many("lessons", "A section of the text that stands in a field: what was learnt."),
    many("transferability", "A section of the text that stands in a field: what others can take over."),
];

const ORGANISATION: &[OurField] = &[
    one("name", "Its name."),
    many("other_names", "Abbreviations and names in other languages."),
    one("website", "Its web address."),
    one("part_of", "The organisation that it is a part of, with in."),
    many("aliases", "Former names or addresses of the file: they keep leading to it."),
    one("lang", "The language of the name: a BCP 47 tag."),
];

/// Of files that make no record.
const REFERENT: &[OurField] = &[one("name", "Its name, by which others refer to it.")];

/// The fields of what a collection makes.
pub const fn of(makes: Makes) -> &'static [OurField] {
    match makes {
        Makes::Initiatives => INITIATIVE,
        Makes::Organisations => ORGANISATION,
        Makes::Nothing => REFERENT,
    }
}
