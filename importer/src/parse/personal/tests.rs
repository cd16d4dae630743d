use super::{Removed, RoleMailboxes, is_personal, without_personal_data};

fn check(cases: &[(&str, &str, usize, usize)]) {
    for (written, kept, mail_addresses, telephone_numbers) in cases {
        let (text, removed) = without_personal_data(written, &RoleMailboxes::default());
        assert_eq!(text, *kept, "{written}");
        let expected = Removed { mail_addresses: *mail_addresses, telephone_numbers: *telephone_numbers };
        assert_eq!(removed, expected, "{written}");
        let (again, removed) = without_personal_data(&text, &RoleMailboxes::default());
        assert_eq!((again.as_str(), removed), (*kept, Removed::default()), "again: {written}");
    }
}

#[test]
fn names_lose_what_stands_around_an_address() {
    for (written, kept) in [
        ("Anne Dupont <anne@agen.fr>", "Anne Dupont"),
        ("Fab lab (05 53 69 47 47)", "Fab lab"),
        ("anne@agen.fr", ""),
        ("12 rue X, 47000 Agen, anne@agen.fr, Tél. : 05 53 69 47 47", "12 rue X, 47000 Agen"),
        ("Fablab, Tlf. 22 33 44 55", "Fablab"),
        ("Port de Nantes, Móvil: 600123456", "Port de Nantes"),
        ("Ville  d'Agen", "Ville d'Agen"),
        ("Atelier - Agen", "Atelier - Agen"),
    ] {
        assert_eq!(super::name_without_personal_data(written, &RoleMailboxes::default()).0, kept, "{written}");
    }
    for (address, mail_addresses, telephone_numbers) in [
        ("https://example.org/?mail=anne@agen.fr", 1, 0),
        ("https://example.org/?mail=anne%40agen.fr", 1, 0),
        ("https://medium.com/@agen/kiosk", 0, 0),
        ("https://example.org/0553694747", 0, 0),
        ("https://wa.me/22248932192", 0, 1),
        ("https://api.whatsapp.com/send?phone=%2B32475123456&text=a", 0, 1),
        ("https://signal.me/#p/+32475123456", 0, 1),
        ("https://t.me/+32475123456", 0, 1),
        ("https://WA.me/32475123456", 0, 1),
        ("mailto:anne@agen.fr", 1, 0),
        (" TEL:112", 0, 1),
        ("whatsapp://send?phone=32475123456", 0, 1),
        ("05 53 69 47 47", 0, 1),
        ("+33553694747", 0, 1),
        ("/2016/04/05/kiosk.html", 0, 0),
        ("img/anne@agen.fr.png", 1, 0),
        ("https://cdn.example.org/avatars/anne.dupont@agen.fr/a.png", 1, 0),
        ("/img/photo@2x.png", 0, 0),
        ("logo@home.svg", 0, 0),
        ("https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/a.png", 0, 0),
        ("https://cdn.jsdelivr.net/gh/agen/site@next.beta/a.png", 0, 0),
        ("https://t.me/agen", 0, 0),
        ("https://wa.me/agen", 0, 0),
    ] {
        let named = Removed { mail_addresses, telephone_numbers };
        assert_eq!(super::named_by_address(address), named, "{address}");
    }
}

