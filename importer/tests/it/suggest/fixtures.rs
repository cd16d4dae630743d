//! Repositories of the kinds that partners have, written for the occasion: small, and as odd as the real ones.

/// The files of a repository: path and text.
pub(crate) type Files = Vec<(String, String)>;

pub(crate) const TOWNS: &[&str] = &["Agen", "Brive-la-Gaillarde", "Lille", "Bron", "Martigues", "Roubaix", "Dijon", "Nantes"];

/// One file for each town.
fn each_town(file: impl Fn(usize, &str) -> (String, String)) -> impl Iterator<Item = (String, String)> {
    TOWNS.iter().enumerate().map(move |(number, town)| file(number, town))
}

fn file(path: impl Into<String>, text: impl Into<String>) -> (String, String) {
    (path.into(), text.into())
}

/// Hugo: each page in a folder of its own, two languages by suffix, TOML, persons and news beside.
pub(crate) fn hugo() -> Files {
    let states = ["En cours", "Terminé", "En projet", "Abandonné"];
    let mut files: Files = each_town(|number, town| {
        let folder = town.to_lowercase();
        let state = states[number % 4];
        file(
            format!("content/realisations/{folder}-wifi/index.fr.md"),
            format!(
                "+++\ntitle = \"Le Wi-Fi de {town}\"\ndate = 2023-0{}-10T08:12:40Z\ndraft = false\ncommune = \"{town}\"\n\
                 code_insee = \"4700{number}\"\netat = \"{state}\"\nthematiques = [\"Numérique\", \"Wi-Fi\"]\n\
                 porteur = \"Mairie de {town}\"\ncourriel = \"jean.dupont{number}@exemple.fr\"\n+++\n## Le besoin\n\
                 Les habitants n'avaient pas accès au réseau dans le centre et la commune voulait une réponse pour tous.\n\n\
                 ## Ce que nous en retenons\nPrévoir la maintenance.\n",
                number + 1
            ),
        )
    })
    .collect();
    files.extend(each_town(|number, town| {
        file(
            format!("content/realisations/{}-wifi/index.en.md", town.to_lowercase()),
            format!("+++\ntitle = \"Wi-Fi in {town}\"\ndate = 2023-0{}-10T08:12:40Z\n+++\nThe need of the town.\n", number + 1),
        )
    }));
    files.push(file("content/realisations/_index.fr.md", "+++\ntitle = 'Réalisations'\n+++\n"));
    files.push(file("content/actualites/a.md", "+++\ntitle = 'Une actualité'\n+++\nTexte de la nouvelle du jour.\n"));
    files.push(file("content/equipe/jean.md", "+++\ntitle = 'Jean'\nprenom = 'Jean'\n+++\n"));
    files.push(file("README.md", "# Le site\n\nLes textes sont sous licence CC BY-SA 4.0.\n"));
    files
}

/// Notes of practice without any metadata, written before headings needed a space; the town is in the title.
pub(crate) fn practices() -> Files {
    each_town(|number, town| {
        let title = if number % 2 == 0 { format!("#Le budget participatif de {town}") } else { format!("# La régie ({town})") };
        file(
            format!("fiches/{}-{number}.md", town.to_lowercase()),
            format!(
                "{title}\n\n![photo](https://exemple.fr/{number}.jpg)\n\nPhoto par Jean, sous licence CC BY\n\n##En une phrase\n\
                 Les habitants décident d'une part de ce que leur commune dépense chaque année.\n\n##Points de vigilance\nLe temps.\n"
            ),
        )
    })
    .collect()
}

/// Hugo where each project is a branch with pages of its own, which the generator takes for lists.
pub(crate) fn branches() -> Files {
    let mut files: Files = each_town(|number, town| {
        file(
            format!("content/0{number}-{}/_index.md", town.to_lowercase()),
            format!(
                "+++\ntitle = 'La ciclovía de {town}'\ndate = 2023-0{}-10\n+++\nUn proyecto para todos los vecinos.\n",
                number + 1
            ),
        )
    })
    .collect();
    files.push(file("content/00-agen/fotos/_index.md", "+++\ntitle = 'Fotos'\n+++\nFotos del proyecto.\n"));
    files.push(file("content/_index.md", "+++\ntitle = 'Proyectos'\n+++\n"));
    files
}

