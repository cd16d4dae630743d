//! What stands in a text beside what it tells: keywords, people, partners, links, sources, and mere lists.

use std::collections::HashSet;
use std::sync::LazyLock;

use maillage_explore::text::fold_words;

/// Words of headings of such parts: French, English, Spanish, Catalan, Italian, German, Dutch, Portuguese.
const PARTS: &[&str] = &[
    "mots-clés mot-clé étiquettes tags keywords keyword hashtags palabras-clave paraules-clau parole-chiave schlagworte \
     schlagwörter stichworte stichwörter schlüsselwörter trefwoorden sleutelwoorden palavras-chave etiquetas etiquetes",
    "personnes équipe équipes membres auteurs auteur autrices people person persons team teams members authors author personas \
     equipo miembros autores autor persones equip membres autors persone squadra membri autori personen menschen mitglieder autoren \
     team mensen leden auteurs pessoas equipa equipe membros",
    "liens lien links link enlaces enlace vínculos enllaços enllaç collegamenti verknüpfungen verweise weblinks koppelingen ligações",
    "contact contacts contacto contactos contacte contactes contatti contatto kontakt kontakte ansprechpartner ansprechpartnerin \
     ansprechpersonen contactpersoon contactpersonen contato contatos",
    "partenaires partenaire financeurs financeur soutiens partners partner partnership partnerships funders sponsors supporters \
     socios aliados financiadores colaboradores socis col·laboradors partenariat partenariats finanziatori sostenitori partenariato \
     projektpartner partnerinnen förderer unterstützer kooperationspartner financiers sponsoren parceiros parceria parcerias \
     patrocinadores",
    "références référence bibliographie sources source crédits crédit references reference bibliography credits credit \
     acknowledgements acknowledgments citations referencias referencia bibliografía fuentes fuente créditos referències bibliografia \
     fonts crèdits riferimenti fonti fonte crediti literatur literaturverzeichnis quellen quelle quellenangaben bildnachweis \
     danksagung bronnen bron referenties literatuur dankwoord referências referência fontes licence license licencia llicència \
     licenza lizenz licentie licença remerciements agradecimientos agraïments ringraziamenti agradecimentos",
    "ressources documents document téléchargements téléchargement annexes annexe resources downloads download attachments recursos \
     documentos documento descargas documents descàrregues risorse documenti allegati dokumente materialien anhang anhänge documenten \
     bijlagen downloads transferências anexos",
];

/// Words that such headings have beside those.
const BETWEEN: &[&str] = &[
    "et and und y i e en of de du des del dels di da do dos das der den die van à au aux the le la les l el los las els il lo gli \
     un une a os as nos notre our us nuestros nuestras i nostri unsere onze ons sus vos your useful utiles utili nützliche weitere \
     externe externes external other autres principaux main clés key projet project",
];

/// Other headings of such parts.
const PHRASES: &[&str] = &[
    "mots clés",
    "key words",
    "palabras clave",
    "paraules clau",
    "parole chiave",
    "palavras chave",
    "pour en savoir plus",
    "en savoir plus",
    "pour aller plus loin",
    "aller plus loin",
    "voir aussi",
    "à lire",
    "sur le web",
    "nous contacter",
    "contactez nous",
    "qui contacter",
    "who we are",
    "who is involved",
    "see also",
    "further reading",
    "further information",
    "more information",
    "read more",
    "learn more",
    "on the web",
    "get in touch",
    "contact us",
    "más información",
    "saber más",
    "para saber más",
    "ver también",
    "més informació",
    "per saber ne més",
    "vegeu també",
    "maggiori informazioni",
    "per saperne di più",
    "vedi anche",
    "weitere informationen",
    "weiterführende links",
    "mehr informationen",
    "siehe auch",
    "zum weiterlesen",
    "meer informatie",
    "zie ook",
    "verder lezen",
    "mais informações",
    "saiba mais",
    "ver também",
];