#[test]
fn mail_addresses_go() {
    check(&[
        ("Écrire à jean.dupont@agen.fr.", "Écrire à […].", 1, 0),
        ("Voir <contact@agen.fr> ou 05 53 69 47 00", "Voir […] ou […]", 1, 1),
        ("[nous écrire](mailto:a@b.fr?subject=x) ici", "nous écrire ici", 1, 0),
        ("[a@b.fr](mailto:a@b.fr)", "[…]", 2, 0),
        ("([écrire](a@b.fr) ou non)", "(écrire ou non)", 1, 0),
        ("écrire à é.à@b.fr", "écrire à […]", 1, 0),
        ("jane at gmail.com, marie.durand chez orange point fr", "[…], […]", 2, 0),
        ("x chez gmail.com, x ÄT posteo.de, x apenstaartje xs4all.nl, x (małpa) wp.pl", "[…], […], […], […]", 4, 0),
        ("jan arrova gmail.com, anna @ web.de", "[…], […]", 2, 0),
        ("an@stad,be, jean.dupont@agen,fr.", "[…], […].", 2, 0),
        ("«\u{a0}a@b.fr\u{a0}»", "«\u{a0}[…]\u{a0}»", 1, 0),
        ("jean@mairie-île.fr", "[…]", 1, 0),
        ("jean [at] agen.fr, jean(at)agen.fr, jean (at) agen (dot) fr", "[…], […], […]", 3, 0),
        ("jean&#64;agen.fr et jean&commat;agen.fr", "[…] et […]", 2, 0),
        ("jean.dupont @ agen.fr", "[…]", 1, 0),
        ("<a href=\"mailto:a@b.fr?subject=l'eau\">écrire</a>", "écrire", 1, 0),
        ("<a href='tel:+33553694700'>appeler</a>", "appeler", 0, 1),
        ("<A class=\"b\" href=\"mailto:a@b.fr\" rel='me'>a@b.fr</A>, <a href=\"mailto:a@b.fr\">", "[…], <a href=\"\">", 3, 0),
        ("<link href=\"mailto:a@b.fr\">écrire</a>", "<link href=\"\">écrire</a>", 1, 0),
        ("mailto: a@b.fr, mailto:a@b.fr, mailto:[a@b.fr](mailto:a@b.fr)", "[…], […], […]", 4, 0),
        ("[écrire](mailto:ana%40concello.gal)", "écrire", 1, 0),
        ("ana&#64;concello&#46;gal, pepe AT santiago DOT gal", "[…], […]", 2, 0),
        ("ana.gomez arroba concello.gal ; mario.rossi chiocciola comune.it", "[…] ; […]", 2, 0),
        ("anna.schmidt (a) stadt.de ; anna.schmidt{at}stadt{dot}de ; anna [ät] stadt (punkt) de", "[…] ; […] ; […]", 3, 0),
        ("Écrire à jean [dot] dupont [at] agen.fr, jean \"at\" agen.fr", "Écrire à […], […]", 2, 0),
        ("email: madrys 'at' email.unc.edu, anna “at” stadt.de", "email: […], […]", 2, 0),
        ("@agen@mastodon.social", "@[…]", 1, 0),
        ("festivalpolitica\\@gmail.com, jane\\_d5@example\\.org, \\_jane\\@agen.fr\\_", "[…], […], \\_[…]\\_", 3, 0),
        ("bomdia at transparenciahackday ponto org; jane.c3 at example dot org.", "[…]; […].", 2, 0),
        ("anna.muster at verein dot de, anna at verein punkt de, nome at comune punto it", "[…], […], […]", 3, 0),
        ("jean at agen point fr, jane at mail dot example dot org", "[…], […]", 2, 0),
        ("Mail: anna.muster at verein.de, <anna at verein.de>", "Mail: […], […]", 2, 0),
        ("jane.d4＠example.org; jane﹫example.org", "[…]; […]", 2, 0),
        ("jane.d5_at_example.org, nome_ARROBA_dominio.com, anna.muster-at-verein.de", "[…], […], […]", 3, 0),
        ("muenster [a] codefor [.] de, anna.muster[at]codefor[.]de, anna (at) verein (.) de", "[…], […], […]", 3, 0),
        (
            "<anna dot muster at verein dot de>, a dot b dot c at d dot org, look: dot anna at verein dot de",
            "[…], […], look: dot […]",
            3,
            0,
        ),
        ("jane \\[at\\] example.org, jane\\[at\\]example\\[dot\\]org, jane.d5\\_at\\_example.org", "[…], […], […]", 3, 0),
        ("Contact: anna.muster at verein.de, Kontakt : anna ät verein.de", "Contact: […], Kontakt : […]", 2, 0),
        ("<a href=\"mailto:anna at verein.de\">écrire</a>, <a href=mailto:a@b.fr class=c>écrire</a>", "écrire, écrire", 2, 0),
        ("<b>anna</b>@<b>verein.de</b>", "<b>[…]</b>", 1, 0),
        ("anna [.] muster [at] verein [.] de", "[…]", 1, 0),
        ("anna.muster ät verein.de, anna ät verein punkt de", "[…], […]", 2, 0),
        ("anna.muster@verein . de, nome @ dominio . it, nome@dominio .it, a.b@c.de . it", "[…], […], […], […] . it", 4, 0),
        ("nome@dominio [punto] it; nome@dominio(dot)it", "[…]; […]", 2, 0),
        (
            "![Anne](https://a.org/anne@agen.fr.png) [A](https://a.org/?m=anne@agen.fr&x=1) ![B](/img/b@2x.png)",
            "Anne A ![B](/img/b@2x.png)",
            2,
            0,
        ),
        (
            "<img src=\"https://a.org/anne@agen.fr.png\" alt='B'> <a href='https://a.org/?m=anne@agen.fr'>A</a>",
            "<img src=\"\" alt='B'> A",
            2,
            0,
        ),
        ("[A](https://a.org \"anne@agen.fr\") <b title='anne@agen.fr'>", "[A](https://a.org \"[…]\") <b title='[…]'>", 2, 0),
        ("nome<span>@</span>dominio.it, nome<b class=\"at\">(at)</b>dominio.it", "[…], […]", 2, 0),
        ("nome<!-- x -->@<!-- y -->dominio.it, <b>nome@dominio.it</b>", "[…], <b>[…]</b>", 2, 0),
        // A blank on one side of the sign, and words between lines and strokes.
        ("anne @agen.fr, Écrire : anne @agen.fr", "[…], Écrire : […]", 2, 0),
        ("Écrire à anne.dupont @agen.fr ou à anne@ agen.fr", "Écrire à […] ou à […]", 2, 0),
        ("écrire à anne @gmail.com", "écrire à […]", 1, 0),
        ("anne -at- agen -dot- fr, anne /at/ agen.fr, anne /at/ agen /dot/ fr", "[…], […], […]", 3, 0),
    ]);
}