/// Two languages in folders, joined by a key since their files are called otherwise; partners with addresses and logos.
pub(crate) fn keyed() -> Files {
    let page = |number: usize, town: &str, language: &str| {
        let text =
            if number == 2 { "Lorem ipsum dolor sit amet." } else { "A text that tells what the town did, and how it went." };
        format!(
            "---\ntitle: \"{town} ({language})\"\ntranslationKey: town-{number}\ntags: [project, post, wifi-{number}]\nblogLink: https://blog.example/{number}\n\
             blogLinkTitle: What we wrote\npartners:\n  - name: Partner {number}\n    url: https://p{number}.example\n    logoPath: https://logos.example/{number}.svg\n\
             Project Summary Text: What the people of {town} asked for and got in the end.\n---\n{text}\n"
        )
    };
    let mut files: Files =
        each_town(|number, town| file(format!("content/en/projects/{}.md", town.to_lowercase()), page(number, town, "en")))
            .collect();
    files.extend(each_town(|number, town| {
        file(format!("content/fr/projects/ville-{}.md", town.to_lowercase()), page(number, town, "fr"))
    }));
    files
}

/// Files that are called after towns, and say them only here and there.
pub(crate) fn named_after_towns() -> Files {
    let told = "Le toit de l'école fut couvert de panneaux, et ses habitants en ont payé une partie.";
    let mut files: Files = each_town(|number, town| {
        file(
            format!("_projets/{}_ecole-{number}.md", town.to_lowercase()),
            format!("---\ntitle: L'école {number}\n---\n{told}\n"),
        )
    })
    .collect();
    files.push(file("_projets/toit.md", format!("---\ntitle: Un toit\nville: Agen\n---\n{told}\n")));
    files.push(file("_projets/cour.md", format!("---\ntitle: Une cour\nproject:\n  ville: Bron\n---\n{told}\n")));
    files
}

/// Projects in the folder of those for whom they were, with their towns before what these lie in.
pub(crate) fn ordered() -> Files {
    each_town(|number, town| {
        let lies_in = ["France", "Occitanie"][number % 2];
        let told = "Ce que les habitants ont demandé, et ce qui en fut fait, en beaucoup de mots.";
        file(
            format!("clients/{number}.md"),
            format!("---\nprojet: Le chantier de {town}\nville: {town}, {lies_in}\nclients: [La mairie numéro {number}]\nlieu_exact: {{nom: Salle {number}, description: Une grande salle}}\n---\n{} \n", told.repeat(3)),
        )
    })
    .collect()
}

/// A folder for each project, with one for each language in it.
pub(crate) fn language_folders() -> Files {
    let german = "Die Stadt hat eine Karte der barrierefreien Orte veröffentlicht, die von Freiwilligen gepflegt wird.";
    let english = "The council opened a repair workshop in the library, where volunteers help residents to mend what is broken.";
    let page = |number: usize, language: &str, text: &str| {
        file(
            format!("source/projects/karte-{number}/{language}/index.md"),
            format!(
                "---\nlayout: project\ntitle: Projekt {number}\nyear_start: 2014\nthemes: {}\n---\n{text}\n",
                ["repair mutual-aid", "maps"][number % 2]
            ),
        )
    };
    (0..5).flat_map(|number| [page(number, "de", german), page(number, "en", english)]).collect()
}

