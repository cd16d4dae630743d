//! What is wrong with YAML, for people who do not know it: the parser's words, ours, and what to do.

use crate::diagnostic::ReportLanguage;

/// Something that is wrong.
struct Problem {
    /// How the parser says it: any of these is part of its message.
    said: &'static [&'static str],
    english: &'static str,
    french: &'static str,
    /// What to do about it, in English and in French.
    remedy: (&'static str, &'static str),
}

/// A tab that indents a line.
pub const TAB: &str = "a tab stands where only spaces may";

/// Records in a list, where the mapping reads a file as one.
pub const LIST: &str = "it is a list, and a file is read as one record";

/// Neither fields nor a list.
pub const NO_FIELDS: &str = "there are no fields, each with a name and a colon";

/// Something else among the items of a list, or the fields of a map.
pub const STRAY: &str = "it is no item of the list, or no field, that stands around it";

/// Something behind a list or a map in brackets.
pub const AFTER_BRACKET: &str = "something follows the closing bracket of a value";

const IN_QUOTES: (&str, &str) = ("put the whole value in quotes", "mettez toute la valeur entre guillemets");

const PROBLEMS: &[Problem] = &[
    Problem {
        said: &[],
        english: LIST,
        french: "c'est une liste, et un fichier se lit comme une seule fiche",
        remedy: (
            "if each of its entries is a record, say records = \"[]\" in the mapping",
            "si chacune de ses entrées est une fiche, écrivez records = \"[]\" dans la correspondance",
        ),
    },
    Problem {
        said: &[],
        english: NO_FIELDS,
        french: "il n'y a pas de champs, chacun avec un nom et un deux-points",
        remedy: ("write each as name: value", "écrivez chacun ainsi : nom: valeur"),
    },
    Problem {
        said: &[],
        english: STRAY,
        french: "ce n'est pas un élément de la liste, ou un champ, qui se trouve autour",
        remedy: (
            "begin each item with a dash and a space, each field with its name and a colon",
            "commencez chaque élément par un tiret et une espace, chaque champ par son nom et un deux-points",
        ),
    },
    Problem {
        said: &[],
        english: AFTER_BRACKET,
        french: "quelque chose suit le crochet ou l'accolade qui ferme une valeur",
        remedy: ("remove it, or put the whole value in quotes", "retirez-le, ou mettez toute la valeur entre guillemets"),
    },
    Problem {
        said: &["found a tab", "tabs disallowed", "cannot start with a tab"],
        english: TAB,
        french: "une tabulation se trouve là où seules des espaces sont permises",
        remedy: ("begin the line with spaces, not with a tab", "commencez la ligne par des espaces, non par une tabulation"),
    },
    Problem {
        said: &["mapping values are not allowed", "':' must be followed"],
        english: "a value holds a colon",
        french: "une valeur contient un deux-points",
        remedy: IN_QUOTES,
    },
    Problem {
        said: &["unexpected character", "block sequence entries are not allowed", "mapping keys are not allowed"],
        english: "a value begins with a sign that means something else in YAML",
        french: "une valeur commence par un signe qui a un autre sens en YAML",
        remedy: IN_QUOTES,
    },
    Problem {
        said: &["found unknown anchor", "scanning an anchor or alias"],
        english: "a value begins with * or &, which refer to other values in YAML",
        french: "une valeur commence par * ou &, qui renvoient à d'autres valeurs en YAML",
        remedy: IN_QUOTES,
    },
    Problem {
        said: &["invalid trailing content after double-quoted scalar"],
        english: "something follows the closing quote of a value",
        french: "quelque chose suit le guillemet fermant d'une valeur",
        remedy: (
            "within single quotes write an apostrophe twice (''), within double quotes write \\\" for a quote",
            "entre apostrophes, doublez l'apostrophe ('') ; entre guillemets, écrivez \\\" pour un guillemet",
        ),
    },
    Problem {
        said: &["scanning a quoted scalar", "invalid indentation in quoted scalar"],
        english: "a quote is not closed",
        french: "un guillemet n'est pas fermé",
        remedy: ("close the value with the quote that it begins with", "fermez la valeur par le guillemet qui l'ouvre"),
    },
    Problem {
        said: &["parsing a quoted scalar"],
        english: "a backslash stands in double quotes",
        french: "une barre oblique inverse se trouve entre guillemets",
        remedy: ("write the backslash twice, or leave it out", "doublez la barre, ou retirez-la"),
    },
    Problem {
        said: &["parsing a flow", "invalid indentation in flow", "illegal placement of ':'", "expected node content"],
        english: "a bracket is not closed",
        french: "un crochet ou une accolade n'est pas fermé",
        remedy: (
            "close it or, if the value merely begins with it, put the value in quotes",
            "fermez-le ou, si la valeur ne fait que commencer par lui, mettez-la entre guillemets",
        ),
    },
    Problem {
        said: &["simple key expect"],
        english: "a field has no colon",
        french: "un champ n'a pas de deux-points",
        remedy: (
            "after its name write a colon and a space; after the dash of a list, a space",
            "après son nom, écrivez un deux-points et une espace ; après le tiret d'une liste, une espace",
        ),
    },
    Problem {
        said: &["parsing a block", "invalid indentation", "wrongly indented"],
        english: "a line fits neither the fields nor the list above it",
        french: "une ligne ne s'accorde ni aux champs ni à la liste qui la précèdent",
        remedy: (
            "begin it as far to the right as its neighbours; if it goes on with a value, put that in quotes",
            "faites-la commencer au même endroit que ses voisines ; si elle continue une valeur, mettez celle-ci entre guillemets",
        ),
    },
];