#[test]
fn addresses_that_pages_hide_go() {
    // anna@agen.fr
    let hidden = "32535c5c53725355575c1c5440";
    for (written, kept, count) in [
        (
            "<a href=\"/cdn-cgi/l/email-protection\" class=\"__cf_email__\" data-cfemail=\"HIDDEN\">[email&#160;protected]</a>.",
            "[…].",
            1,
        ),
        ("À <span data-cfemail='HIDDEN' class=\"__cf_email__\">[email protected]</span>", "À […]", 1),
        ("<a href=\"/cdn-cgi/l/email-protection#HIDDEN\">Écrire</a>", "Écrire", 1),
        (
            "<a href=\"/cdn-cgi/l/email-protection#HIDDEN\"><span data-cfemail=\"HIDDEN\">[email\u{a0}protected]</span></a>",
            "[…]",
            2,
        ),
        ("[Écrire](https://agen.fr/cdn-cgi/l/email-protection#HIDDEN) ou non", "Écrire ou non", 1),
        ("[[email protected]](/cdn-cgi/l/email-protection#HIDDEN)", "[…]", 2),
        ("[email protected](/cdn-cgi/l/email-protection#HIDDEN)", "[…]", 1),
        ("<i data-cfemail=\"HIDDEN\">Écrire</i>", "[…]Écrire</i>", 1),
        (
            "{% include email.html user='anna.muster' domain='verein.de' %} et {{< email \"anna\" \"verein.de\" >}}",
            "[…] et […]",
            2,
        ),
    ] {
        check(&[(written.replace("HIDDEN", hidden).as_str(), kept, count, 0)]);
    }
}