/// Titles and summaries in maps that are called after languages; a directory of which one folder is called after what it holds.
pub(crate) fn directory() -> Files {
    let page = |number: usize, town: &str| {
        format!(
            "---\ninfo-en:\n  title: A workshop in {town}\n  description: Where residents mend what is broken, on {number} evenings.\n\
             info-fr:\n  title: Un atelier à {town}\n  description: Les habitants y réparent ce qui est cassé, {number} soirs.\n\
             city: {town}\nwebsite: https://atelier-{number}.example\ntags: [repair]\n---\n\
             A place where everybody finds tools, and somebody who knows how to use them.\n"
        )
    };
    let mut files: Files = each_town(|number, town| file(format!("content/directory/{number}.md"), page(number, town))).collect();
    for number in [8, 9] {
        let page = format!("---\ntitle: Workshop {number}\ncategory: closed\n---\nA workshop that is no more.\n");
        files.push(file(format!("content/directory/Past Spaces/{number}.md"), page));
    }
    files.push(file(
        "content/setup/install.md",
        "---\ntitle: Install\n---\nRun the program and wait until it is ready to be used.\n",
    ));
    files
}

/// Nothing but posts, of towns of Spain, one of them set aside and two dated by their names alone; and a page about the site.
pub(crate) fn posts() -> Files {
    let story =
        "La ciudad abrió un taller de reparación en la biblioteca, donde los voluntarios ayudan a los vecinos. ".repeat(4);
    let post = |(index, town): (usize, &&str)| {
        let date = if index < 3 { format!("date: 2015-0{}-18\n", index + 1) } else { String::new() };
        let fields = format!(
            "layout: post\ntitle: Un taller en {town}, número {index}\n{date}sede_ciudad: {town}\npublisher: Ayuntamiento número {index}\n\
             publisher_country: España\npublisher_is_public: y\n\
             is_active: {}\ndatos:\n  - id: https://datos.example/{index}\n    label: El aire, número {index}",
            index % 2 == 0
        );
        file(format!("_posts/2015-0{}-20-taller-{index}.md", index + 1), format!("---\n{fields}\n---\n{story}\n"))
    };
    let mut files: Files = ["Zaragoza", "Bilbao", "Sevilla", "Córdoba", "Getxo"].iter().enumerate().map(post).collect();
    files.push(file("_posts/_2015-01-20-taller-0.md", "---\nlayout: post\ntitle: Un borrador\n---\nPor escribir.\n"));
    // Another folder with the same fields.
    let one = "layout: post\ntitle: Un taller más\nsede_ciudad: Bilbao\npublisher: Ayuntamiento\npublisher_country: España\npublisher_is_public: n";
    files.push(file(
        "_talleres/uno.md",
        format!("---\n{one}\ndatos:\n  - id: https://datos.example/9\n    label: Otro\n---\n{story}\n"),
    ));
    files.push(file(
        "about.md",
        "---\nlayout: page\ntitle: Quiénes somos\n---\nSomos una asociación que cuenta lo que hacen las ciudades.\n",
    ));
    files
}

/// Projects in a folder called after those for whom they were.
pub(crate) fn clients() -> Files {
    each_town(|number, town| {
        let story = "The town asked its people what they wanted, and they said it in many words. ".repeat(8);
        let client = if number == 0 { "Private".to_owned() } else { format!("City of {town}") };
        file(
            format!("_clients/{}.md", town.to_lowercase()),
            format!(
                "---\ntitle: A dialogue in {town}\ndate: 2023-0{}-10\nperiod: {} - 2023\nclient: {client}\n---\n{story}\n",
                number + 1,
                2020 + number % 3
            ),
        )
    })
    .collect()
}