/// A message of the parser in plain English, or as it is.
pub fn in_words(said: &str) -> &str {
    let known = PROBLEMS.iter().find(|problem| problem.said.iter().any(|part| said.contains(part)));
    known.map_or(said, |problem| problem.english)
}

/// A problem in French, if it is one of ours.
pub fn in_french(problem: &str) -> Option<&'static str> {
    known(problem).map(|problem| problem.french)
}

/// What to do about it.
pub fn remedy(problem: &str, language: ReportLanguage) -> Option<&'static str> {
    let (english, french) = known(problem)?.remedy;
    Some(if language == ReportLanguage::French { french } else { english })
}

fn known(english: &str) -> Option<&'static Problem> {
    PROBLEMS.iter().find(|problem| problem.english == english)
}

#[cfg(test)]
mod tests {
    use crate::limits::Limits;
    use crate::parse::yaml;

    #[test]
    fn what_is_wrong_is_said_where_it_is() {
        for (text, line, problem) in [
            ("a: b\nlist:\n  - name: c\n\tsite: d\n", 4, "a tab stands where only spaces may"),
            ("a: b\ntitle: A kiosk: how\n", 2, "a value holds a colon"),
            ("a: b\ntitle: @agen\n", 2, "a value begins with a sign that means something else in YAML"),
            ("a: b\ntitle: *agen*\n", 2, "a value begins with * or &, which refer to other values in YAML"),
            ("a: b\ntitle: 'L'été'\n", 2, "something follows the closing quote of a value"),
            ("a: b\ntitle: \"C:\\dir\"\n", 2, "a backslash stands in double quotes"),
            ("a: 'b\nc: d\n", 1, "a quote is not closed"),
            ("a: [b, c\nd: e\n", 2, "a bracket is not closed"),
            ("a: b\nc\nd: e\n", 3, "a field has no colon"),
            ("a: b\ntags: [\"c\"]>\nd: e\n", 2, "something follows the closing bracket of a value"),
            ("a:\n  - b\n  c: d\n", 3, "a line fits neither the fields nor the list above it"),
        ] {
            let error = yaml::parse(text, &Limits::default()).expect_err(text);
            assert_eq!((error.at.line, error.problem.as_str()), (line, problem), "{text}");
            assert!(super::in_french(problem).is_some(), "{problem}");
        }
    }
}