#[test]
fn what_is_written_as_entities_goes() {
    check(&[
        ("&#97;&#110;&#110;&#101;&#64;&#97;&#103;&#101;&#110;&#46;&#102;&#114; &amp; 1", "[…] &amp; 1", 1, 0),
        ("[x](mailto:&#97;nne&#64;agen&#46;fr), &#x61;nne&#x40;agen&#x2e;fr", "x, […]", 2, 0),
        ("[x](mailto:%61nne%40agen.fr)", "x", 1, 0),
        ("<td>06&nbsp;12&nbsp;34&nbsp;56&nbsp;78</td>, 06&#160;12&#160;34&#160;56&#160;78", "<td>[…]</td>, […]", 0, 2),
        ("[x](tel:+33%206%2012%2034%2056%2078), <a href=\"tel:06%2012%2034%2056%2078\">x</a>", "x, x", 0, 2),
        ("anne AROBASE agen POINT fr, anne <at> agen.fr", "[…], […]", 2, 0),
        ("ａｎｎｅ＠ａｇｅｎ．ｆｒ, anne＠agen．fr, ０６ １２ ３４ ５６ ７８", "[…], […], […]", 2, 1),
        ("an\u{200d}ne@ag\u{200c}\u{200b}en.fr, anne\u{ad}@agen.fr", "[…], […]", 2, 0),
        ("06\u{200b}12\u{200b}34\u{200b}56\u{200b}78", "[…]", 0, 1),
        // Where nothing of persons is, they stay.
        (
            "２０１９年, ＠agen, 東京　（日本）, co\u{ad}op, می\u{200c}خواهم",
            "２０１９年, ＠agen, 東京　（日本）, co\u{ad}op, می\u{200c}خواهم",
            0,
            0,
        ),
        (
            "12&nbsp;000&#160;€, &#65;gen, [a](https://a.org/b%20c)",
            "12&nbsp;000&#160;€, &#65;gen, [a](https://a.org/b%20c)",
            0,
            0,
        ),
        ("P.IVA 01234567890, Partita IVA: 01234567890", "P.IVA 01234567890, Partita IVA: 01234567890", 0, 0),
    ]);
}