/// Public works: the town in one of two fields, addresses without their beginning, a second folder of the same.
pub(crate) fn works() -> Files {
    let page = |number: usize, town: &str| {
        let place = if number.is_multiple_of(2) { "ville" } else { "localité" };
        format!(
            "---\ntitre: Le chantier n° {number}\nmaître_ouvrage: Ville de {town}\n{place}: {town}\nsite: chantier{number}.exemple.fr\ntypologie: {}\n\
             techno: Bois\n---\nUn chantier pour les habitants.\n",
            ["Santé", "Enseignement", "Transport"][number % 3]
        )
    };
    let mut files: Files = each_town(|number, town| file(format!("contenu/projets/{number}.md"), page(number, town))).collect();
    files.extend(each_town(|number, town| file(format!("contenu/anciens-v2/{number}0.md"), page(number + 20, town))));
    files.push(file("contenu/projets/fete.md", page(30, "Fêteville").replace("techno: Bois", "techno: Bois\ntype: événement")));
    files.push(file("contenu/projets/0-exemple.md", page(9, "Exempleville")));
    files
}

/// German projects of which some have an English translation beside them, and periods for dates.
pub(crate) fn beside() -> Files {
    let mut files: Files = each_town(|number, town| {
        file(
            format!("projekte/{}.md", town.to_lowercase()),
            format!(
                "---\ntitle: Offene Daten in {town}\nyears: 20{} - heute\nfinancing: [Stiftung {}]\n---\nDas Projekt zeigt, was die Stadt mit ihren Daten macht und \
                 wie die Menschen sie nutzen können, ohne dafür zu bezahlen.\n",
                10 + number,
                number % 3
            ),
        )
    })
    .collect();
    files.extend(
        each_town(|number, town| {
            file(
                format!("projekte/{}.en.md", town.to_lowercase()),
                format!(
                    "---\ntitle: Open data in {town}\nyears: 20{} - today\n---\nThe project shows what the town does.\n",
                    10 + number
                ),
            )
        })
        .take(3),
    );
    files
}

/// Challenges of a programme: the day in each name is the generator's, the link of most is that of the programme, and one file
/// lost its extension.
pub(crate) fn challenges() -> Files {
    let kinds = ["Carte", "Design", "Carte et design", "Carte, données"];
    each_town(|number, town| {
        let extension = if number == 3 { "" } else { ".md" };
        let site = if number < 6 { "https://programme.exemple.fr".to_owned() } else { format!("https://{number}.exemple.fr") };
        let kind = kinds[number % 4];
        file(
            format!("_defis/2017-01-01-{}{extension}", town.to_lowercase()),
            format!(
                "---\ntitre: Le défi n° {number}\nmission: \"Ce que la ville de {town} veut faire pour ses habitants\"\nsite: {site}\n\
                 administration: Mairie de {town}\nadministration-website: https://{number}.exemple.fr/mairie\ntype: {kind}\nbudget_prevu: ??\n---\n## L'équipe\n\nDes gens.\n\n## Le défi\n\nBeaucoup.\n"
            ),
        )
    })
    .collect()
}

/// A catalogue whose fields are called after what it holds, with texts in HTML.
pub(crate) fn contests() -> Files {
    each_town(|number, town| {
        file(
            format!("_contests/{number}.md"),
            format!(
                "---\ncontest-title: A contest number {number} for all\ntagline: Cities try something new, number {number}\n\
                 base: {town}\ntype-of-contest: https://vocabulary.example/type/{}\ncontest-start: 0{}/15/2019 12:00 AM\n\
                 contest-end: 2020/0{}/01 09:00 AM\ndescription: <p>The town of {town} asks its inhabitants for ideas, and the \
                 best of them are built.</p><h3>Background</h3><p>There was money left over.</p>\n---\n",
                ["ideas", "design"][number % 2],
                number + 1,
                number + 1
            ),
        )
    })
    .collect()
}

/// `GitBook`: pages without any metadata.
pub(crate) fn gitbook() -> Files {
    let mut files = vec![
        file("SUMMARY.md", "# Summary\n\n* [A](practices/a.md)\n"),
        file("README.md", "# Catalogue of practices\n"),
        file("LICENSE", "MIT License\n\nPermission is hereby granted, free of charge, to any person\n"),
    ];
    files.extend(["open-kiosk", "fab-lab-on-wheels", "letter-writer", "town-map"].map(|name| {
        file(
            format!("practices/{name}.md"),
            format!(
                "# A {name}\n\n{{% hint style=\"info\" %}}\nHello.\n{{% endhint %}}\n\nThe town has set up a service for the \
                 residents who are far from digital and wanted to be helped by someone.\n\n## Context\nThe people.\n\n\
                 ## What we did\nWe opened it.\n\n## Takeaways\nTake time.\n"
            ),
        )
    }));
    files
}

