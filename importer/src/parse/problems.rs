//! What is wrong with YAML or TOML, for people who do not know it: the parser's words, ours, and what to do.

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

/// A text in quotes as books have them.
pub const TYPOGRAPHIC: &str = "a text stands in typographic quotes, which mean nothing here";

/// How what the parser of TOML says begins, where we have no words for it.
const TOML: &str = "TOML: ";

const IN_QUOTES: (&str, &str) = ("put the whole value in quotes", "mettez toute la valeur entre guillemets");

/// Of both, and of YAML.
const PROBLEMS: &[Problem] = &[
    Problem {
        said: &[],
        english: TYPOGRAPHIC,
        french: "un texte est entre guillemets typographiques, qui ne veulent rien dire ici",
        remedy: ("put it in straight quotes: \"…\"", "mettez-le entre guillemets droits : \"…\""),
    },
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

const IN_DOUBLE_QUOTES: (&str, &str) = (
    "names and texts stand in straight double quotes; a comma stands between two entries and none after the last; there are no comments",
    "les noms et les textes sont entre guillemets droits ; une virgule sépare deux entrées, aucune ne suit la dernière ; il n'y a pas de \
     commentaires",
);

const JSON_PROBLEMS: &[Problem] = &[
    Problem {
        said: &["expected a value"],
        english: "no value of JSON stands where one ought to",
        french: "il manque une valeur JSON là où il en faut une",
        remedy: IN_DOUBLE_QUOTES,
    },
    Problem {
        said: &["expected a name in quotes"],
        english: "the name of a field is not in straight double quotes",
        french: "le nom d'un champ n'est pas entre guillemets droits",
        remedy: IN_DOUBLE_QUOTES,
    },
    Problem {
        said: &["expected a colon"],
        english: "the name of a field is not followed by a colon",
        french: "le nom d'un champ n'est pas suivi d'un deux-points",
        remedy: ("put a colon between the name and the value", "mettez un deux-points entre le nom et la valeur"),
    },
    Problem {
        said: &["expected a comma"],
        english: "neither a comma nor the closing bracket or brace follows a value",
        french: "ni une virgule ni le crochet ou l'accolade de fin ne suit une valeur",
        remedy: (
            "put a comma between two entries, close what was opened; within a text write \\\" for a quote",
            "mettez une virgule entre deux entrées, fermez ce qui est ouvert ; dans un texte, écrivez \\\" pour un guillemet",
        ),
    },
    Problem {
        said: &["a text is not closed"],
        english: "a text of JSON does not end with its quote",
        french: "un texte JSON ne finit pas par son guillemet",
        remedy: ("end it with a straight double quote", "finissez-le par un guillemet droit"),
    },
    Problem {
        said: &["while parsing a string", "invalid escape", "escape sequence", "hex escape", "code point"],
        english: "a text of JSON holds a line break, a tab or a backslash as it is",
        french: "un texte JSON contient tel quel un retour à la ligne, une tabulation ou une barre oblique inverse",
        remedy: (
            "write a line break as \\n, a tab as \\t, a backslash twice",
            "écrivez un retour à la ligne \\n, une tabulation \\t, doublez la barre",
        ),
    },
];

const TOML_PROBLEMS: &[Problem] = &[
    Problem {
        said: &["string values must be quoted", "missing opening quote"],
        english: "a text does not begin with a quote",
        french: "un texte ne commence pas par un guillemet",
        remedy: ("put it in straight quotes: \"…\"", "mettez-le entre guillemets droits : \"…\""),
    },
    Problem {
        said: &["invalid basic string", "invalid literal string", "invalid multi-line"],
        english: "a text does not end with its quote",
        french: "un texte ne finit pas par son guillemet",
        remedy: (
            "end it with the quote that it begins with; of several lines, write \"\"\" before and after it",
            "finissez-le par le guillemet qui l'ouvre ; de plusieurs lignes, écrivez \"\"\" avant et après",
        ),
    },
    Problem {
        said: &["unexpected key or value"],
        english: "something follows the end of a value",
        french: "quelque chose suit la fin d'une valeur",
        remedy: (
            "within double quotes write \\\" for a quote; put a text with an apostrophe in double quotes, each field on a line of its own",
            "entre guillemets, écrivez \\\" pour un guillemet ; mettez un texte à apostrophe entre guillemets, chaque champ sur sa ligne",
        ),
    },
    Problem {
        said: &["missing escaped value"],
        english: "a backslash stands in double quotes and escapes nothing",
        french: "une barre oblique inverse se trouve entre guillemets et n'échappe rien",
        remedy: ("write the backslash twice, or leave it out", "doublez la barre, ou retirez-la"),
    },
    Problem {
        said: &["key with no value"],
        english: "the name of a field is not followed by an equals sign",
        french: "le nom d'un champ n'est pas suivi d'un signe égal",
        remedy: (
            "write name = value; a name of several words stands in quotes",
            "écrivez nom = valeur ; un nom de plusieurs mots se met entre guillemets",
        ),
    },
    Problem {
        said: &["invalid unquoted key"],
        english: "the name of a field holds a sign that wants quotes",
        french: "le nom d'un champ contient un signe qui veut des guillemets",
        remedy: ("put the name in quotes", "mettez le nom entre guillemets"),
    },
    Problem {
        said: &["duplicate key"],
        english: "a field stands twice",
        french: "un champ est répété",
        remedy: ("keep one of the two lines", "gardez une seule des deux lignes"),
    },
    Problem {
        said: &["between array elements", "unclosed array", "unclosed inline table", "unclosed table"],
        english: "a list is not closed, or lacks a comma",
        french: "une liste n'est pas fermée, ou il lui manque une virgule",
        remedy: ("part its items by commas and close its bracket", "séparez ses éléments par des virgules et fermez son crochet"),
    },
    Problem {
        said: &["unexpected leading zero", "invalid date", "invalid time", "invalid integer", "invalid number"],
        english: "a value is neither a number nor a date as they are written here",
        french: "une valeur n'est ni un nombre ni une date comme ils s'écrivent ici",
        remedy: ("put it in quotes: \"01004\"", "mettez-la entre guillemets : \"01004\""),
    },
];

/// What to do about TOML for which we have no words.
const TOML_REMEDY: (&str, &str) = (
    "each field is a line name = value, each text in straight quotes, each list in brackets",
    "chaque champ est une ligne nom = valeur, chaque texte entre guillemets droits, chaque liste entre crochets",
);

/// A message of YAML's parser in plain English, or as it is.
pub fn in_words(said: &str) -> &str {
    said_by(PROBLEMS, said).unwrap_or(said)
}

/// A message of TOML's parser in plain English, or as it is, and whose it is.
pub fn of_toml(said: &str) -> String {
    said_by(TOML_PROBLEMS, said).map_or_else(|| format!("{TOML}{said}"), str::to_owned)
}

/// What is wrong with JSON, in plain words, or as it is.
pub fn of_json(said: &str) -> String {
    said_by(JSON_PROBLEMS, said).unwrap_or(said).to_owned()
}

fn said_by(problems: &[Problem], said: &str) -> Option<&'static str> {
    let known = problems.iter().find(|problem| problem.said.iter().any(|part| said.contains(part)));
    known.map(|problem| problem.english)
}

