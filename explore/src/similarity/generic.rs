//! Words that any account of a project may use: they say nothing about what it does.
//!
//! They are left out when the words of a record are chosen, so that the places go to others. How rare a word is does the
//! rest, at the time of the question.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use crate::text::analyse::{Analyser, Rules};

const FRENCH: &str = "
    absence accéder action actions activer actuel actuellement adapter ailleurs ajouter ajouté aller amener améliorer
    an analyser année août appliquer apporter appui assurer atteindre atteint attente aucun augmenter aujourd auprès
    aura auront autant autour autre autres avancer avant avantage avril ayant bas beaucoup besoin besoins bien bon
    bonne but cadre car cas cent cependant certain certains chacun chaque charge chercher chiffre choisi choisir choix
    cibler cinq clair comment complexe compléter comprendre compris comprise compte compter concerner concerné concret
    condition conduire conduisent conduit connaissance connaître connu connue consacrer considérable constat constater
    constituer construire construit contact contexte continuer contraire contre contribuer coup courant cours court
    créer créé date davantage demander depuis dernier destiner deux devenir deviennent devient devoir devrait
    difficile difficulté différent dimanche dire direct disponible disposer dispositif dit dites divers diviser dix
    dizaine doit doivent donner durer durée dès début décembre décider définir déjà déployer désormais détail
    développer effectuer effet efficace empêcher enfin enjeu enjeux ensemble ensuite envisager espérer essentiel
    exemple existant existent exister expérience face facile faciliter faible faire falloir faut favoriser façon fera
    fin finir fois fonction fonctionner font fort fournir frein février gagner gain garantir grand gros grâce général
    généralement généraliser gérer haut heure hors hui huit hypothèse identifier idée impact impliquer importance
    important indiquer initial initiative initier insuffisant interne intégrer intéresser intérêt janvier jeudi jour
    juillet juin jusque juste lancer large lequel lien lieu limite limiter long longtemps lors lorsque lundi mai
    maintenant majeur malgré manière manque manquer mardi mars mener mercredi mesure met mettent mettre mieux milieu
    mille million mis mise mises mode modèle moins mois moment moyen multiple multiplier mutuel méthode même naître
    neuf niveau nombre nombreux note nouveau nouvelle novembre nécessaire nécessiter objectif objet observer obtenir
    obtiennent obtient octobre offre offrent offrir optimal optimiser option opération opérationnel ordre orienter
    outil outre ouvre ouvrent ouvrir parallèle parfois parler parmi part particulier partie partir parvenir passer
    pendant permet permettent permettre permis perspective pertinent petit peuvent phase piste place placer plein
    plupart plusieurs plutôt point porter poser possibilité possible potentiel pourra pourront poursuivre pouvoir
    pratique premier premièrement prend prendre prennent presque principal principe prioritaire priorité pris prise
    problème problématique processus prochain proche produire produit progresser progressif projet propos proposer
    propre prouver près préciser préparer présenter prévoir prévu puis qualité quatre quelque quelques question
    quotidien raison raisonnable ramener rapide rapidement relatif rencontrer rend rendent rendre renforcer
    représenter repérer ressource reste restent rester retour reçoit reçu réaliser réalité récent récupérer réduire
    réel réellement régulier répond répondent répondre réponse résultat réunir réussir rôle sait samedi savent savoir
    second seconde sein selon semaine sembler sens sept septembre sera seront seul seulement simple simplement
    simplifier situation situer six soient soit solution sorte souhaiter souvent spécifique structurer succès suffire
    suffisant suit suite suivant suivent suivi suivre sujet supplémentaire surtout système tant technique tel
    tellement temps tendre tenir terme terrain test tester tiennent tient total toujours toutefois traiter travail
    travailler travers trois trop trouver type unique unir usage user utile utilisateur utilisation utiliser va valeur
    valider valoriser varier vendredi venir vers version veulent veut via vie viennent vient viser visible vision
    voici voilà voir voit volonté volume vont vouloir vrai vraiment vu vus vérifier échelle également élargir élevé
    élément équipe établir étape étendre étendu étude étudier éviter évoluer évolution
";

const ENGLISH: &str = "
    able above according achieve across action actually adapt add again against aim allow almost already although
    always among amount another anyone anything apply approach april area around ask august available away back base
    become before begin behind believe below benefit best better beyond big bring build call carry case cause certain
    change choose clear close come common complete concern consider contain continue contribute could create current
    currently day december decide deliver depend describe design despite detail develop development different
    difficult direct during early easy effect either else enable end enough ensure especially establish even ever
    every everyone everything example exist expect experience explain face fact february few find first follow form
    found friday full further gain general get give go goal good great grow happen hard help high hold however idea
    identify impact implement important improve include increase indeed instead interest involve issue itself january
    july june keep kind know lack large last late later lead learn least less let level like likely limit list little
    long look lot low main make manage many march matter mean means measure meet method might monday month much must
    name near nearly necessary need never new next nothing november now number objective obtain october offer often
    old once ongoing only open opportunity order otherwise outcome own paper part particular past pay people per
    perhaps phase place plan play point possible potential practice prepare present previous principle problem process
    produce programme project propose provide put quality question quick quite rather reach read real reason receive
    recent reduce related remain report represent require resource respond result role run same saturday say second
    see seem seen self send september set several shall short show side similar simple since single situation size
    small solution something soon specific stand start state stay step still stop strategy strong succeed success such
    suggest sunday support sure system take talk team tell test thing think third though three thursday thus time
    today together too tool toward towards try tuesday turn two type understand until upon use used useful user using
    usually value various very via view want way wednesday week well whether whole wide within without word work world
    worth year yet
";

static STEMS: LazyLock<[HashSet<Arc<str>>; 2]> = LazyLock::new(|| {
    let stems = |rules: Rules, words: &str| Analyser::new(rules).words(words).into_iter().map(|word| word.stem).collect();
    [stems(Rules::French, FRENCH), stems(Rules::English, ENGLISH)]
});

/// Whether a stem says nothing.
pub(crate) fn is_generic(rules: Rules, stem: &str) -> bool {
    STEMS.get(rules as usize).is_some_and(|stems| stems.contains(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_projects_do_is_told_and_that_they_are_projects_is_not() {
        for (rules, word, expected) in [
            (Rules::French, "projets", true),
            (Rules::French, "permettent", true),
            (Rules::French, "septembre", true),
            (Rules::French, "guichets", false),
            (Rules::French, "détention", false),
            (Rules::English, "solutions", true),
            (Rules::English, "libraries", false),
            (Rules::Other, "project", false),
        ] {
            let stem = Analyser::new(rules).words(word).remove(0).stem;
            assert_eq!(is_generic(rules, &stem), expected, "{word}");
        }
    }
}