/// Docusaurus: MDX, case studies beside pages of reference, no field but those of the tool.
pub(crate) fn docusaurus() -> Files {
    let mut files = Files::new();
    for number in 1..=6 {
        files.push(file(
            format!("docs/case-studies/case-{number}.mdx"),
            format!(
                "---\nid: case-{number}\ntitle: Case {number}\nsidebar_position: {number}\ndescription: How the city opened its \
                 data, number {number}, to the people who live in it.\nkeywords: [open data, city]\nauthors: [amanda]\n\
                 last_update:\n  date: 5/{}/2023\n---\nimport Tabs from '@theme/Tabs';\n\n# Case {number}\n\n## Challenge\n\
                 It was not easy for the people of the city.\n",
                number + 12
            ),
        ));
        let page = format!("---\nid: p{number}\ntitle: Page {number}\nsidebar_position: {number}\n---\nReference\n");
        files.push(file(format!("docs/reference/page-{number}.md"), page));
    }
    files
}

/// Obsidian: names of files are titles, links between notes in double brackets.
pub(crate) fn obsidian() -> Files {
    let mut files: Files = (0..7)
        .map(|number| {
            let place = ["Berlin", "Hamburg", "Köln", "Bonn"][number % 4];
            let state = ["laufend", "abgeschlossen", "geplant"][number % 3];
            file(
                format!("Projekte/Projekt {number}.md"),
                format!(
                    "---\naliases: [P{number}]\ntags: [projekt, stadt]\nOrt: {place}\nStatus: {state}\nBeginn: {}.0{}.2021\n\
                     Träger: \"[[Verein {}]]\"\n---\nDas Projekt ist ein Versuch mit den Menschen in der Stadt und wird von der \
                     Stadt gefördert.\n\n## Die Ausgangslage im Ort\nDie Lage war nicht gut.\n",
                    number + 1,
                    number + 1,
                    number % 3
                ),
            )
        })
        .collect();
    files.extend((0..3).map(|number| {
        file(format!("Vereine/Verein {number}.md"), format!("---\nWebseite: https://verein{number}.example\n---\nEin Verein.\n"))
    }));
    files.push(file("Personen/Max.md", "---\nvorname: Max\n---\n"));
    files.push(file(".obsidian/notes.md", "---\ntitle: Not for us\n---\n"));
    files
}

/// Decap: fields with names that say nothing, which its forms call by labels.
pub(crate) fn decap() -> Files {
    let forms = "collections:\n  - name: c1\n    label: Initiatives\n    folder: content/c1\n    fields:\n      \
                 - {label: Titre, name: f1, widget: string}\n      - {label: Résumé, name: f2, widget: text}\n      \
                 - {label: Commune, name: f3, widget: string}\n      - {label: Date de début, name: f4, widget: datetime}\n      \
                 - {label: Thèmes, name: f5, widget: list}\n      - {label: Adresse électronique, name: f6, widget: string}\n  \
                 - name: c2\n    label: Page\n    folder: content/c2\n    fields: [{label: Titre, name: title, widget: string}]\n";
    let mut files = vec![file("static/admin/config.yml", forms)];
    files.extend(each_town(|number, town| {
        file(
            format!("content/c1/{number}.md"),
            format!(
                "---\nf1: Atelier numéro {number}\nf2: Un atelier {number} où les habitants de la commune apprennent ensemble.\n\
                 f3: {town}\nf4: 2022-03-0{}T10:00:00.000Z\nf5: [atelier, numérique]\nf6: marie.durand{number}@exemple.fr\n---\n\
                 Le texte de cet atelier qui est pour tous les habitants de la commune.\n",
                number + 1
            ),
        )
    }));
    files.extend(each_town(|number, _| {
        file(format!("content/c2/{number}.md"), format!("---\ntitle: Page {number}\n---\nTexte\n"))
    }));
    files
}

