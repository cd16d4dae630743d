//! The values of the domain: what is read, as what, and what is refused.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use chrono::{DateTime, NaiveDate};
use maillage_graph_schema::model::{
    AreaKey, AreaKind, Audience, BoundingBox, CaseStudy, CaseStudyKey, DatePrecision, InitiativeKey, Instant, Language, Licence,
    Number, PartialDate, Point, RecordKind, RecordRef, Relation, Section, SectionKind, Status, Text, Topic, TopicKey, TownKey,
    ValueError, WebAddress,
};
use maillage_graph_schema::store::contract::sample;

/// Reads each text; one that is read is written as it stands beside it, and reads back from that as the same.
#[track_caller]
fn check<T: FromStr<Err = ValueError> + Display + Debug + PartialEq>(accepted: &[(&str, &str)], refused: &[&str]) {
    for (text, written) in accepted {
        let value: T = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(value.to_string(), *written, "{text:?}");
        assert_eq!(written.parse::<T>().as_ref(), Ok(&value), "{text:?} read back");
    }
    for text in refused {
        let error = text.parse::<T>().expect_err(text);
        assert!(!error.expected.is_empty());
        assert!(text.starts_with(&error.value), "{error} does not name {text:?}");
    }
}

#[test]
fn texts_are_trimmed_and_say_something() {
    check::<Text>(
        &[
            ("Agen", "Agen"),
            (" \n Agen\u{a0}\u{2003}", "Agen"),
            ("a\nb\tc\r\nd", "a\nb\tc\r\nd"),
            ("a\u{2028}b", "a\u{2028}b"),
            ("œ 🧵", "œ 🧵"),
        ],
        &["", " ", "\n\t", "\u{2028}", "a\u{0}b", "a\u{7}b", "a\u{7f}b", "a\u{85}b", "a\u{9b}b"],
    );
}

