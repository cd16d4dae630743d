//! Which fields are taken for what, by their names and by their values.

use super::commented::Expected;
use super::fixtures::{Files, TOWNS};

pub(super) const TEXT: &str = "Les habitants trouvent dans ce lieu des agents qui font leurs démarches avec eux, sans rendez-vous et sans frais. \
    La commune a formé ces agents pendant un an, puis elle a ouvert le lieu trois jours par semaine avec l'aide du département.";

/// A page for each town, with what its front matter says beside a title, and a text.
pub(super) fn pages(fields: impl Fn(usize, &str) -> String) -> Files {
    let page = |(number, town): (usize, &&str)| {
        let head = format!("title: Le lieu de {town}\n{}", fields(number, town));
        (format!("projets/lieu-{number}.md"), format!("---\n{head}---\n{TEXT}\n"))
    };
    TOWNS.iter().enumerate().map(page).collect()
}

/// A page for each town, in the words of a language.
fn words(text: &str, fields: &[&str], values: impl Fn(usize) -> Vec<String>) -> Files {
    let page = |number: usize| {
        let lines: Vec<String> = fields.iter().zip(values(number)).map(|(field, value)| format!("{field}: {value}\n")).collect();
        let head = lines.concat();
        (format!("projects/p{number}.md"), format!("---\n{head}---\n{}\n", format!("{text} ").repeat(4)))
    };
    (0..6).map(page).collect()
}

/// What pages say in the order of the fields of [`in_languages`]: title, start, end, status, topics, partner, picture.
fn said(number: usize, states: [&str; 3]) -> Vec<String> {
    let state = states[number % 3];
    vec![
        format!("Titel {number}"),
        format!("201{number}-03-01"),
        format!("202{number}-09-30"),
        state.to_owned(),
        "[energie, zzz]".to_owned(),
        format!("Foundation {}", number % 3),
        format!("/img/{number}.jpg"),
    ]
}