/// Jekyll: one folder of posts in which a category tells the projects; months by name, postcodes that begin with a zero.
pub(crate) fn jekyll() -> Files {
    let mut files: Files = each_town(|number, town| {
        let month = ["mars", "juin", "août"][number % 3];
        file(
            format!("_posts/2021-0{}-12-projet-{number}.md", number + 1),
            format!(
                "---\nlayout: post\ntitle: 'Projet : {town}'\ncategories: projet\nville: {town}\ncp: '0{number}100'\n\
                 lancement: {month} 2020\nauteur: Claire Martin\nimage: /img/{number}.png\n---\n\
                 Le projet est mené par la commune avec les habitants, dans le cadre de son action pour tous.\n"
            ),
        )
    })
    .collect();
    files.extend(each_town(|number, _| {
        file(
            format!("_posts/2022-0{}-12-nouvelle-{number}.md", number + 1),
            format!(
                "---\nlayout: post\ntitle: Nouvelle {number}\ncategories: actualité\nauteur: Claire Martin\n---\nUne nouvelle.\n"
            ),
        )
    }));
    files
}

/// Metadata in a block of code after the title.
pub(crate) fn fenced() -> Files {
    each_town(|number, town| {
        file(
            format!("fiches/{number}.md"),
            format!(
                "# Fiche {number}\n\n```yaml\nStatut: actif\nCollectivité: Ville de {town}\nPublic: jeunes\n\
                 Site: https://ville{number}.example\nDate: 0{0}/0{0}/2020\n```\n\nLa fiche décrit une action de la ville, \
                 pour les jeunes et avec les associations.\n",
                number + 1
            ),
        )
    })
    .collect()
}

/// Metadata in a file beside each text.
pub(crate) fn sidecar() -> Files {
    let mut files = Files::new();
    for (number, town) in TOWNS.iter().enumerate() {
        let metadata = format!("title: Kiosk {number}\ncity: {town}\nstart_date: 2019-0{}-01\nstatus: active\n", number + 1);
        files.push(file(format!("projects/{number}.yml"), metadata));
        files.push(file(format!("projects/{number}.md"), "The kiosk is in the town hall and it is for all of the people.\n"));
    }
    files
}

/// A catalogue whose files have no text, and codes that must not be read as numbers.
pub(crate) fn catalogue() -> Files {
    let places = ["MA", "CA", "NY", "TX"];
    (0..12)
        .map(|number| {
            let status = ["active", "complete", "hiatus", "On Ice"][number % 4];
            let state = places[number % 4];
            let topic = ["Animals, Nature and outdoors", "Ocean,  Climate", "Astronomy"][number % 3];
            file(
                format!("_catalog-projects/{number:03}.md"),
                format!(
                    "---\nlayout: project\nproject_name: \"Counting {number}\"\nproject_description: \"The project is one in \
                     which the people of the state count what they see, number {number}, and send it to those who study it.\"\n\
                     project_topic: \"{topic}\"\nstart_date: {}/{}/2015\nstatus: {status}\ncity: Springfield\nstate: {state}\n\
                     zip: 0206{}\nagency_type: formal_nonprofit_ngo\nagency_sponsor: \"Agency {number}\"\ngeographic_scope: \
                     National\nemail: \"mike{number}@example.org\"\nproject_contact: Mike\nproject_url: \
                     https://example.org/{number}\n---",
                    number % 12 + 1,
                    number + 14,
                    number % 10
                ),
            )
        })
        .collect()
}

