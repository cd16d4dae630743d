//! What is asked of the API for the page of a record.

/// A kind of record that has pages.
pub struct Kind {
    /// The first part of its addresses.
    pub name: &'static str,
    pub query: &'static str,
}

/// What all records have.
macro_rules! common {
    () => {
        "key url provenance { source { key name url licence { spdx name url } } path commit url fetchedAt }
         withdrawn { at why mergedInto { ... on Initiative { key } ... on Organisation { key } ... on Town { key } } }"
    };
}

/// The newest initiatives of a record.
macro_rules! initiatives {
    () => {
        "initiatives(first: 50, orderBy: MODIFIED_DESC) { totalCount nodes { title(lang: $lang) url towns { name } status } }"
    };
}

impl Kind {
    pub const ALL: &'static [Self] = &[
        Self {
            name: "initiatives",
            query: concat!(
                "query($key: String!, $lang: Language) { record: initiative(key: $key) { ",
                common!(),
                " title(lang: $lang) summary(lang: $lang) status statusReason audiences tags
                  start { value } end { value } modified point { lat lon }
                  kind { key url label(lang: $lang) } topics { key url label(lang: $lang) }
                  places { town { key url name } area { key url name } }
                  involvements { role organisation { key url name } }
                  figures { metric value unit date { value } } costs { kind amount currency year basis }
                  links { url label } evidence { url label } contact { name email url }
                  licence { spdx name url }
                  caseStudy(lang: $lang) { lang html }
                  caseStudies { lang }
                  similar(first: 5) { node { title(lang: $lang) url } reasons { explanation(lang: $lang) } }
                } }"
            ),
        },
        Self {
            name: "towns",
            query: concat!(
                "query($key: String!, $lang: Language) { record: town(key: $key) { ",
                common!(),
                " name population postcodes formerNames point { lat lon } areas { key url name } ",
                initiatives!(),
                " similar(first: 5) { node { title: name url } reasons { explanation(lang: $lang) } } } }"
            ),
        },
        Self {
            name: "areas",
            query: concat!(
                "query($key: String!, $lang: Language) { record: area(key: $key) { ",
                common!(),
                " name partOf { key url name } ",
                initiatives!(),
                " } }"
            ),
        },
        Self {
            name: "topics",
            query: concat!(
                "query($key: String!, $lang: Language) { record: topic(key: $key) { ",
                common!(),
                " label(lang: $lang) labels { lang text } alternativeLabels(lang: $lang) closeMatches
                  broader { key url label(lang: $lang) } narrower { key url label(lang: $lang) } ",
                initiatives!(),
                " } }"
            ),
        },
        Self {
            name: "organisations",
            query: concat!(
                "query($key: String!, $lang: Language) { record: organisation(key: $key) { ",
                common!(),
                " name otherNames website partOf { key url name } ",
                initiatives!(),
                " } }"
            ),
        },
        Self {
            name: "sources",
            query: concat!(
                "query($key: String!, $lang: Language) { record: source(key: $key) { ",
                common!(),
                " name description address licence { spdx name url } ",
                initiatives!(),
                " } }"
            ),
        },
    ];
}