fn in_languages() -> Vec<Expected> {
    let expected = |name, fields: &[&str], states, text: &str, lines| Expected {
        name,
        files: words(text, fields, |number| said(number, states)),
        lines,
        never: &[],
        said: &[],
    };
    vec![
        expected(
            "Dutch",
            &["titel", "begin", "einde", "status", "themas", "opdrachtgever", "afbeelding"],
            ["lopend", "afgerond", "gepland"],
            "Een buurttuin brengt bewoners samen en maakt de straat groener voor iedereen.",
            &[
                "language = \"nl\"",
                "end = \"einde\"",
                "tags = \"themas[]\"",
                "organisations = { field = \"opdrachtgever\", role = \"operator\" }",
                "picture = \"afbeelding\"",
                "gepland = \"idea\"",
            ],
        ),
        expected(
            "Danish",
            &["titel", "startdato", "slutdato", "status", "emner", "partnere", "billede"],
            ["igangværende", "afsluttet", "planlagt"],
            "En fælleshave samler beboerne og gør gaden grønnere for alle i kvarteret, og det er godt.",
            &[
                "organisations = { field = \"partnere\", role = \"partner\" }",
                "\"igangværende\" = \"running\"",
                "afsluttet = \"stopped\"",
                "planlagt = \"idea\"",
            ],
        ),
        expected(
            "Swedish",
            &["titel", "startdatum", "slutdatum", "status", "ämnen", "samarbetspartner", "bild"],
            ["pågående", "avslutad", "planerad"],
            "En gemensam trädgård samlar grannarna och gör gatan grönare för alla som bor där.",
            &["tags = \"ämnen[]\"", "\"pågående\" = \"running\"", "avslutad = \"stopped\"", "planerad = \"idea\""],
        ),
        expected(
            "Polish",
            &["tytul", "data_rozpoczecia", "data_zakonczenia", "status", "tematy", "partnerzy", "zdjecie"],
            ["w trakcie", "zakończony", "planowany"],
            "Wspólny ogród łączy mieszkańców i sprawia, że ulica jest bardziej zielona.",
            &[
                "title = \"tytul\"",
                "start = \"data_rozpoczecia\"",
                "end = \"data_zakonczenia\"",
                "tags = \"tematy[]\"",
                "organisations = { field = \"partnerzy\", role = \"partner\" }",
                "picture = \"zdjecie\"",
                "\"w trakcie\" = \"running\"",
                "\"zakończony\" = \"stopped\"",
            ],
        ),
        expected(
            "Czech",
            &["nazev", "zacatek", "konec", "stav", "temata", "partneri", "obrazek"],
            ["probíhá", "dokončeno", "plánováno"],
            "Společná zahrada spojuje sousedy a dělá ulici zelenější pro všechny obyvatele.",
            &[
                "language = \"cs\"",
                "title = \"nazev\"",
                "start = \"zacatek\"",
                "end = \"konec\"",
                "status = \"stav\"",
                "tags = \"temata[]\"",
                "picture = \"obrazek\"",
                "\"probíhá\" = \"running\"",
                "\"dokončeno\" = \"stopped\"",
                "\"plánováno\" = \"idea\"",
            ],
        ),
        expected(
            "Slovak",
            &["nazov", "zaciatok", "koniec", "stav", "temy", "partneri", "obrazok"],
            ["prebieha", "ukončený", "plánovaný"],
            "Spoločná záhrada spája susedov a robí ulicu zelenšou pre všetkých obyvateľov mestskej časti.",
            &[
                "language = \"sk\"",
                "title = \"nazov\"",
                "start = \"zaciatok\"",
                "end = \"koniec\"",
                "status = \"stav\"",
                "prebieha = \"running\"",
                "\"ukončený\" = \"stopped\"",
            ],
        ),
        expected(
            "Finnish",
            &["otsikko", "alkaa", "päättyy", "tila", "aiheet", "kumppanit", "kuva"],
            ["käynnissä", "päättynyt", "suunnitteilla"],
            "Yhteinen puutarha kokoaa naapurit yhteen ja tekee kadusta vihreämmän kaikille.",
            &[
                "start = \"alkaa\"",
                "end = \"päättyy\"",
                "status = \"tila\"",
                "\"käynnissä\" = \"running\"",
                "\"päättynyt\" = \"stopped\"",
                "suunnitteilla = \"idea\"",
            ],
        ),
    ]
}