/// Three languages in folders, one of which is mostly still to be written; organisations by a slug that is not their file's.
pub(crate) fn languages() -> Files {
    let mut files = Files::new();
    let texts = [
        ("es", "El proyecto es una red de las personas que viven en la ciudad, con el apoyo de los vecinos del barrio."),
        ("en", "The project is a network of the people who live in the city, with the help of the others."),
        ("cat", ""),
    ];
    for (language, text) in texts {
        for number in 0..5 {
            let title = if text.is_empty() { String::new() } else { format!("title: Project {number} {language}\n") };
            files.push(file(
                format!("_projects/{language}/proyecto-número-{number}.md"),
                format!(
                    "---\nlayout: project\nslug: project-{number}\n{title}state: {}\ndate_start: 2024-08-0{1}T12:17:00.000Z\n\
                     date_end: 2024-08-0{1}T12:17:00.000Z\ncollaborators:\n  - org-{2}\nmembers:\n  - ana\n---\n{text}\n",
                    ["open", "closed"][number % 2],
                    number + 1,
                    number % 3
                ),
            ));
        }
        for number in 0..3 {
            files.push(file(
                format!("_collaborators/{language}/colaborador-{number}.md"),
                format!("---\nslug: org-{number}\ntitle: Organización {number}\nweb: https://org{number}.example\n---\n"),
            ));
        }
    }
    files
}

/// A list of phases, references by path, folders of organisations that refer to one another, an unfree licence.
pub(crate) fn phases() -> Files {
    let mut files =
        vec![file("LICENSE.txt", "Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International Public License\n")];
    for (number, town) in TOWNS.iter().enumerate() {
        let last = ["construction", "acceleration", "abandon"][number % 3];
        files.push(file(
            format!("content/_startups/service-{number}.md"),
            format!(
                "---\ntitle: Service {number}\nmission: Aider les habitants n° {number} à faire leurs démarches avec la mairie.\n\
                 sponsors:\n  - /organisations/ville-{number}\nincubator: labo-{}\ncontact: contact@exemple.fr\n\
                 link: https://service{number}.exemple.fr\nrepository: ''\nusertypes: [particulier, etat]\n\
                 phases:\n  - name: investigation\n    start: 2021-02-01\n    end: 2021-05-26\n  - name: {last}\n    \
                 start: 2022-0{}-01\n---\n## Problème visé\nLes démarches sont longues.\n",
                number % 2,
                number + 1
            ),
        ));
        files.push(file(format!("content/_organisations/ville-{number}.md"), format!("---\nname: Ville de {town}\n---")));
    }
    for number in 0..2 {
        files.push(file(
            format!("content/_incubators/labo-{number}.md"),
            format!("---\ntitle: Laboratoire {number}\nowner: /organisations/ville-{number}\nlogo: a.png\n---\nTexte.\n"),
        ));
    }
    files
}

/// One folder for each town, French names of fields in two spellings, empty files, no date at all.
pub(crate) fn town_folders() -> Files {
    let mut files = Files::new();
    for (number, town) in TOWNS.iter().enumerate() {
        let folder = format!("_{}", town.to_lowercase());
        for place in 0..2 {
            let telephone = if place == 0 { "tel" } else { "téléphone" };
            files.push(file(
                format!("{folder}/lieu-{number}-{place}.md"),
                format!(
                    "---\nnom: Le lieu {number}\ntype:\n  - café\ntags: [thé]\nadresse: {place} rue de la Paix\n\
                     {telephone}: 05 53 69 47 0{place}\nresponsable: Anne\ndescription : >\n  Un lieu de rencontres pour les \
                     habitants de {town} et des environs.\nsite: https://lieu{number}.example\n---\nOn y est bien.\n"
                ),
            ));
        }
        files.push(file(format!("{folder}/vide.md"), ""));
    }
    files.push(file(
        "_presqu-ile/lieu.md",
        "---\nnom: Le phare\ndescription: Un phare au bout de la terre et des chemins.\n---\n",
    ));
    files
}