static PART_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(PARTS));
static BETWEEN_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(BETWEEN));
static FOLDED_PHRASES: LazyLock<HashSet<String>> = LazyLock::new(|| PHRASES.iter().map(|phrase| fold_words(phrase)).collect());

/// Words with a hyphen are phrases once they are folded.
fn folded_words(lists: &[&str]) -> HashSet<String> {
    lists.iter().flat_map(|list| list.split_whitespace()).map(fold_words).collect()
}

/// Whether a heading is that of a part that tells nothing of what the text is about: `Partners and links`, `Nos sources`.
pub fn is_heading(heading: &str) -> bool {
    const MOST_WORDS: usize = 6;
    let folded = fold_words(heading);
    let words = || folded.split(' ');
    let is_part = |word: &str| PART_WORDS.contains(word);
    FOLDED_PHRASES.contains(&folded)
        || PART_WORDS.contains(&folded)
        || words().count() <= MOST_WORDS
            && words().any(is_part)
            && words().all(|word| is_part(word) || BETWEEN_WORDS.contains(word))
}

/// Whether a paragraph says by its label that it is such a part: `Keywords: water, soil`.
pub fn is_labelled(text: &str) -> bool {
    text.split_once(':').is_some_and(|(label, _)| is_heading(label))
}

/// Whether a paragraph is a list of words and no prose: `grief; steps; many people`.
pub fn is_list(text: &str) -> bool {
    let ends = |text: &str| text.ends_with(['.', '!', '?', '…', '"', '”', '»']);
    let all_short = |signs: &[char], fewest: usize, most_words: usize| {
        let parts = || text.trim_end_matches('.').split(signs).map(str::trim).filter(|part| !part.is_empty());
        parts().count() >= fewest && parts().all(|part| part.split(' ').count() <= most_words && !part.contains(". "))
    };
    all_short(&[';'], 3, 6) || !ends(text) && (all_short(&[',', ';', '·', '•', '|'], 4, 4) || all_short(&[','], 3, 2))
}

/// Whether a paragraph is a sentence, whatever it stands below.
pub fn is_sentence(text: &str) -> bool {
    const FEWEST_WORDS: usize = 8;
    text.split(' ').count() >= FEWEST_WORDS && text.ends_with(['.', '!', '?', '…']) && !is_list(text)
}

#[cfg(test)]
mod tests {
    use super::{is_heading, is_list};

    #[test]
    fn headings_tell_parts_that_stand_beside_the_story() {
        for heading in [
            "Keywords",
            "Mots-clés",
            "MOTS CLÉS :",
            "Partners & funders",
            "Nos partenaires",
            "Liens et contacts",
            "Useful links",
            "Pour en savoir plus",
            "Enlaces",
            "Schlagwörter",
            "Quellen und Links",
            "Bronnen",
            "Parceiros",
            "Contatti",
            "Who is involved?",
        ] {
            assert!(is_heading(heading), "{heading}");
        }
        for heading in
            ["Context", "The people of Agen", "Water sources in the village", "Le projet", "Project", "Our", "", "Partners win"]
        {
            assert!(!is_heading(heading), "{heading}");
        }
    }

    #[test]
    fn lists_of_words_are_no_prose() {
        for text in [
            "grief; steps; many people",
            "grief; steps; many people.",
            "solidarité, écologie urbaine, participation citoyenne",
            "Water, soil, food, local currencies",
            "Agen · Auch · Pau · Dax",
        ] {
            assert!(is_list(text), "{text}");
        }
        for text in [
            "In Agen, since 2016, people meet, by the river.",
            "A kiosk, open to all",
            "Agen, au bord de la Garonne, un kiosque",
            "One comes; another goes; the kiosk, which the town had built for its readers, stays where it was.",
            "A kiosk",
            "",
        ] {
            assert!(!is_list(text), "{text}");
        }
    }
}
