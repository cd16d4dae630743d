use super::{without_head, without_templates};

fn check(cases: &[(&str, &str)]) {
    for (written, expected) in cases {
        assert_eq!(without_templates(written, "a.md"), *expected, "{written}");
        // What was taken out once leaves nothing to take out.
        assert_eq!(without_templates(expected, "a.md"), *expected, "again: {written}");
    }
}

#[test]
fn liquid_goes_and_its_text_stays() {
    check(&[
        ("{% if page.x %}Un texte.{% endif %}", "Un texte."),
        ("a {%- assign b = \"c d\" -%} e", "a  e"),
        ("{% comment %}rien{% endcomment %}b", "b"),
        ("[a]({% link _posts/2020-01-01-b.md %})", "[a](_posts/2020-01-01-b.md)"),
        ("[a]({{ site.baseurl }}/b) {{ page.title | escape }}.", "[a](/b) ."),
        ("![a]({{ \"/assets/b.png\" | relative_url }})", "![a](/assets/b.png)"),
        ("{% include figure.html src=\"/b.png\" alt=\"Un plan\" %}", "![Un plan](/b.png)"),
        ("A\n      {% render 'quote',\n        text: 'Un texte'\n      %}\nB", "A\n   \n\n> Un texte\n\n\nB"),
        (
            "<div></div>\n{% img 'a.png' title:'Une question' %}\n<div></div>",
            "<div></div>\n\n![Une question](a.png)\n\n<div></div>",
        ),
        ("{% quote { \"author\": \"A. B.\" } %}Du texte{% endquote %} et", "Du texte — A. B. et"),
        ("{% metrics { \"items\": [{\"number\":\"3\",\"text\":\"%} apports\"}] } %}", "\n- 3 %} apports\n"),
        ("Voir {% include email.html user='anna.muster' domain='verein.de' %}.", "Voir ."),
        ("Voir {% include email.html name='anna.muster' domain='verein.de' %}.", "Voir ."),
        ("Voir {% include email.html name='Anna' url='https://verein.de' %}.", "Voir [Anna](https://verein.de)."),
        ("{% highlight ruby %}\nputs 1\n{% endhighlight %}", "\n```ruby\nputs 1\n```\n"),
    ]);
    // What is shown as it stands is read no further.
    assert_eq!(without_templates("{% raw %}{{ x }}{% endraw %}", "a.md"), "{{ x }}");
}

#[test]
fn attributes_of_headings_go() {
    check(&[
        ("## Le projet {#projet .grand dir=\"ltr\"}\n\nA", "## Le projet \n\nA"),
        ("# Un kiosque {#2018-kiosque}", "# Un kiosque "),
        ("## Annexe {-}\n## B {.unnumbered} ##", "## Annexe \n## B  ##"),
        ("## A {title=\"un titre de plusieurs mots\" #a}", "## A "),
        ("Le projet {#projet}\n========\n\nA", "Le projet \n========\n\nA"),
        ("Le projet {.grand dir=\"ltr\"}\n---\nA", "Le projet \n---\nA"),
        ("Le projet {: #projet}\n---\nA", "Le projet \n---\nA"),
        ("Le projet {grand}\n---\n## Un {mot} {ici}\n", "Le projet {grand}\n---\n## Un {mot} {ici}\n"),
        ("Le projet {#projet}\n\n---\nA {#b} c\n===", "Le projet {#projet}\n\n---\nA {#b} c\n==="),
        ("## La note {#3} du jour", "## La note {#3} du jour"),
    ]);
}