/// Projects that were made for these.
fn clients(name: &'static str, clients: [&str; 6], lines: &'static [&'static str], said: &'static [&'static str]) -> Expected {
    Expected {
        name,
        files: words(
            "La plataforma permite a los vecinos presentar propuestas y votar las de los demás en su barrio.",
            &["titulo", "client"],
            |number| vec![format!("La plataforma {number}"), clients[number].to_owned()],
        ),
        lines,
        never: &[],
        said,
    }
}

fn expected() -> Vec<Expected> {
    let entry =
        |(number, town): (usize, &&str)| format!("- name: Le kiosque de {town}\n  since: 201{number}\n  text: |\n    {TEXT}\n");
    let row = |(number, town): (usize, &&str)| {
        format!(
            "k{number},Le kiosque de {town},Un kiosque où les agents aident les habitants de {town},{}\n",
            ["Gares Libres", "GL", "Atelier"][number % 3]
        )
    };
    vec![
        Expected {
            name: "a text in a field, and no summary",
            files: vec![("_data/projets.yml".to_owned(), TOWNS.iter().enumerate().map(entry).collect())],
            lines: &["body = \"text\"", "summary = { field = \"{first_paragraph}\", longest = 300 }"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "summaries beside titles in languages",
            files: pages(|_, town| format!("title_fr: Lieu\ntitle_en: Place\nsummary_fr: Un lieu ouvert à {town} pour tous\nsummary_en: An open place in {town} for all\n")),
            lines: &["summary = \"summary_fr\""],
            never: &["summary_en"],
            said: &[],
        },
        Expected {
            name: "summaries beside titles, in maps of languages",
            files: TOWNS
                .iter()
                .map(|town| {
                    let head = format!("title:\n  fr: Le lieu de {town}\n  en: The place of {town}\nsummary:\n  fr: Un lieu ouvert à {town} pour tous\n  en: An open place in {town} for all\n");
                    (format!("projets/{town}.md"), format!("---\n{head}---\n{TEXT}\n"))
                })
                .collect(),
            lines: &["title = \"title.fr\"", "summary = \"summary.fr\""],
            never: &[".en"],
            said: &[],
        },
        Expected {
            name: "a summary below a heading of its own",
            files: TOWNS
                .iter()
                .map(|town| {
                    let text = format!("## Contexte\n\nLa ville de {town} compte peu de lieux.\n\n## Résumé\n\n{TEXT}\n");
                    (format!("projets/{town}.md"), format!("---\ntitle: Le lieu de {town}\n---\n{text}"))
                })
                .collect(),
            lines: &[
                "    { field = \"{under.Résumé}\", longest = 600 },",
            ],
            never: &[],
            said: &[],
        },
        Expected {
            name: "texts of labels and names alone",
            files: TOWNS
                .iter()
                .enumerate()
                .map(|(number, town)| {
                    let text = "## Keywords\n\ngrief; community; mutual care; peer to peer groups; active listening; and forgiveness\n\n\
                        ## Key people\n\nSomebody who founded all of this and goes on with it, with the others of the group.\n";
                    (format!("projects/{number}.md"), format!("---\ntitle: The place of {town}\ndescription: garden; street; city {number}\n---\n{text}"))
                })
                .collect(),
            lines: &["title = \"title\""],
            never: &["summary"],
            said: &[],
        },
        Expected {
            name: "a description in two words, and a group",
            files: vec![(
                "projets.csv".to_owned(),
                format!("id,name,Brief description,Group\n{}", TOWNS.iter().enumerate().map(row).collect::<String>()),
            )],
            lines: &["summary = \"Brief description\"", "organisations = { field = \"Group\", role = \"operator\" }"],
            never: &["title = \"Group\""],
            said: &[],
        },
        Expected {
            name: "groups that are no organisations",
            files: pages(|number, _| format!("group: {}\n", ["a", "b"][number % 2])),
            lines: &[],
            never: &["organisations"],
            said: &["group (8)"],
        },
        Expected {
            name: "what goes on, in the map of a generator",
            files: pages(|number, _| format!("extra:\n  current: {}\n", number % 2 == 0)),
            lines: &["status = \"extra.current\"", "true = \"running\"", "false = \"stopped\""],
            never: &[],
            said: &[],
        },
        Expected {
            name: "archived or not",
            files: pages(|number, town| format!("archived: {}\nlocation:\n  name: {town}\n", number % 2 == 0)),
            lines: &[
                "status = { field = \"archived\", nothing = [\"false\"] }",
                "true = \"stopped\"",
                "places = [{ name = \"location.name\", country = \"FR\" }]",
            ],
            never: &["false ="],
            said: &["« archived » dit oui pour 4"],
        },
        Expected {
            name: "pictures that a server is asked for with more",
            files: pages(|number, _| {
                format!(
                    "image: https://pictures.example/{number}.png?updated=17\nogimage: https://pictures.example/{number}\nscan: https://pictures.example/scan-{number}.JPG#top\n"
                )
            }),
            lines: &["picture = \"image\""],
            never: &["links"],
            said: &[],
        },
        Expected {
            name: "partners that are numbered, with their addresses",
            files: pages(|number, town| {
                let name = if number == 3 { "Jean Dupont aka @jean".to_owned() } else { format!("Régie de {town}") };
                format!("partner-1: {name}\npartner-url-1: https://regie-{number}.example/\npartner-2: Producto propio\n")
            }),
            lines: &[
                "    { field = \"partner-1\", remove = '(?i)^.*((^|[\\s(/])@\\w|\\baka\\b|\\b(twitter|facebook|linkedin|instagram|mastodon)\\.\\w+/).*$', role = \"partner\", website = \"partner-url-1\" },",
                "    { field = \"partner-2\", nothing = [\"Producto propio\"], role = \"partner\" },",
            ],
            never: &["links", "Dupont"],
            said: &["des valeurs de « partner-1 » semblent être des personnes"],
        },
        clients(
            "town halls of one country, in a language of many",
            [
                "Ayuntamiento de Zaragoza",
                "Ayuntamiento de Bilbao",
                "Ayuntamiento de Sevilla",
                "Ayuntamiento de Córdoba",
                "Ayuntamiento de Getxo",
                "Junta",
            ],
            &["places = [{ name = \"client\", country = \"ES\", pattern = \"^(?:Ayuntamiento) .*\" }]"],
            &["celui des mairies que nomme « client » (« Ayuntamiento de Bilbao »", "country = \"ES\""],
        ),
        Expected {
            name: "councils, in English",
            files: words(
                "The platform lets the people of the town make proposals and vote for those of others in their street.",
                &["title", "client"],
                |number| {
                    let clients = [
                        "Lille City Council",
                        "City of Bonn",
                        "Arts Trust",
                        "Martigues Council",
                        "Own project",
                        "Nantes Council",
                    ];
                    vec![format!("The platform {number}"), clients[number].to_owned()]
                },
            ),
            lines: &["places = [{ name = \"client\", pattern = \"^(?:City) .*|^.* (?:Council)$\" }]"],
            never: &[],
            said: &["country = \"…\""],
        },
        clients(
            "some town halls, in a language of many countries",
            ["Ayuntamiento de Zaragoza", "Junta de Aragón", "Ayuntamiento de Bilbao", "Producto propio", "Junta", "Cooperativa"],
            &["places = [{ name = \"client\", pattern = \"^(?:Ayuntamiento) .*\" }]"],
            &["celui des mairies que nomme « client » (« Ayuntamiento de Bilbao »", "country = \"…\""],
        ),
        Expected {
            name: "mailboxes of organisations, which the import takes out",
            files: pages(|number, town| format!("porteur: Régie de {town} (contact@regie-{number}.example)\n")),
            lines: &["organisations = { field = \"porteur\", role = \"operator\" }"],
            never: &["remove"],
            said: &[],
        },
        Expected {
            name: "organisations by what they are for",
            files: pages(|number, town| {
                let agency = ["Justice".to_owned(), format!("Régie de {town}"), "Éducation".to_owned()][number % 3].clone();
                format!("agency: {agency}\n")
            }),
            lines: &["organisations = { field = \"agency\", role = \"operator\" }"],
            never: &[],
            said: &[
                "« agency » en nomme par un mot que d'autres portent ailleurs (« Justice », « Éducation »)",
                "pattern = \"^(?:Justice|Éducation)$\", template = \"Ministère de {value}\"",
            ],
        },
        Expected {
            name: "one word of many languages, over and over",
            files: vec![(
                "projets.csv".to_owned(),
                TOWNS.iter().fold("id,nom,description\n".to_owned(), |table, town| {
                    format!("{table}{town},Lieu {town},Maison de quartier place de marché de legumes de gros hangar de fer\n")
                }),
            )],
            lines: &[],
            never: &["language ="],
            said: &[],
        },
        Expected {
            name: "no place, in Italian",
            files: words(
                "La piattaforma permette agli abitanti di presentare delle proposte e di votare quelle degli altri nel loro quartiere.",
                &["titolo"],
                |number| vec![format!("La piattaforma {number}")],
            ),
            lines: &[],
            never: &["places"],
            said: &["places = [{ value = \"…\", country = \"…\""],
        },
        Expected {
            name: "short texts in Spanish, which together are no Catalan",
            files: vec![(
                "proyectos.csv".to_owned(),
                [
                    ("Red de huertos", "La red de huertos de la ciudad de la vega del Ebro"),
                    ("Taller de barrio", "La escuela de oficios de la comarca y de la ribera"),
                    ("Mapa del agua", "Mapa de las fuentes de la sierra del norte de la región"),
                    ("Cocina abierta", "La cocina de la plaza del pueblo y de la gente mayor"),
                    ("Radio vecinal", "Radio de la asociación de vecinos del casco antiguo"),
                    ("Cine de verano", "El cine de la playa de la aldea de los pescadores"),
                ]
                .iter()
                .fold("nombre,descripcion\n".to_owned(), |table, (name, text)| format!("{table}{name},{text}\n")),
            )],
            lines: &["language = \"es\""],
            never: &[],
            said: &[],
        },
        Expected {
            name: "texts in several languages, each in a map",
            files: TOWNS
                .iter()
                .enumerate()
                .map(|(number, town)| {
                    let head = format!(
                        "projectName:\n  fr: Le kiosque de {town}\n  en: The kiosk of {town}\ndescription:\n  fr: Les habitants de {town} y font leurs démarches\n  \
                         en: The people of {town} get help there\ndomain:\n  fr: Accès aux droits {}\n  en: Access to rights {}\nimpact:\n  fr: Les habitants de {town} ont obtenu leurs droits sans attendre ni payer pour cela\n  \
                         en: The people of {town} got what is theirs, and neither waited nor paid for it\ntechnologies:\n  fr: [Borne, Livret]\n  en: [Kiosk, Booklet]\n",
                        number % 2,
                        number % 2
                    );
                    (format!("projects/{number}.md"), format!("---\n{head}---\n## Le lieu\n\n{TEXT}\n"))
                })
                .collect(),
            lines: &["title = \"projectName.fr\"", "summary = \"description.fr\"", "tags = \"domain.fr\"", "results = \"impact.fr\""],
            never: &["heading", ".en"],
            said: &["chaque fiche a ses textes en plusieurs langues", "(« projectName.en »)"],
        },
        Expected {
            name: "labels that recur, in a field of any name",
            files: pages(|number, _| format!("tracks: [{}, Open data]\n", ["Mobilité", "Santé"][number % 2])),
            lines: &["tags = \"tracks[]\""],
            never: &[],
            said: &["« tracks[] », à en juger par ses valeurs"],
        },
        Expected {
            name: "labels that recur, each alone",
            files: pages(|number, _| format!("prestation_key: {}\n", ["etude-conseil", "formation-continue"][number % 2])),
            lines: &["# tags = \"prestation_key\""],
            never: &["tags ="],
            said: &["« prestation_key », à en juger par ses valeurs"],
        },
        Expected {
            name: "states of what came to its end, which are kept in their words",
            files: pages(|number, _| format!("status: {}\n", ["Complete", "Running"][number % 2])),
            lines: &["status = \"status\"", "status_reason = \"status\"", "Complete = \"stopped\""],
            never: &[],
            said: &["arrivé à son terme"],
        },
        Expected {
            name: "states that are all known",
            files: pages(|number, _| format!("status: {}\n", ["Planned", "Running"][number % 2])),
            lines: &["status = \"status\""],
            never: &["status_reason"],
            said: &[],
        },
        Expected {
            name: "several addresses in a text, some without their beginning",
            files: pages(|number, _| {
                let addresses = ["https://a.example/1", "http://b.example, https://c.example/d", "www.d.example"][number % 3];
                format!("websites: {addresses}\n")
            }),
            lines: &["links = { field = \"websites\", split = \",\" }"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "when pages were made, beside when it began",
            files: pages(|number, _| format!("startdate: 201{number}-03-20\ncreated: 2020-04-20\n")),
            lines: &["start = \"startdate\""],
            never: &["modified", "created"],
            said: &[],
        },
        Expected {
            name: "a label that the folder is called by",
            files: pages(|number, _| {
                let first = if number == 3 { "Wi-Fi" } else { "projet" };
                format!("tags: [{first}, Eau {number}]\n")
            }),
            lines: &["tags = { field = \"tags[]\", nothing = [\"projet\"] }"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "headings that ask, of which one is of no known kind",
            files: TOWNS
                .iter()
                .map(|town| {
                    let text = format!(
                        "## Qu'avons-nous fait ?\n\n{TEXT}\n\n## Qu'avons-nous appris ?\n\n{TEXT}\n\n## Qui a payé ?\n\n{TEXT}\n"
                    );
                    (format!("projets/{town}.md"), format!("---\ntitle: Le lieu de {town}\n---\n{text}"))
                })
                .collect(),
            lines: &["lessons = [\"qu'avons-nous appris\"]", "solution = [\"qu'avons-nous fait\"]"],
            never: &[],
            said: &["dont le genre n'est pas connu : « Qui a payé »"],
        },
        Expected {
            name: "signs for nothing",
            files: pages(|number, town| format!("partenaire: {}\n", if number < 2 { "/".to_owned() } else { format!("Régie de {town}") })),
            lines: &["nothing = [\"/\"]"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "labels that recur, which may be first names",
            files: pages(|number, _| format!("mit: [{}, Jean]\n", ["Anna", "Luc"][number % 2])),
            lines: &["# tags = \"mit[]\""],
            never: &["tags ="],
            said: &["Des noms de personnes n'en sont pas"],
        },
        Expected {
            name: "words for machines that recur, which may be names",
            files: pages(|number, _| format!("mit: [{}, jean-dupont]\n", ["anna-weiss", "luc-petit"][number % 2])),
            lines: &["# tags = \"mit[]\""],
            never: &["tags ="],
            said: &[],
        },
        Expected {
            name: "names of persons that recur",
            files: pages(|number, _| format!("mit: [{}, Jean Dupont]\n", ["Anna Weiss", "Luc Petit"][number % 2])),
            lines: &[],
            never: &["tags"],
            said: &[],
        },
        Expected {
            name: "labels that recur, beside others",
            files: pages(|number, _| {
                format!("thèmes: [énergie, eau {number}]\ntracks: [{}, Open data]\n", ["Mobilité", "Santé"][number % 2])
            }),
            lines: &["tags = \"thèmes[]\""],
            never: &["tracks"],
            said: &[],
        },
        Expected {
            name: "pictures, cut small and whole, and a logo",
            files: pages(|number, _| {
                format!("thumbnail: /t/{number}.png\nlogo: /l/{number}.png\nheroImage: /h/{number}.png\nicon: /i/{number}.png\n")
            }),
            lines: &["picture = \"heroImage\""],
            never: &["picture = \"thumbnail\""],
            said: &[],
        },
        Expected {
            name: "pictures that some have only cut small",
            files: pages(|number, _| {
                let whole = if number < 4 { format!("cover: /h/{number}.png\n") } else { String::new() };
                format!("thumbnail: /t/{number}.png\n{whole}")
            }),
            lines: &["picture = [\"cover\", \"thumbnail\"]"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "a year of nobody knows what",
            files: pages(|number, _| format!("year: 201{number}\n")),
            lines: &["start = \"year\""],
            never: &[],
            said: &["Le début : l'année que dit « year » (2010, 2011, 2012). Si c'est celle de la fin"],
        },
        Expected {
            name: "a year beside a day",
            files: pages(|number, _| format!("year: 201{number}\nstart_date: 201{number}-03-01\n")),
            lines: &["start = [\"start_date\", \"year\"]"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "a year of publications",
            files: pages(|number, _| format!("year: 201{number}\njournal: Revue {number}\ndoi: 10.1/{number}\n")),
            lines: &["# start = \"year\""],
            never: &["start = "],
            said: &["« year » (2010, 2011, 2012) est sans doute l'année où cela fut publié"],
        },
        Expected {
            name: "phases of which few say their days",
            files: pages(|number, _| {
                let start = if number < 2 { "\n    start: 2018-01-01" } else { "" };
                format!("date: 2020-0{}-01\nphases:\n  - name: construction{start}\n", number + 1)
            }),
            lines: &["status = \"phases[-1].name\"", "start = \"date\""],
            never: &["phases[0].start"],
            said: &[],
        },
    ]
}

#[test]
fn fields_are_told_by_names_and_values() {
    expected().iter().for_each(Expected::check);
}

#[test]
fn fields_and_states_are_known_in_many_languages() {
    in_languages().iter().for_each(Expected::check);
}
