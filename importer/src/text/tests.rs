use maillage_graph_schema::model::Provenance;

use super::{Setting, plain, words};

fn html(markdown: &str) -> String {
    super::html(markdown, Setting::default())
}

#[test]
fn markdown_becomes_safe_html() {
    let rel = "rel=\"nofollow noopener noreferrer\"";
    for (markdown, expected) in [
        ("Bonjour *Agen*", "<p>Bonjour <em>Agen</em></p>\n".to_owned()),
        ("# A\n\n## B", "<h3>A</h3>\n<h4>B</h4>\n".to_owned()),
        ("### A\n\n###### B", "<h3>A</h3>\n<h6>B</h6>\n".to_owned()),
        ("[a](https://a.fr)", format!("<p><a href=\"https://a.fr\" {rel}>a</a></p>\n")),
        ("[a](javascript:alert(1))", "<p>a</p>\n".to_owned()),
        ("[a](autre.md)", "<p>a</p>\n".to_owned()),
        ("a<script>alert(1)</script>b", "<p>ab</p>\n".to_owned()),
        (
            "a <noscript>[*b*](https://a.fr)</noscript> <input type=email>",
            format!("<p>a <a href=\"https://a.fr\" {rel}><em>b</em></a> </p>\n"),
        ),
        ("<p style=\"color:red\" onclick=\"x()\" class=\"big\">a</p>", "<p>a</p>".to_owned()),
        (
            "<iframe\n  src=\"https://a.fr/v\" title=\"Le film\"></iframe>\n\nb",
            format!("<a href=\"https://a.fr/v\" {rel}>Le film</a>\n<p>b</p>\n"),
        ),
        ("<h1>A</h1>\n\n<h5>B</h5>", "<h3>A</h3>\n<h5>B</h5>".to_owned()),
        ("<figure><figcaption>A</figcaption></figure>", "<figure><figcaption>A</figcaption></figure>".to_owned()),
        ("![plan](https://a.fr/p.png)", format!("<p><a href=\"https://a.fr/p.png\" {rel}>plan</a></p>\n")),
        (
            "![](https://a.fr/le%20plan.png?w=1)",
            format!("<p><a href=\"https://a.fr/le%20plan.png?w=1\" {rel}>le plan.png</a></p>\n"),
        ),
        ("[](https://a.fr/)", format!("<p><a href=\"https://a.fr/\" {rel}>a.fr</a></p>\n")),
        ("[![](https://a.fr/p.png)](https://a.fr)", format!("<p><a href=\"https://a.fr\" {rel}>p.png</a></p>\n")),
        ("![](javascript:alert(1))", "<p></p>\n".to_owned()),
        ("<img src=\"https://a.fr/p.png\">", format!("<a href=\"https://a.fr/p.png\" {rel}>p.png</a>")),
        ("<img src=\"https://a.fr/p.png\" alt=\"\">", String::new()),
        ("[![plan](https://a.fr/p.png)](https://a.fr)", format!("<p><a href=\"https://a.fr\" {rel}>plan</a></p>\n")),
        ("<img src=\"https://a.fr/p.png\" alt=\"x\">", format!("<a href=\"https://a.fr/p.png\" {rel}>x</a>")),
        (
            "<a href='https://a.fr'><img src=\"https://a.fr/p.png\" alt=x></a>",
            format!("<p><a href=\"https://a.fr\" {rel}>x</a></p>\n"),
        ),
    ] {
        assert_eq!(html(markdown), expected, "{markdown}");
    }
}

#[test]
fn tables_and_task_lists_are_kept() {
    assert!(html("| a | b |\n|---|---|\n| 1 | 2 |").contains("<td>1</td>"));
    let tasks = html("- [x] fait\n- [ ] à faire");
    assert!(tasks.contains("type=\"checkbox\"") && tasks.contains("checked"), "{tasks}");
}