#[test]
fn shortcodes_go_and_their_text_stays() {
    check(&[
        ("### {{< figure src=\"/a.png\" alt=\"Avatar\" >}} Amanda", "### ![Avatar](/a.png) Amanda"),
        ("{{< callout icon=\"fa-x\" >}}\nUn **mot**\n{{< /callout >}}\n", "\nUn **mot**\n\n"),
        ("{{% notice tip \"Un conseil\" %}}\nTexte\n{{% /notice %}}", "**Un conseil**\n\n\nTexte\n"),
        ("[b]({{<ref \"/projekte/b.md\">}})", "[b](/projekte/b.md)"),
        ("{{< youtube id=\"abc\" >}}", "[www.youtube.com](https://www.youtube.com/watch?v=abc)"),
        ("{{< email \"anna.muster\" \"verein.de\" >}}, {{< mail user=\"anna\" title=\"Anna\" host=\"verein.de\" >}}", ", Anna"),
        ("{{< button href=\"https://a.fr\" >}}Voir{{< /button >}}", "[Voir](https://a.fr)"),
        ("{{<row>}}{{<column>}}a{{</column>}}{{</row>}}", "a"),
        ("{{< figure src=\"a.png\"", "{{< figure src=\"a.png\""),
    ]);
    assert_eq!(without_templates("{{</* youtube x */>}}", "a.md"), "{{< youtube x >}}");
}

#[test]
fn blocks_of_gitbook_go_and_their_text_stays() {
    check(&[
        ("{% hint style=\"info\" %}\nÀ savoir\n{% endhint %}", "\nÀ savoir\n"),
        ("{% tabs %}\n{% tab title=\"Ville\" %}\nA\n{% endtab %}\n{% endtabs %}", "\n**Ville**\n\n\nA\n\n"),
        ("{% embed url=\"https://a.fr/v\" %}", "[a.fr](https://a.fr/v)"),
        ("{% content-ref url=\"b.md\" %}\n[b.md](b.md)\n{% endcontent-ref %}", "[b.md](b.md)\n[b.md](b.md)\n"),
    ]);
}

#[test]
fn modules_and_components_go_and_their_text_stays() {
    for (written, expected) in [
        ("import Tabs from '@theme/Tabs';\nimport './a.css'\n\n# Titre\n", "\n# Titre\n"),
        ("import {\n  A,\n} from 'b'\n\nTexte", "\nTexte"),
        ("export const meta = {\n  a: 1,\n}\n\nTexte", "\nTexte"),
        ("import A from 'b'\n\n<Tabs>\n<TabItem label=\"Un\">\nx\n</TabItem>\n</Tabs>", "\n\n**Un**\n\n\nx\n\n"),
        ("<Figure src={require('./a.png').default} alt=\"Un plan\" />", "![Un plan](./a.png)"),
        ("<Link href=\"https://a.fr\">Voir</Link>", "[Voir](https://a.fr)"),
        ("<div style={{color: 'red'}} id=\"x\">a</div>", "<div id=\"x\">a</div>"),
        ("a {/* rien */} b", "a  b"),
        ("Il faut import de données.\nimport massif de fichiers", "Il faut import de données.\nimport massif de fichiers"),
        (
            "<Nom de la commune> et <https://a.fr> et <BR> et <b>c</b>",
            "<Nom de la commune> et <https://a.fr> et <BR> et <b>c</b>",
        ),
    ] {
        assert_eq!(without_templates(written, "a.md"), expected, "{written}");
    }
    assert_eq!(without_templates("a {props.title} <>b</>", "a.mdx"), "a  b");
    assert_eq!(without_templates("a {props.title}", "a.md"), "a {props.title}");
}

#[test]
fn attributes_comments_and_markers_go() {
    check(&[
        ("![a](b.png){: .img-responsive }", "![a](b.png)"),
        ("## Titre {#ancre .x}\n", "## Titre \n"),
        ("[a](https://a.fr){target=\"_blank\" rel=\"x y\"}", "[a](https://a.fr)"),
        ("* TOC\n{:toc}\n\nTexte", "\n\nTexte"),
        ("[TOC]\n\nTexte", "\n\nTexte"),
        ("a<!-- rien\n\nici -->b", "ab"),
        ("<div>\n    <p>a</p>\n    <!-- b\n c -->  \n    <p>d</p>\n</div>", "<div>\n    <p>a</p>\n    <p>d</p>\n</div>"),
        ("<!-- a -->\nb <!-- c -->\nd", "b \nd"),
        ("<!-- a -->\n```\n<!-- b -->\n```\n<!-- c -->", "```\n<!-- b -->\n```\n"),
        ("::: tip À savoir\nTexte\n:::\n", "\n**À savoir**\n\nTexte\n\n"),
        ("!!! note \"Un titre\"\n    Un texte.\n\nAprès", "\n**Un titre**\n\nUn texte.\n\nAprès"),
        ("=== \"Ville\"\n\n    A\n", "\n**Ville**\n\n\nA\n"),
        ("```{figure} a.png\n:alt: Un plan\n:name: x\nLégende\n```", "![Un plan](a.png)\nLégende\n"),
        // None of these is one.
        ("l'ensemble {a, b} et {x} et {1.5}", "l'ensemble {a, b} et {x} et {1.5}"),
        ("{{ nom du service }}", "{{ nom du service }}"),
        ("50 % {des cas}", "50 % {des cas}"),
    ]);
}