#[test]
fn telephone_numbers_go() {
    check(&[
        ("tél. : 0553694700, +33 5 53 69 47 00, +33(0)553694700", "tél. : […], […], […]", 0, 3),
        ("[appeler](tel:+33553694700)", "appeler", 0, 1),
        ("05.53.69.47.00 et 05-53-69-47-00", "[…] et […]", 0, 2),
        ("05 53 69 47 00 / 06 12 34 56 78", "[…] / […]", 0, 2),
        ("05 53 69 47 00/06 12 34 56 78", "[…]/[…]", 0, 2),
        ("Mairie, 47000 05 53 69 47 00 2019", "Mairie, 47000 […] 2019", 0, 1),
        ("Tél.05.53.69.47.00", "Tél.[…]", 0, 1),
        ("(+33)5 53 69 47 00, (+33) 5 53 69 47 00", "[…], […]", 0, 2),
        ("0033 5 53 69 47 00 ou 00 33 5 53 69 47 00", "[…] ou […]", 0, 2),
        ("05\u{a0}53\u{a0}69\u{a0}47\u{a0}00", "[…]", 0, 1),
        ("06·12·34·56·78, 06_12_34_56_78 et 06•12•34•56•78.", "[…], […] et […].", 0, 3),
        // Germany, Switzerland, Belgium, the Netherlands, the United Kingdom, Spain.
        ("030 12345678, 0711/123456, (030) 123456, 0151-12345678", "[…], […], […], […]", 0, 4),
        ("0221 / 123 4567 und +49 (0)30 1234567", "[…] und […]", 0, 2),
        ("079 123 45 67, 02 123 45 67, 0475 12 34 56, 06-12345678", "[…], […], […], […]", 0, 4),
        ("020 7946 0958, 07700 900123, 0161 496 0000", "[…], […], […]", 0, 3),
        ("612 34 56 78, 93 123 45 67, +34 612 345 678", "[…], […], […]", 0, 3),
        // The United States and Canada.
        ("(555) 234-4567, 555-234-4567, 514 234-4567, 555.234.4567", "[…], […], […], […]", 0, 4),
        ("1-800-555-0199 and +1 555 234 4567", "[…] and […]", 0, 2),
        ("Phone: 555 234 4567, tel 612345678", "Phone: […], tel […]", 0, 2),
        ("https://wa.me/33612345678", "[…]", 0, 1),
        ("wa.me/5581987654321, https://wa.me/5581987654321?text=Ol%C3%A1.", "[…], […].", 0, 2),
        (
            "[écrire](https://wa.me/5581987654321?text=a), https://api.whatsapp.com/send?phone=34600123456&text=a",
            "écrire, […]",
            0,
            2,
        ),
        ("<a href=\"https://wa.me/34600123456\">WhatsApp</a>, <https://signal.me/#p/+33612345678>", "WhatsApp, […]", 0, 2),
        ("[a](tel:600123456), [b](tel:+34-600-123-456), [c](tel:22334455), tel:8472963379", "a, b, c, […]", 0, 4),
        (
            "Tlf. 22 33 44 55, Tel.: 22334455, tlm. 912 34 567, telefon 2233 4455",
            "Tlf. […], Tel.: […], tlm. […], telefon […]",
            0,
            4,
        ),
        ("Anna Muster, 0 251-49 20; M: +91 98765 43210; 98765 43211", "Anna Muster, […]; M: […]; […]", 0, 3),
        (
            "My phone number is 8472963379, phone no. 8472963379, Phone=8472963379",
            "My phone number is […], phone no. […], Phone=[…]",
            0,
            3,
        ),
        (
            "{\"phone\": \"8472963379\"}, <b>Tel.</b>: 22 33 44 55, **Telefone** 912345678",
            "{\"phone\": \"[…]\"}, <b>Tel.</b>: […], **Telefone** […]",
            0,
            3,
        ),
        ("Anna Muster, 0251-49 20, Mario Rossi 347 1234567", "Anna Muster, […], Mario Rossi […]", 0, 2),
        ("[a](callto:+33553694700) [b](sms:+33612345678) [c](tel://0553694700)", "a b c", 0, 3),
        ("Tlf. 22 33 44 55 / 22 33 44 66, 22 33 44 77; tel 612345678, 612345679", "Tlf. […] / […], […]; tel […], […]", 0, 5),
        (
            "Tél. 05 53 69 47 00, 130025265, 2019; tel 612345678, 612345679 hab.",
            "Tél. […], 130025265, 2019; tel […], 612345679 hab.",
            0,
            2,
        ),
        ("phone: 555-1234, Fone: 81 3333-4444, Ph: 9876543210", "phone: […], Fone: […], Ph: […]", 0, 3),
        ("347-1234567, 347/1234567, tlm. 912345678, 600-123-456", "[…], […], tlm. […], […]", 0, 4),
        ("(81) 98765-4321, 81 9 8765 4321, 81 98765-4321, (81) 98765 4321, (81) 9 8765-4321", "[…], […], […], […], […]", 0, 5),
        ("55 1234 5678, 33-1234-5678. WhatsApp 55 81 98765-4321", "[…], […]. WhatsApp […]", 0, 3),
        ("Contact 600 123 456, móvil: 600123456, cel. 5512345678", "Contact […], móvil: […], cel. […]", 0, 3),
        (
            "| Nom | N° de téléphone | Budget |\n|---|:-:|---|\n| Anna | 612345678 | 612345678 |\n| B | 22 33 44 55 / 8472963379 | 1 |\n\n612345678",
            "| Nom | N° de téléphone | Budget |\n|---|:-:|---|\n| Anna | […] | 612345678 |\n| B | […] / […] | 1 |\n\n612345678",
            0,
            3,
        ),
        ("| Teléfono | 600123456 |", "| Teléfono | […] |", 0, 1),
        ("Telefon | Ort\n--- | ---\n22334455 | 22334455", "Telefon | Ort\n--- | ---\n[…] | 22334455", 0, 1),
        // Spain, Italy, Portugal, Brazil.
        ("María Pérez: 981 123 456. Llamar al 666 555 444, móvil 600123456", "María Pérez: […]. Llamar al […], móvil […]", 0, 3),
        ("Ana Gómez, 600 123 456, Marta (972 123 456)", "Ana Gómez, […], Marta ([…])", 0, 2),
        ("llamar a María 600 123 456, appelez Anne au 612345678", "llamar a María […], appelez Anne au […]", 0, 2),
        ("Falar com João 912 345 678, Mario Rossi 347 123 4567", "Falar com João […], Mario Rossi […]", 0, 2),
        ("Cell. 347 1234567, cellulare: 347/1234567", "Cell. […], cellulare: […]", 0, 2),
        ("Llama a Ana López al 612 345 678. Whats: 5512345678.", "Llama a Ana López al […]. Whats: […].", 0, 2),
        ("Comunícate con Ana López al 27 2154 8771", "Comunícate con Ana López al […]", 0, 1),
        ("Llama al (55) 12 34 56 78; Chiama Anna Rossi al 333 1234567.", "Llama al […]; Chiama Anna Rossi al […].", 0, 2),
        ("Felix : 33 6 08 28 51 14", "Felix : […]", 0, 1),
        ("Numer telefonu: 501 234 567, tel. kom. 501-234-567", "Numer telefonu: […], tel. kom. […]", 0, 2),
        ("Zadzwoń do Anny: 501 234 567", "Zadzwoń do Anny: […]", 0, 1),
        ("Tel: 0341 155 123456. Cel.: 044 55 1234 5678. Teléfono: (1) 345 6789", "Tel: […]. Cel.: […]. Teléfono: […]", 0, 3),
        ("Tel: +33 5 53 12 34 56 9h-12h. Tél : 05 53 12 34 56 24h/24", "Tel: […] 9h-12h. Tél : […] 24h/24", 0, 2),
        ("Tél : 06 12 34 56 78 7j/7. Tel. 030 12345678 24h", "Tél : […] 7j/7. Tel. […] 24h", 0, 2),
        (
            "appeler le 05 53 12 34 56 9h-12h. Tél : 05 53 12 34 56 47000 Agen",
            "appeler le […] 9h-12h. Tél : […] 47000 Agen",
            0,
            2,
        ),
        ("Fono: 9 8765 4321, kom. 501-234-567, numer 501234567", "Fono: […], kom. […], numer […]", 0, 3),
        (
            "Contact : Ana Ruiz, 11-4567-8901; Kontakt: Ana Ruiz, 3001893451",
            "Contact : Ana Ruiz, […]; Kontakt: Ana Ruiz, […]",
            0,
            2,
        ),
        ("Contacto: Ana, 5493874535157; Kontakt: Ana, 030 / 12 34 56 78", "Contacto: Ana, […]; Kontakt: Ana, […]", 0, 2),
        ("Contato: Rui, 11 98765 4321; Kontakt: Jan, 501 234 567", "Contato: Rui, […]; Kontakt: Jan, […]", 0, 2),
        ("Ana, 612345678; Ana (712345678), Marta Vila 612345678", "Ana, […]; Ana ([…]), Marta Vila […]", 0, 3),
        ("Rui: 912345678, Mario Rossi 3471234567, Bia, 81987654321", "Rui: […], Mario Rossi […], Bia, […]", 0, 3),
        ("Anna 01701234567, John 07912345678, Ben 015112345678.", "Anna […], John […], Ben […].", 0, 3),
        ("Call us now 612345678, ring 612345678, bel Anna op 612345678", "Call us now […], ring […], bel Anna op […]", 0, 3),
        ("Tlf. 30123456 og mobilnummer 30 12 34 56", "Tlf. […] og mobilnummer […]", 0, 2),
        (
            "Llama la atención: 612 345 678 euros, 2 300 000 visitas",
            "Llama la atención: 612 345 678 euros, 2 300 000 visitas",
            0,
            0,
        ),
        ("Telemóvel 912 345 678, (11) 98765-4321", "Telemóvel […], […]", 0, 2),
        ("SVP,Clare,01453 753358,51.729817,-2.21682,Rodborough", "SVP,Clare,[…],51.729817,-2.21682,Rodborough", 0, 1),
        ("Ring 01453753358 or \"Clare\",02071234567.", "Ring […] or \"Clare\",[…].", 0, 2),
    ]);
}