/// A problem in French, if it is one of ours.
pub fn in_french(problem: &str) -> Option<&'static str> {
    known(problem).map(|problem| problem.french)
}

/// What to do about it.
pub fn remedy(problem: &str, language: ReportLanguage) -> Option<&'static str> {
    let of_toml = problem.starts_with(TOML).then_some(TOML_REMEDY);
    let (english, french) = known(problem).map(|problem| problem.remedy).or(of_toml)?;
    Some(if language == ReportLanguage::French { french } else { english })
}

fn known(english: &str) -> Option<&'static Problem> {
    PROBLEMS.iter().chain(TOML_PROBLEMS).chain(JSON_PROBLEMS).find(|problem| problem.english == english)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::ReportLanguage;
    use crate::limits::Limits;
    use crate::parse::{json, toml, yaml};

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
    #[test]
    fn what_is_wrong_with_json_is_said_in_its_terms() {
        for (text, line, column, problem) in [
            ("{\n\"a\": }", 2, 6, "no value of JSON stands where one ought to"),
            ("{\"a\": 'b'}", 1, 7, "no value of JSON stands where one ought to"),
            ("{a: 1}", 1, 2, "the name of a field is not in straight double quotes"),
            ("{\"a\": 1,\n}", 2, 1, "the name of a field is not in straight double quotes"),
            ("{\"a\" 1}", 1, 6, "the name of a field is not followed by a colon"),
            ("{\"a\": 1\n\"b\": 2}", 2, 1, "neither a comma nor the closing bracket or brace follows a value"),
            ("{\"a\": [1, 2}", 1, 12, "neither a comma nor the closing bracket or brace follows a value"),
            ("{\"a\": \"b}", 1, 7, "a text of JSON does not end with its quote"),
            ("{\"a\": \"b\nc\"}", 1, 7, "a text of JSON holds a line break, a tab or a backslash as it is"),
            ("{\"a\": \"C:\\dir\"}", 1, 7, "a text of JSON holds a line break, a tab or a backslash as it is"),
        ] {
            let (at, said) = json::parse(text, &Limits::default()).expect_err(text);
            assert_eq!((at.line, at.column, super::of_json(&said).as_str()), (line, column, problem), "{text}");
            assert!(super::in_french(problem).is_some(), "{problem}");
            let remedy = super::remedy(problem, ReportLanguage::English).expect(problem);
            assert!(!remedy.contains("YAML"), "{remedy}");
        }
    }

    #[test]
    fn what_is_wrong_with_toml_is_said_in_its_terms() {
        for (text, line, problem) in [
            ("a = 1\ntitle = A kiosk\n", 2, "a text does not begin with a quote"),
            ("title = \nb = 1\n", 1, "a text does not begin with a quote"),
            ("title = \"A\nb = 1\n", 1, "a text does not end with its quote"),
            ("title = 'L'été'\n", 1, "something follows the end of a value"),
            ("dir = \"C:\\dir\"\n", 1, "a backslash stands in double quotes and escapes nothing"),
            ("title: A\n", 1, "the name of a field is not followed by an equals sign"),
            ("été = 1\n", 1, "the name of a field holds a sign that wants quotes"),
            ("a = 1\na = 2\n", 2, "a field stands twice"),
            ("tags = [\"a\", \"b\"\nx = 1\n", 2, "a list is not closed, or lacks a comma"),
            ("insee = 01004\n", 1, "a value is neither a number nor a date as they are written here"),
            ("a.b = 1\na.b.c = 2\n", 2, "TOML: cannot extend value of type integer with a dotted key"),
        ] {
            let (at, said) = toml::parse(text, &Limits::default()).expect_err(text);
            assert_eq!((at.line, said.as_str()), (line, problem), "{text}");
            assert!(super::remedy(problem, ReportLanguage::English).is_some(), "{problem}");
        }
    }
}