#[test]
fn what_html_holds_as_markdown_is_markdown() {
    check(&[
        (
            "<blockquote class=\"pullquote\" markdown=\"1\">\nUne *citation*.\n <footer>– X</footer>\n</blockquote>",
            "<blockquote class=\"pullquote\">\n\nUne *citation*.\n <footer>– X</footer>\n</blockquote>",
        ),
        ("<div markdown=1>\n\nA\n</div>", "<div>\n\nA\n</div>"),
        ("<div markdown='block' id=\"a\">\n    A\n</div>", "<div id=\"a\">\n    A\n</div>"),
        ("<span markdown=\"span\">*A*</span>", "<span>*A*</span>"),
        ("<a href=\"b?markdown=1\">A</a> <markdown=\"1\">", "<a href=\"b?markdown=1\">A</a> <markdown=\"1\">"),
    ]);
}

#[test]
fn wiki_links_become_links() {
    check(&[
        ("[[Fab lab]] et [[Kiosque|le kiosque]]", "[Fab lab](<wiki:Fab lab>) et [le kiosque](<wiki:Kiosque>)"),
        ("[[le kiosque|lieux/kiosque.md]]", "[le kiosque](<wiki:lieux/kiosque.md>)"),
        ("![[plan.png]]", "![plan.png](<plan.png>)"),
        ("![[plan.png|300]] et ![[Note#Problème]]", "![](<plan.png>) et [Problème](<wiki:Note#Problème>)"),
        ("A %% llamar a María %% b\n%%\nrien\n%%\nc 50 %% d", "A  b\n\nc 50 %% d"),
        ("Un ==mot== et a == b == c", "Un mot et a == b == c"),
        ("[[1]](https://a.fr) et [[^1]] et [[TOC]]", "[[1]](https://a.fr) et [[^1]] et "),
    ]);
}

#[test]
fn code_stays_as_it_is() {
    let code = "```liquid\n{% if x %}<!-- a -->{{ y }}\n```\n\nEt `{{ site.x }}` ou ``{% y ` %}``.\n\n~~~\n{{< a >}}";
    assert_eq!(without_templates(code, "a.md"), code);
    let escaped = "\\{{ x }} \\[[a]]";
    assert_eq!(without_templates(escaped, "a.md"), escaped);
}

#[test]
fn no_text_takes_long() {
    // Beginnings without ends, in numbers that would take hours if each were followed to the end of the text.
    for part in [
        "{{<",
        "{{% a",
        "{%",
        "{% a %}",
        "{% a %}{% endb %}",
        "{",
        "{{",
        "{#  ",
        "{/*",
        "<!--",
        "[[",
        "<A ",
        "<A {",
        "`",
        "`` ",
        "{% a \" %}",
    ] {
        let text = part.repeat(20_000);
        without_templates(&text, "a.mdx");
        without_templates(&format!("{text}%}} }}}} --> ]] > #}} */}}"), "a.md");
    }
}

#[test]
fn the_head_of_a_page_is_for_browsers() {
    for (written, kept) in [
        ("\n<!DOCTYPE html><html><HEAD><title>A</title></HEAD><body>B</body>", "<body>B</body>"),
        ("<html lang=fr><body>B", "<html lang=fr><body>B"),
        ("In HTML `</head>` ends the head", "In HTML `</head>` ends the head"),
    ] {
        assert_eq!(without_head(written), kept);
    }
}