/// Jekyll, by volunteers: who does what in a list of maps, links with names, nothing but metadata.
pub(crate) fn volunteers() -> Files {
    let mut files: Files = each_town(|number, town| {
        let area = ["Housing", "Food", "Civic Engagement"][number % 3];
        file(
            format!("_projects/repair-map-{}.md", town.to_lowercase()),
            format!(
                "---\nidentification: '19{number}321758'\ntitle: Repair map of {town}\n\
                 description: A map of the places in {town} where residents mend what is broken and lend each other their tools.\n\
                 leadership:\n  - name: Jane Doe\n    role: Product Manager\n    links:\n      slack: 'https://chat.example/team/U{number}'\n      \
                 github: 'https://forge.example/jane{number}'\n    picture: https://forge.example/jane{number}.png\n\
                 links:\n  - name: Code\n    url: 'https://forge.example/repair/{number}'\n  - name: Site\n    url: 'https://repair{number}.example/'\n\
                 program-area:\n  - {area}\nstatus: On Hold\n---\n"
            ),
        )
    })
    .collect();
    files.push(file("README.md", "# Our site\n\nHow to build it.\n"));
    files
}

/// Hugo, in French of a kind whose commonest words are those of Catalan, too.
pub(crate) fn administration() -> Files {
    each_town(|number, town| {
        file(
            format!("content/projets/siret-{}.md", town.to_lowercase()),
            format!(
                "---\ntitle: \"Les identifiants de {town}\"\ndate: 2022-05-1{number}\n\
                 summary: La recherche de l\u{2019}immatriculation de l\u{2019}établissement de {town} à partir de la donnée ne réussit guère.\n---\n\n\
                 ##### Les objectifs\n\nEnrichir la base de référence à l\u{2019}aide de données de contexte, de libellés et de nomenclatures \
                 partagées en interne, afin de retrouver les entités, les antennes et les filiales à partir de la base.\n"
            ),
        )
    })
    .collect()
}

/// Jekyll, for a carousel: names of fields of which one word tells, a picture and what it shows, a page to be copied.
pub(crate) fn carousel() -> Files {
    let page = |path: String, number: usize, town: &str| {
        file(
            path,
            format!(
                "---\n# Do not edit\nlayout: default\ncarousel_summary: \"Easier answers for those who move to {town}\"\n\
                 carousel_image: /images/{number}.jpg\ncarousel_image_alt: \"A desk in {town}\"\ntitle: \"Moving to {town}\"\n\
                 agency: Town of {town}\nfigures:\n  - figure: \"{number}\"\n    unit: \"year\n    of: |-\n      It took.\n---\n\n\
                 ## The Challenge\n\nThe forms were long, and nobody could say what was missing from them.\n"
            ),
        )
    };
    let template = page("_projects/project-template.md".to_owned(), 99, "Somewhere");
    let pages = each_town(|number, town| page(format!("_projects/000{number}_{}.md", town.to_lowercase()), number, town));
    [template].into_iter().chain(pages).collect()
}

/// Texts in fields by language, beside files with texts of their own; pictures by their names alone; labels with spaces between.
pub(crate) fn texts_by_language() -> Files {
    each_town(|number, town| {
        let de = format!(
            "In {town} entsteht ein Kiosk, an dem die Stadt ihre Dienste auch denen zeigt, die kein eigenes Gerät haben und nicht \
             wissen, wo sie fragen sollen."
        );
        let en = format!("In {town} a kiosk shows what the town offers to those who have no device of their own and know nobody to ask.");
        let text = if number % 2 == 0 { format!("de:\n  content: >\n    {de}\nen:\n  content: >\n    {en}\n---\n") } else { format!("---\n\n{de}\n") };
        file(
            format!("_projects/{}.md", town.to_lowercase()),
            format!("---\ntitle: \"Kiosk {town}\"\nimg: kiosk-{number}.jpg\ntags: older-people {}\n{text}", ["staff", "remote-rural", "benefits"][number % 3]),
        )
    })
    .collect()
}
