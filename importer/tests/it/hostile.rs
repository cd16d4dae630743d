//! Whatever a file holds, reading it gives diagnostics, never a panic.

use maillage_importer::limits::Limits;
use maillage_importer::parse::body::{self, Headings};
use maillage_importer::parse::personal::{self, RoleMailboxes};
use maillage_importer::parse::{Reading, clean, front_matter};
use maillage_importer::source::{Content, SourceFile};
use maillage_importer::text;
use proptest::prelude::*;

/// Texts with what parsers stumble over, more often than chance gives it.
fn odd_text() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        Just("---\n".to_owned()),
        Just("+++\r\n".to_owned()),
        Just("title: ".to_owned()),
        Just("towns:\n  - ".to_owned()),
        Just("{code: '47001', name: ".to_owned()),
        Just("}\n".to_owned()),
        Just("## Solution\n".to_owned()),
        Just("[a](mailto:".to_owned()),
        Just("é@b.fr".to_owned()),
        Just("+33 5\u{a0}53 69 47 00".to_owned()),
        Just("\u{2028}\u{feff}\0".to_owned()),
        Just("[^1]: ".to_owned()),
        Just("&x ".to_owned()),
        Just("*x ".to_owned()),
        Just("<script>".to_owned()),
        Just("![é](é b.jpg)".to_owned()),
        Just("<div>".to_owned()),
        Just("</section>\n".to_owned()),
        Just("<h2>é</h2>".to_owned()),
        Just(" {#é .b}\n===\n".to_owned()),
        Just("| a | b |\n|---|---|\n".to_owned()),
        "\\PC{0,12}",
        "[ \\t\\r\\n:,\\[\\]{}'\"|>#&*!%@`-]{0,8}",
    ];
    proptest::collection::vec(parts, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn reading_never_fails(body in odd_text(), front in odd_text(), raw in proptest::collection::vec(any::<u8>(), 0..64)) {
        let limits = Limits::default();
        let folder = std::path::Path::new("files");
        let source = crate::fixtures::source("agen", folder);
        let headings = Headings::default();
        let reading = Reading { source: &source, mapping: None, headings: &headings, limits: &limits };
        let whole = format!("---\n{front}\n---\n{body}");
        for bytes in [whole.into_bytes(), body.clone().into_bytes(), raw] {
            reading.read(&SourceFile { path: "a/b.md".to_owned(), content: Content::Bytes(bytes) });
        }
        let _ = front_matter::split(&body, &limits);
    }

    #[test]
    fn reading_by_a_mapping_never_fails(body in odd_text()) {
        let mapping = "[collections.a]\nmakes = \"initiatives\"\nfiles = [\"**\"]\nkey = \"a-{file_stem}\"\n\
                       fields = { title = \"{heading}\", summary = \"{first_paragraph}\" }\n";
        let mapping = maillage_importer::mapping::parse(mapping).expect("a mapping");
        let source = crate::fixtures::source("agen", std::path::Path::new("files"));
        let headings = Headings::default();
        let limits = Limits::default();
        let reading = Reading { source: &source, mapping: Some(&mapping), headings: &headings, limits: &limits };
        reading.read(&SourceFile { path: "a/b.md".to_owned(), content: Content::Bytes(body.into_bytes()) });
    }

    #[test]
    fn text_comes_out_clean(written in odd_text()) {
        let roles = RoleMailboxes::default();
        let tidy = clean::tidy(&written);
        prop_assert_eq!(&clean::tidy(&tidy), &tidy);
        let (kept, _) = personal::without_personal_data(&tidy, &roles);
        let (again, _) = personal::without_personal_data(&kept, &roles);
        prop_assert_eq!(again.matches('@').count(), kept.matches('@').count());
        for section in body::sections(&kept, None, &Headings::default()) {
            let html = text::html(&section.markdown, text::Setting::default());
            prop_assert!(!html.contains("<script"), "{html:?}");
            text::plain(&section.markdown);
        }
    }
}