#[test]
fn what_only_looks_like_it_stays() {
    for text in [
        "https://medium.com/@agen/billet",
        "git@github.com:agen/code.git",
        "code@1.2.3 et @agen, npm i @agen/code@1.2.0",
        "é@",
        "rendez-vous @ agen.fr",
        "meet @ Agen, meet@ Agen, @agen.fr, Suivez @agen.fr, twitter @agen.fr, Bluesky : @agen.fr, on se suit @agen.fr",
        "Follow us @agen.fr or look@ this. It, chat \\@agen.fr",
        "06_12_34_56_78.jpg, IMG_06_12_34_56_78, 2019_01_02_03_04, 06_12_34_56_78_90, 06_12_34·56·78, 1·234·567·890",
        "Doba realizácie projektu: 01/2020 - 09/2020, 01/2019 – 12/2021, 10/2018-09/2021",
        "le 01/02/2019, 01.02.2019 12:30, 2019-02-01 10:00, 01-02-2019",
        "40 000 entreprises, 300 000 000 €, 1 234 567 890 €, 0 800 000 €",
        "https://a.fr/0553694700 et https://a.fr/05-53-69-47-00/x",
        "SIRET 130 025 265 00013, SIREN 130 025 265, +12 %, +100 000, +100 000 000",
        "SIRET 03202526500013",
        "de 2019 à 2020 : 0 800 200 300",
        "ISBN 978-2-07-036822-8, ISBN 2-07-036822-8, ISBN : 0306406152, ISBN-10 0306406152",
        "doi:10.1038/0553694700, https://doi.org/10.71938/ezvb-n814",
        "version 1.10.2, 192.168.100.200, 2.0.0-0553694700",
        "47000 Agen, 01004 Ambérieu, 75007 Paris, 1010 Wien",
        "FR76 3000 6000 0112 3456 7890 189",
        "44.2033, 0.6163 et +44.203345 -0.616712, 0.1234567890",
        "09 h 30 - 12 h, 9:30-12:00, du 01 au 05 02 2019",
        "RNA W471000123, n° 2019-123-4567, 100-200-3000",
        "l'autre [à lire] (à voir) {a} &amp; (atelier) [attention]",
        "18.000, 1.234.567, 12 345 678 habitants, 2 000 000 000 $",
        "https://ror.org/0342dzm54 et `0342dzm54`",
        "Meeting AT agen.fr, le vélo arroba agen.fr, (a) b.fr",
        "Look at example dot org, at this point it is, at a turning point in time, at the dot in the map",
        "We meet at agen.fr, see us at Agen.Net, jane at home. It was; look at home . It",
        "look_at_this.png, guide_at_home.pdf, what_happens_at_home.md, object_at_index.method",
        "https://example.org/jane_at_example.org, jane_at_example.org/path, https://stay-at-home.org, www.eat-at-home.de",
        "blog.stay-at-home.org, stay-at-home.org, `jane_at_example.org`, _at_ home.org, arrive_at_home",
        "the list [a] (.) b, [a] [.] x, rendez-vous @ agen . Il, code@agen . Il",
        "Contact: see us at agen.fr, Contact: us at agen.fr, <b>@</b> agen.fr",
        "Köp mat ät mat.nu, fri ät det",
        "\\@agen et \\@1.2.3, <b>jean</b>@agen, <span>@</span>agen.fr",
        "Population: 812 345 678 habitants, budget : 900 000 000, 612 345 678 arbres",
        "osm: 4012345678, 5 6 7 8 9 10 11",
        "600 123 456 et 600123456, 5512345678, 8472963379, budget 600.123.456, total 22 33 44 55",
        "mobile 2019 2020, standard 1234 5678, port 12345678, Tel. 20190102, contact 2019 2020, phone 1234567",
        "0 251-49 20, Score: 0 250-300, entre 0 250-300 20, Plan Climat, 0 800 200 300",
        "Total: 612 345 678, le budget (612 345 678), Nombre de visites : 612 345 678",
        "Téléphone 2019-2020, hébergé chez ovh.com, vu chez jardin.fr, la version 2.0 chez ovh.com, l'expo de J.R. chez galerie.fr",
        "log in at outlook.com, un compte chez gmail.com, the site at wp.com, hosted at web.fr",
        "Envoi du SMS : 12/03/2021, sondage par téléphone : 01/02/2019, Phone 12.03.2021, whatsapp 2021-03-12, numer 12-03-2021",
        "RCS Paris 912345678 (RCS : 912345678), REGON: 712345678, Permis de construire (712345678), code de la parcelle 01512345678",
        "n° 01612345678, code-barres 07912345678, une boîte chez laposte.net",
        "Expediente: 612345678, réf. 712345678, 612345678, Números, 700000000, SIREN: 912345678, Ana, 612345678 euros",
        "pages 555-1234, 0251-49 20, JIS X 0208/0212, Norme ISO 0208-0212, Plan Climat 0251, Rue Neuve 347",
        "n° 347-1234567, ref. 600-123-456, 347-1234000, 300-1234567, 81 9 2019 2020, 55 2019 2020, 33 1234 2019",
        "55 1234 5678 habitants, 75001 75002, +91; 98765 43211, a@b, 98765 43211",
        "| Année | Téléphone |\n|---|---|\n| 2019 | 1 234 567 |\n| 612345678 | 12 % |",
        "https://wa.me/agen, tel:112, tel:3912, https://example.org/?phone=8472963379",
        "id=\"4012345678\", <td>600123456</td>, '600123456'",
        "La obra se llama así y costó 612 345 678 pesos, de 30123456 som kom",
        "Un bel ensemble de 123 456 789 pièces, la Ligue régionale compte 123 456 789 voix",
        "On les voit joindre leurs forces : 2019 2020, de kom 22 33 44 55",
        "{% include a.html user='anna' file='verein.html' %}, {{ site.mail }}, {{< email >}}, {% mail to='agen.fr' %}",
        "data-cfemail=\"\", <a href=\"/cdn-cgi/l/email-protection\">a</a>, /cdn-cgi/l/email-protection#zz, data-cfemail=\"325c\"",
    ] {
        check(&[(text, text, 0, 0)]);
    }
}

