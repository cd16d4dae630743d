//! Case studies: `(:Initiative)-[:DESCRIBED_BY]->(:CaseStudy)`, their sections as three parallel lists.

use neo4rs::{BoltMap, Row};
use serde::Deserialize;

use super::{Properties as _, Relations, Unreadable, Written, parallel, parse, parse_gap, parse_optional, unreadable};
use crate::model::{CaseStudy, Picture, RecordKey as _, Relation, Section};

pub(super) fn write(study: &CaseStudy, written: &mut Written) {
    let properties = &mut written.properties;
    properties.text("language", &study.language);
    properties.text("title", &study.title);
    properties.optional("summary", study.summary.as_ref());
    properties.list("sectionKinds", study.sections.iter().map(|section| section.kind));
    properties.list_with_gaps("sectionHeadings", study.sections.iter().map(|section| section.heading.as_ref()));
    properties.list("sectionTexts", study.sections.iter().map(|section| &section.markdown));
    if let Some(picture) = &study.picture {
        properties.text("pictureUrl", &picture.url);
        properties.optional("pictureAlternativeText", picture.alternative_text.as_ref());
        properties.optional("pictureCredit", picture.credit.as_ref());
    }
    properties.optional("translationOf", study.translation_of.as_ref());
    properties.optional("licence", study.licence.as_ref());
    written.relate(Relation::DescribedBy, &study.initiative.reference(), BoltMap::new());
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    key: &'a str,
    language: &'a str,
    title: &'a str,
    summary: Option<&'a str>,
    #[serde(default, borrow)]
    section_kinds: Vec<&'a str>,
    #[serde(default, borrow)]
    section_headings: Vec<&'a str>,
    #[serde(default, borrow)]
    section_texts: Vec<&'a str>,
    picture_url: Option<&'a str>,
    picture_alternative_text: Option<&'a str>,
    picture_credit: Option<&'a str>,
    translation_of: Option<&'a str>,
    licence: Option<&'a str>,
}

pub(super) fn read(row: &Row) -> Result<CaseStudy, Unreadable> {
    let node: Node<'_> = row.get("node")?;
    let relations = Relations::of(row)?;
    let (initiative, _) = node.key.split_once('/').ok_or_else(|| unreadable("key", "has no language"))?;
    let picture = |url| -> Result<Picture, Unreadable> {
        Ok(Picture {
            url: parse("pictureUrl", url)?,
            alternative_text: parse_optional("pictureAlternativeText", node.picture_alternative_text)?,
            credit: parse_optional("pictureCredit", node.picture_credit)?,
        })
    };
    Ok(CaseStudy {
        initiative: parse("key", initiative)?,
        language: parse("language", node.language)?,
        title: parse("title", node.title)?,
        summary: parse_optional("summary", node.summary)?,
        sections: read_sections(&node)?,
        picture: node.picture_url.map(picture).transpose()?,
        translation_of: parse_optional("translationOf", node.translation_of)?,
        licence: parse_optional("licence", node.licence)?,
        provenance: relations.provenance()?,
    })
}

fn read_sections(node: &Node<'_>) -> Result<Vec<Section>, Unreadable> {
    let headed: Vec<_> = parallel("sectionHeadings", &node.section_kinds, &node.section_headings)?.collect();
    parallel("sectionTexts", &headed, &node.section_texts)?
        .map(|((kind, heading), markdown)| {
            Ok(Section {
                kind: parse("sectionKinds", kind)?,
                heading: parse_gap("sectionHeadings", heading)?,
                markdown: (*markdown).to_owned(),
            })
        })
        .collect()
}