#[test]
fn languages_are_written_in_their_customary_case() {
    check::<Language>(
        &[
            ("fr", "fr"),
            ("FR", "fr"),
            ("oci", "oci"),
            ("pt-br", "pt-BR"),
            ("ZH-hANT-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("de-1996", "de-1996"),
            ("sl-Rozaj-BISKE", "sl-rozaj-biske"),
            ("en-U-CA-GREGORY", "en-u-ca-gregory"),
            ("en-x-Priv-AB", "en-x-priv-ab"),
        ],
        &[
            "",
            "f",
            "french",
            "fr-",
            "-fr",
            "fr--CA",
            "fr_CA",
            "f1",
            "fré",
            "fr-abcdefghi",
            " fr",
            "fr-1234567-1234567-1234567-1234567-1",
        ],
    );
    assert_eq!("zh-Hant-TW".parse::<Language>().unwrap().primary(), "zh");
}

#[test]
fn licences_are_those_of_the_table() {
    check::<Licence>(
        &[("CC-BY-4.0", "CC-BY-4.0"), ("cc-by-4.0", "CC-BY-4.0"), ("ETALAB-2.0", "etalab-2.0")],
        &["", "CC-BY", "CC BY 4.0", "proprietary", " MIT"],
    );
    let open = |text: &str| text.parse::<Licence>().unwrap().is_open();
    assert!(open("etalab-2.0") && open("CC0-1.0") && !open("CC-BY-NC-4.0") && !open("CC-BY-ND-4.0"));
    let all: Vec<Licence> = Licence::all().collect();
    assert!(all.is_sorted(), "the table is in order");
    for licence in all {
        assert!(licence.address().starts_with("https://") && !licence.name().is_empty(), "{licence}");
    }
}

#[test]
fn web_addresses_are_absolute_and_kept_as_written() {
    check::<WebAddress>(
        &[
            ("https://example.org", "https://example.org"),
            (" https://example.org/é?q=1#f ", "https://example.org/é?q=1#f"),
            ("HTTP://EXAMPLE.ORG/A%20b", "HTTP://EXAMPLE.ORG/A%20b"),
            ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
            ("https://mairie-étoile.fr", "https://mairie-étoile.fr"),
        ],
        &[
            "",
            "example.org",
            "//example.org",
            "http:example.org",
            "https:/example.org",
            "https:\\\\example.org",
            "https://",
            "ftp://example.org",
            "javascript:alert(1)",
            "data:text/html,a",
            "mailto:a@example.org",
            "https://example.org/a b",
            "https://exa\nmple.org",
            "https://[::1",
            "é",
        ],
    );
}

#[test]
fn dates_keep_their_precision() {
    check::<PartialDate>(
        &[("2018", "2018"), ("2018-05", "2018-05"), ("2018-05-21", "2018-05-21"), ("2020-02-29", "2020-02-29"), ("0001", "0001")],
        &[
            "",
            "18",
            "02018",
            "0000",
            "2018-5",
            "2018-13",
            "2018-00",
            "2019-02-29",
            "2018-04-31",
            "2018-05-21-01",
            "2018-",
            "21/05/2018",
            "-2018",
            "+2018",
            "２０１８",
            "2018-05-21T00:00:00Z",
        ],
    );
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    for (text, precision, first, last) in [
        ("2018", DatePrecision::Year, day(2018, 1, 1), day(2018, 12, 31)),
        ("2020-02", DatePrecision::Month, day(2020, 2, 1), day(2020, 2, 29)),
        ("2018-12", DatePrecision::Month, day(2018, 12, 1), day(2018, 12, 31)),
        ("2018-05-21", DatePrecision::Day, day(2018, 5, 21), day(2018, 5, 21)),
        ("9999", DatePrecision::Year, day(9999, 1, 1), day(9999, 12, 31)),
    ] {
        let date: PartialDate = text.parse().unwrap();
        assert_eq!((date.precision(), date.first_day(), date.last_day()), (precision, first, last), "{text}");
    }
    let mut dates = ["2018-01-01", "2018", "2017-12", "2018-01"].map(|text| text.parse::<PartialDate>().unwrap());
    dates.sort();
    assert_eq!(dates.map(|date| date.to_string()), ["2017-12", "2018", "2018-01", "2018-01-01"]);
}

#[test]
fn moments_are_in_utc_to_the_millisecond() {
    check::<Instant>(
        &[
            ("2026-11-24T02:26:03Z", "2026-11-24T02:26:03.000Z"),
            ("2026-11-24T02:26:03.123999Z", "2026-11-24T02:26:03.123Z"),
            ("2026-11-24T02:26:03+01:00", "2026-11-24T01:26:03.000Z"),
            ("2026-11-24", "2026-11-24T00:00:00.000Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            // A leap second counts as the one before it.
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999Z"),
            ("0001-01-01", "0001-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ],
        &[
            "",
            "2026",
            "2026-11",
            "2026-1-4",
            "2026-11-24T02:26:03",
            "2026-11-31",
            "24/11/2026",
            "2026-11-24T25:00:00Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
        ],
    );
    let moment = DateTime::from_timestamp(-1, 123_456_789).unwrap();
    assert_eq!(Instant::from(moment).to_string(), "1969-12-31T23:59:59.123Z");
}

#[test]
fn keys_are_ascii_and_of_their_kind() {
    let long = "a".repeat(200);
    let too_long = "a".repeat(201);
    check::<TopicKey>(
        &[("fablab", "fablab"), ("a-1", "a-1"), ("2018", "2018"), (&long, &long)],
        &["", "-", "a-", "-a", "a--b", "A", "é", "a_b", "a b", "a/b", "a:b", &too_long],
    );
    check::<TownKey>(
        &[("insee:47001", "insee:47001"), ("insee:2A004", "insee:2A004"), ("geonames:1-2", "geonames:1-2")],
        &["47001", ":47001", "insee:", "INSEE:47001", "insee:47 001", "insee:47:001", "insee:é", "insee/47001"],
    );
    let longest_study = format!("{long}/zh-Hant-TW");
    check::<CaseStudyKey>(
        &[("agen-wifi/fr", "agen-wifi/fr"), ("a/zh-Hant", "a/zh-Hant"), (&longest_study, &longest_study)],
        &["agen-wifi", "agen-wifi/", "/fr", "agen-wifi/FR", "agen-wifi/french", "a/fr/en", "A/fr"],
    );
    // The longest initiative has case studies in every language.
    let longest: InitiativeKey = long.parse().unwrap();
    let language: Language = "de-1234567-1234567-1234567-1234567".parse().unwrap();
    let key = CaseStudyKey::new(&longest, &language);
    assert_eq!(key.to_string().parse::<CaseStudyKey>(), Ok(key));
    for (key, kind) in [
        ("epci:200035459", AreaKind::Intercommunality),
        ("ept:T1", AreaKind::Intercommunality),
        ("department:47", AreaKind::Department),
        ("region:75", AreaKind::Region),
        ("country:FR", AreaKind::Country),
        ("continent:EU", AreaKind::Other),
    ] {
        assert_eq!(key.parse::<AreaKey>().unwrap().area_kind(), kind, "{key}");
    }
}

#[test]
fn references_name_a_kind_and_a_key_of_it() {
    check::<RecordRef>(
        &[
            ("town/insee:47001", "town/insee:47001"),
            ("case-study/agen-wifi/fr", "case-study/agen-wifi/fr"),
            ("initiative/fr", "initiative/fr"),
        ],
        &[],
    );
    for refused in
        ["", "town", "town/", "town/agen", "ville/insee:47001", "topic/insee:47001", "case-study/agen-wifi", "Town/insee:1"]
    {
        assert!(refused.parse::<RecordRef>().is_err(), "{refused:?}");
    }
    let town: RecordRef = "town/insee:47001".parse().unwrap();
    assert_eq!(town.key_as::<TownKey>().map(|key| key.to_string()).as_deref(), Some("insee:47001"));
    assert_eq!(town.key_as::<AreaKey>(), None);
}

#[test]
fn written_values_read_back_each_in_one_form() {
    fn each<T: Copy + Debug + Display + PartialEq + FromStr<Err = ValueError>>(all: &[T]) {
        for value in all {
            let written = value.to_string();
            assert_eq!(written.parse::<T>().as_ref(), Ok(value));
            for other in [written.to_uppercase(), written.to_lowercase(), format!(" {written}"), String::new()] {
                assert!(other == written || other.parse::<T>().is_err(), "{other:?}");
            }
        }
    }
    each(RecordKind::ALL);
    each(Relation::ALL);
    each(Status::ALL);
    each(Audience::ALL);
    each(SectionKind::ALL);
    let error = "stoped".parse::<Status>().unwrap_err();
    assert_eq!(error.to_string(), r#""stoped" is not a status: expected idea, pilot, running, scaled, paused, stopped"#);
}

#[test]
fn numbers_and_points_are_within_bounds() {
    assert!(Number::new(f64::NAN).is_err() && Number::new(f64::INFINITY).is_err() && Number::new(f64::MAX).is_ok());
    assert!(Number::new(-0.0).unwrap().get().is_sign_positive());
    for (latitude, longitude, is_one) in [
        (90.0, 180.0, true),
        (-90.0, -180.0, true),
        (90.1, 0.0, false),
        (0.0, 180.000_001, false),
        (f64::NAN, 0.0, false),
        (0.0, f64::INFINITY, false),
    ] {
        assert_eq!(Point::new(latitude, longitude).is_ok(), is_one, "{latitude}, {longitude}");
    }
    let zero = Point::new(-0.0, -0.0).unwrap();
    assert!(zero.latitude().is_sign_positive() && zero.longitude().is_sign_positive());
    let [south, north] = [-1.0, 2.0].map(|latitude| Point::new(latitude, 170.0).unwrap());
    let east = Point::new(0.5, -170.0).unwrap();
    assert!(BoundingBox::new(north, south).is_err());
    assert!(BoundingBox::new(south, east).is_ok(), "a box may cross the antimeridian");
    let around = BoundingBox::around([north, south, east]).unwrap();
    assert_eq!((around.south_west(), around.north_east()), (Point::new(-1.0, -170.0).unwrap(), Point::new(2.0, 170.0).unwrap()));
    assert_eq!(BoundingBox::around([]), None);
}

#[test]
fn labels_are_in_the_language_asked_for_or_the_nearest() {
    let labels = |tags: &[&str]| Topic {
        labels: tags.iter().map(|tag| (tag.parse().unwrap(), tag.parse().unwrap())).collect(),
        ..sample::topic("fablab", "x")
    };
    for (tags, asked, expected) in [
        (["fr", "en"].as_slice(), "fr", "fr"),
        (&["fr", "en"], "fr-CA", "fr"),
        (&["pt-BR", "en"], "pt", "pt-BR"),
        (&["fr", "en"], "de", "en"),
        (&["fr", "it"], "de", "fr"),
        (&["it", "oc"], "de", "it"),
    ] {
        assert_eq!(labels(tags).label(&asked.parse().unwrap()), expected, "{asked} of {tags:?}");
    }
}

#[test]
fn a_case_study_is_told_as_one_text() {
    let section = |heading: Option<&str>, markdown: &str| Section {
        kind: SectionKind::Other,
        heading: heading.map(|heading| heading.parse().unwrap()),
        markdown: markdown.to_owned(),
    };
    for (sections, expected) in [
        (vec![], ""),
        (vec![section(None, "Avant.\n\n")], "Avant.\n"),
        (
            vec![section(None, "Avant."), section(Some("Coûts"), ""), section(Some("Et après"), "- un\n- deux\n")],
            "Avant.\n\n## Coûts\n\n## Et après\n\n- un\n- deux\n",
        ),
    ] {
        assert_eq!(CaseStudy { sections, ..sample::case_study("a", "A") }.markdown(), expected);
    }
}