#[test]
fn mailboxes_of_roles_stay() {
    let roles = RoleMailboxes::parse(&["contact@agen.fr", "Support@*", "*@ror.org"]).expect("patterns");
    let text = "contact@agen.fr, SUPPORT@b.fr, jean@ror.org, [x](mailto:contact@agen.fr)";
    assert_eq!(without_personal_data(text, &roles), (text.to_owned(), Removed::default()));
    assert_eq!(without_personal_data("jean@agen.fr, contact@b.fr", &roles).1.mail_addresses, 2);
    for wrong in ["contact", "@agen.fr", "contact@", "*@*", "a@b@c"] {
        assert_eq!(RoleMailboxes::parse(&[wrong]), Err(wrong.to_owned()), "{wrong}");
    }
}

#[test]
fn no_text_takes_long() {
    for part in [
        "@",
        "a@",
        "a@b.fr ",
        "0",
        "05 ",
        "+",
        "(",
        "(at)",
        "&#64;",
        "&#97;",
        "&",
        "tel:%20",
        "%20",
        "1-",
        "wa.me/",
        "[a](mailto:a@b.fr",
        "tel:",
        "]",
        " at ",
        "a_at_",
        "-at-a.b",
        "a [.] ",
        "\\@",
        "<a>@</a>",
        "a . ",
        "{% ",
        "<a href=\"mailto:a@b.fr\">",
        "data-cfemail=\"00",
        "/cdn-cgi/l/email-protection#00",
        "|tel\n|-\n|22334455",
        "|22334455",
        "22 33 44 55 |",
        "mailto: ",
    ] {
        without_personal_data(&part.repeat(20_000), &RoleMailboxes::default());
    }
}

#[test]
fn persons_are_told_from_services() {
    for (address, personal) in [
        ("jean.dupont@agen.fr", true),
        ("j.dupont@agen.fr", true),
        ("anne-marie.le-goff@agen.fr", true),
        ("contact@agen.fr", false),
        ("service.numerique@agen.fr", false),
        ("mairie.agen@agen.fr", false),
        ("dsi-projets@agen.fr", false),
        ("contact.dsi.nord@agen.fr", false),
    ] {
        assert_eq!(is_personal(address), personal, "{address}");
    }
}