#[test]
fn plain_text_keeps_the_words() {
    for (markdown, expected) in [
        ("# Titre\n\nUn *mot* et [un lien](https://a.fr).\n\n- a\n- b", "Titre\nUn mot et un lien.\na\nb"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b\n1 2"),
        ("<div><b>gras</b> &amp; <script>x()</script>net</div>", "gras & net"),
        ("a\nb  \nc", "a b\nc"),
        ("`code`", "code"),
    ] {
        assert_eq!(plain(markdown), expected, "{markdown}");
    }
}

#[test]
fn hostile_html_is_harmless() {
    for hostile in [
        "<svg onload=alert(1)><a href='javascript:alert(1)'>a</a></svg>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<img src='data:text/html;base64,PHNjcmlwdD4=' alt=a>",
        "<a href=\"jav&#x09;ascript:alert(1)\">a</a>",
        "<a href=' javascript:alert(1)'>a</a>",
        "<a href=\"//evil.example/\" onmouseover=alert(1)>a</a>",
        "[a](data:text/html,<script>alert(1)</script>)",
        "[a](JaVaScRiPt:alert(1))",
        "[a](vbscript:x)",
        "![a](javascript:alert(1))",
        "<javascript:alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<iframe src=javascript:alert(1)></iframe>",
        "<object data='data:text/html,x'></object><embed src='javascript:x'>",
        "<form action=https://evil.example><input name=password><button>ok</button></form>",
        "<style>body{background:url(https://evil.example)}</style>",
        "<p style='background:url(https://evil.example)'>a</p>",
        "<link rel=stylesheet href=https://evil.example><meta http-equiv=refresh content='0;url=https://evil.example'><base href=https://evil.example>",
        "<video poster=https://evil.example/p.png src=x onerror=alert(1)></video>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<template><img src=x onerror=alert(1)></template>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<a title=\"x\" href=\"https://a.fr/\"onclick=alert(1)>a</a>",
        "[a](https://a.fr/\"onmouseover=alert(1))",
        "![\"onerror=alert(1) x=\"](https://a.fr/p.png)",
    ] {
        let shown = html(hostile).to_lowercase();
        let tags: Vec<&str> = shown.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default()).collect();
        for tag in tags {
            let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
            assert!(["p", "a", "table", "tbody", "em", "input", "blockquote"].contains(&name), "{hostile} gives {shown}");
            // Whatever stands in quotes is text.
            let bare: String = tag.split('"').step_by(2).collect();
            assert!(!bare.contains("on") || name == "input" || bare.contains("noopener"), "{hostile} gives {shown}");
            for word in ["javascript:", "data:", "vbscript:"] {
                assert!(!tag.contains(word), "{hostile} gives {shown}");
            }
            for word in ["style=", "src=", "srcdoc"] {
                assert!(!bare.contains(word), "{hostile} gives {shown}");
            }
        }
    }
}

#[test]
fn alerts_say_what_they_are() {
    let french = "fr".parse().expect("a language");
    let setting = Setting { language: Some(&french), ..Setting::default() };
    let expected = "<blockquote>\n<p><strong>Avertissement</strong></p>\n<p>Fermé</p>\n</blockquote>\n";
    assert_eq!(super::html("> [!WARNING]\n> Fermé", setting), expected);
    assert!(html("> [!TIP]\n> a").contains("<strong>Tip</strong>"));
    assert_eq!(plain("> [!TIP]\n> Un mot"), "Un mot");
}

#[test]
fn links_start_from_where_the_text_was_read() {
    let mut origin = Provenance::of("agen".parse().expect("a key"));
    origin.repository = "https://github.com/agen/cases".parse().ok();
    origin.path = "cases/a.md".parse().ok();
    origin.commit = "c0".parse().ok();
    let setting = Setting { origin: Some(&origin), ..Setting::default() };
    let rel = "rel=\"nofollow noopener noreferrer\"";
    for (markdown, expected) in [
        ("[a](b.pdf)", format!("<p><a href=\"https://github.com/agen/cases/blob/c0/cases/b.pdf\" {rel}>a</a></p>\n")),
        ("![a](b.png)", format!("<p><a href=\"https://raw.githubusercontent.com/agen/cases/c0/cases/b.png\" {rel}>a</a></p>\n")),
        (
            "<img src=b.png alt='a &amp; b'>",
            format!("<a href=\"https://raw.githubusercontent.com/agen/cases/c0/cases/b.png\" {rel}>a &amp; b</a>"),
        ),
        ("[a](maillage:agen-wifi)", format!("<p><a href=\"/initiatives/agen-wifi\" {rel}>a</a></p>\n")),
        ("[a][b]\n\n[b]: /c.pdf", format!("<p><a href=\"https://github.com/agen/cases/blob/c0/c.pdf\" {rel}>a</a></p>\n")),
        ("[a](#b) [c](wiki:d)", "<p>a c</p>\n".to_owned()),
    ] {
        assert_eq!(super::html(markdown, setting), expected, "{markdown}");
    }
}

#[test]
fn plain_text_has_no_tag_that_spans_lines() {
    let html = "<div\nclass=\"wide\"\nid=\"x\"><p>Le texte.</p></div>\n\nAprès";
    assert_eq!(plain(html), "Le texte.\nAprès");
}

#[test]
fn values_of_forms_are_words() {
    for (value, expected) in [
        ("A <b>bold</b> title &amp; more", "A bold title & more"),
        (
            "<p>The <em>town</em> asks&nbsp;its <a href=\"https://a.fr\">people</a>.</p><p>Twice.</p>",
            "The town asks its people. Twice.",
        ),
        ("L&rsquo;&eacute;t&eacute;<br>ici", "L’été ici"),
        ("a < b & c > d", "a < b & c > d"),
        ("Vec<T> &c; R&D", "Vec<T> &c; R&D"),
        ("Vec<T> <p>a < b</p>", "Vec<T> a < b"),
        ("&lt;script&gt;", "<script>"),
        ("<iframe src=\"https://a.fr/map\" width=600></iframe>A map", "A map"),
        ("<p>a</p><script>b</script>", "a <script>b</script>"),
    ] {
        assert_eq!(words(value), expected, "{value}");
    }
}
