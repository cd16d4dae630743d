//! Telephone numbers, told from dates, amounts, codes and identifiers by their groups, their separators and the words before.

use std::ops::Range;

use super::{Found, with_target};

/// How far a number may reach, in bytes.
const LONGEST: usize = 48;

/// How many digits a number has at least.
const FEWEST: usize = 7;

/// How many digits a number has that its column alone tells.
const FEWEST_IN_CELL: usize = 8;

/// How much of the text before a number tells what it is, in bytes.
const LONGEST_BEFORE: usize = 32;

/// Words before a number that say it is a telephone number, folded.
const LABELS: &[&str] = &[
    "tel",
    "tél",
    "telephone",
    "téléphone",
    "telefon",
    "telefono",
    "teléfono",
    "telefone",
    "telèfon",
    "telefoon",
    "phone",
    "ph",
    "fon",
    "fone",
    "fax",
    "mobil",
    "handy",
    "whatsapp",
    "sms",
    "☎",
    "📞",
    "📱",
    "telefax",
    "rufnummer",
    "telefonnummer",
    "mobilnummer",
    "handynummer",
    "telefoonnummer",
    "movil",
    "móvil",
    "mòbil",
    "móbil",
    "cell",
    "cel",
    "cellulare",
    "celular",
    "telemovel",
    "telemóvel",
    "telem",
    "tlm",
    "telf",
    "tlf",
    "tfno",
    "gsm",
    "natel",
    "mobiel",
    "telefonu",
    "telefonem",
    "telefonnr",
    "komórka",
    "puhelin",
    "puh",
    "whats",
    "fono",
    "numer",
];

/// Words that say so of a long number, and may mean something else.
const LOOSE_LABELS: &[&str] = &[
    "mobile",
    "mob",
    "portable",
    "port",
    "standard",
    "contact",
    "kontakt",
    "contacto",
    "contato",
    "contacte",
    "contatto",
    "llámanos",
    "truqueu",
];

/// Words before a colon and the name of whoever is to be called.
const CONTACTS: &[&str] = &[
    "contact",
    "contacts",
    "contacto",
    "contato",
    "contacte",
    "contatto",
    "contatti",
    "kontakt",
    "kontakty",
    "ansprechpartner",
    "ansprechpartnerin",
    "ansprechperson",
    "contactpersoon",
    "contactpersonne",
    "référent",
    "référente",
    "interlocuteur",
    "interlocutrice",
    "responsable",
    "referente",
];

/// Words before a number that say it is an amount, folded.
const COUNTS: &[&str] = &[
    "bilancio",
    "bevölkerung",
    "budget",
    "cost",
    "coste",
    "costo",
    "coût",
    "custo",
    "einwohner",
    "haushalt",
    "importe",
    "kosten",
    "montant",
    "orçamento",
    "población",
    "popolazione",
    "população",
    "population",
    "presupuesto",
    "pressupost",
    "total",
    "totale",
    "visitas",
    "visites",
    "visits",
];

/// Words for calling, after which somebody may be named before the number.
const CALLS: &[&str] = &[
    "appeler",
    "appelez",
    "call",
    "llamar",
    "llame",
    "trucar",
    "chiamare",
    "ligar",
    "anrufen",
    "ring",
    "joindre",
    "falar",
    "hablar",
    "contactar",
    "contacter",
    "telephonez",
    "téléphonez",
    "téléphoner",
    "llama",
    "llamad",
    "llamen",
    "comunícate",
    "comuníquese",
    "truca",
    "chiama",
    "chiamate",
    "telefonare",
    "ligue",
    "rufen",
    "bel",
    "bellen",
    "ringa",
    "zadzwoń",
    "dzwoń",
    "soita",
];

/// Words that may stand between such a word and the number: "llamar al 666 555 444".
const BETWEEN: &[&str] = &[
    "al", "el", "le", "au", "on", "at", "the", "a", "unter", "lo", "o", "para", "is", "ist", "est", "es", "number", "nummer",
    "numéro", "numero", "número", "no", "nr", "kom", "op", "på", "til", "till", "us", "now", "today", "ahora", "agora", "jetzt",
];

/// How many of them may.
const MOST_BETWEEN: usize = 2;

/// Ends of addresses that a number follows.
const MESSENGERS: &[&str] = &["wa.me/", "send?phone=", "send/?phone=", "chat?number=", "signal.me/#p/", "t.me/"];

/// What addresses begin with that call somebody, whatever follows.
pub(super) const SCHEMES: &[&str] = &["tel", "callto", "sms", "whatsapp", "viber"];

/// Whether an address may be that of a number in a messenger.
pub(super) fn is_of_messenger(address: &str) -> bool {
    MESSENGERS.iter().any(|messenger| address.contains(messenger))
}

/// Words before a number that say it is something else.
const OTHERS: &[&str] = &[
    "isbn",
    "issn",
    "iva",
    "siret",
    "siren",
    "doi",
    "ean",
    "iban",
    "rna",
    "insee",
    "urssaf",
    "tva",
    "vat",
    "ean13",
    "id",
    "osm",
    "lot",
    "art",
    "expediente",
    "dossier",
    "référence",
    "reference",
    "referencia",
    "matricule",
    "nif",
    "nipc",
    "rcs",
    "regon",
    "krs",
    "nip",
    "cif",
    "kvk",
    "code",
    "barres",
    "parcelle",
    "permis",
];

/// Signs that part the groups of a number where nothing else does: `06·12·34·56·78`, `06_12_34_56_78`.
const RARE: &[char] = &['·', '•', '_'];

/// Digits in groups.
struct Run<'t> {
    has_plus: bool,
    /// Whether it starts with a bracket: `(030) 123456`.
    has_bracket: bool,
    groups: Vec<&'t str>,
    /// What stands after each group but the last.
    separators: Vec<&'t str>,
    /// Where each group ends, from the start of the run.
    ends: Vec<usize>,
}

/// The number that starts here, and how far the text was looked at in vain. Cells of tables may be known to hold numbers.
pub(super) fn find(
    text: &str,
    from: usize,
    at: usize,
    cells: &impl std::ops::Deref<Target = Vec<Range<usize>>>,
) -> (Option<Found>, usize) {
    let run = Run::read(&text[at..text.floor_char_boundary(at + LONGEST)]);
    let Some(last) = run.ends.last().copied() else { return (None, at + 1) };
    // A bracket or a sign may stand before a number that is one without it.
    let in_vain = if text.as_bytes()[at].is_ascii_digit() { at + last } else { at + 1 };
    if run.digits() < FEWEST {
        return (None, in_vain);
    }
    let window = &text[text.ceil_char_boundary(at.saturating_sub(LONGEST_BEFORE)).max(from)..at];
    // After a number that was taken out, what joins it to the next is no sign of something else.
    let follows_number = from > 0 && at - from <= 3 && text[from..at].chars().all(|character| " /-–,;".contains(character));
    let scheme = scheme(window).unwrap_or("tel:");
    let mut before = Before::read(window, follows_number);
    if before == Before::Nothing && run.digits() >= FEWEST_IN_CELL && is_within(cells, at) {
        before = Before::Label;
    }
    if before == Before::Other || are_months(&run.groups) {
        return (None, in_vain);
    }
    if let Some(length) = run.introduced(window, &text[at..]) {
        let start = at + usize::from(run.has_bracket);
        return (Some(with_target(text, from, start..at + length, scheme)), at + length);
    }
    let goes_on = |groups: &usize| {
        let rest = &text[at + run.ends[groups - 1]..];
        let unit = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
            || ["€", "%", "$", "£", "EUR", "km", "m²", "m2", "hab", "euros"].iter().any(|sign| unit.starts_with(sign))
    };
    if let Some(groups) = run.telephone_groups(before).into_iter().find(|groups| !goes_on(groups)) {
        let end = at + run.ends[groups - 1];
        if before == Before::Address {
            let address = around(text, from, at..end);
            return (Some(with_target(text, from, address.clone(), "")), address.end);
        }
        return (Some(with_target(text, from, at..end, scheme)), end);
    }
    let alike = || run.ends.iter().find(|end| is_alike(&text[..from], &text[at..at + **end]));
    if follows_number && let Some(length) = alike().filter(|length| counts_nothing(&text[at + **length..])) {
        return (Some(with_target(text, from, at..at + length, scheme)), at + length);
    }
    let is_told = |length: &usize| counts_nothing(&text[at + length..]) && !is_numbered(window);
    let is_number = |length: &usize| is_told(length) && (run.groups.len() > 1 || !tells_other(window));
    if let Some(length) = run.mobile().filter(is_number) {
        let start = at + usize::from(run.has_bracket && !run.closes());
        return (Some(with_target(text, from, start..at + length, scheme)), at + length);
    }
    // A French number may follow others, such as a postcode.
    for index in 1..run.groups.len() {
        let start = at + run.ends[index] - run.groups[index].len();
        if run.groups[index].len() == 2 && run.french(index) {
            let end = at + run.ends[index + 4];
            if !text[end..].starts_with(char::is_alphanumeric) {
                return (Some(with_target(text, from, start..end, scheme)), end);
            }
        }
    }
    (None, in_vain)
}

/// The scheme of addresses of telephones that a text ends with.
fn scheme(text: &str) -> Option<&'static str> {
    ["tel:", "tel://", "callto:", "sms:"].into_iter().find(|scheme| text.ends_with(scheme))
}

/// Whether a place is within one of the ranges, which are in order.
fn is_within(ranges: &[Range<usize>], at: usize) -> bool {
    let after = ranges.partition_point(|range| range.start <= at);
    after > 0 && at < ranges[after - 1].end
}

/// Whether a word in lower case says that a telephone number follows.
pub(super) fn is_label(word: &str) -> bool {
    LABELS.contains(&word)
}

/// Whether a text ends with a number that is written as another is: "22 33 44 55, 22 33 44 66".
fn is_alike(before: &str, number: &str) -> bool {
    let Some(start) = before.len().checked_sub(number.len()) else { return false };
    let (former, before) = (&before.as_bytes()[start..], &before.as_bytes()[..start]);
    let is_alike = |(one, other): (&u8, u8)| *one == other || one.is_ascii_digit() && other.is_ascii_digit();
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    digits >= FEWEST && former.iter().zip(number.bytes()).all(is_alike) && !before.last().is_some_and(u8::is_ascii_digit)
}

/// Whether a text that follows a number names nothing that it counts.
fn counts_nothing(after: &str) -> bool {
    !after
        .trim_start_matches([' ', '\u{a0}', '\u{202f}'])
        .starts_with(|next: char| next.is_alphanumeric() || "€$£%_".contains(next))
}

/// Whether a text that ends with a number says that it is an amount.
fn is_count(before: &str) -> bool {
    before.to_lowercase().split(|character: char| !character.is_alphanumeric()).any(|word| COUNTS.contains(&word))
}

/// Whether a text says that a number is one of a list: "n° 347-1234567".
fn is_numbered(before: &str) -> bool {
    let before = before.trim_end().to_lowercase();
    ["n°", "nº", "no.", "nr.", "ref.", "ref", "réf.", "#"].iter().any(|sign| before.ends_with(sign))
}

/// Whether one of the last words of a text says that what follows is something else: "RCS Paris 912345678".
fn tells_other(before: &str) -> bool {
    const NEAR: usize = 4;
    let lower = before.to_lowercase();
    let words = lower.rsplit(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(NEAR).any(|word| OTHERS.contains(&word))
}

/// Whether groups are those of a date: `12/03/2021`, `2021-03-12`.
fn is_date(groups: &[&str]) -> bool {
    matches!(groups, [day, month, year] | [year, month, day] if is_year(year) && day.len() <= 2 && month.len() <= 2)
}

/// Whether groups are two months: `01/2020 - 09/2020`.
fn are_months(groups: &[&str]) -> bool {
    let is_month = |group: &str| group.len() <= 2 && group.parse().is_ok_and(|month: u8| (1..=12).contains(&month));
    matches!(groups, [from, year, to, other, ..] if is_month(from) && is_year(year) && is_month(to) && is_year(other))
}

fn is_year(group: &str) -> bool {
    group.len() == 4 && (group.starts_with("19") || group.starts_with("20"))
}

/// Whether a text ends with the name of somebody: "Mario Rossi", "Anna Muster, ".
fn ends_with_name(before: &str) -> bool {
    let mut words = without_signs(before).split_whitespace().rev();
    let is_name = |word: Option<&str>| {
        word.is_some_and(|word| word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic))
    };
    is_name(words.next()) && is_name(words.next())
}

/// Whether its last word is no abbreviation, such as those of norms: "Norme ISO".
fn ends_in_lower_case(before: &str) -> bool {
    without_signs(before).ends_with(char::is_lowercase)
}

fn without_signs(before: &str) -> &str {
    before.trim_end_matches(|last: char| last.is_whitespace() || ",:(".contains(last))
}

/// What the text before a number says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// That it is a telephone number.
    Label,
    /// That it may be one.
    LooseLabel,
    /// That it is one, inside the address of a messenger.
    Address,
    /// That it is something else.
    Other,
    Nothing,
}

impl Before {
    fn read(window: &str, follows_number: bool) -> Self {
        if MESSENGERS.iter().any(|messenger| window.ends_with(messenger)) {
            return Self::Address;
        }
        if scheme(window).is_some() {
            return Self::Label;
        }
        let lower = window.to_lowercase();
        let words = without_marks(&lower);
        let is_apart = |character: char| !(character.is_alphanumeric() || "☎📞📱".contains(character));
        let mut label = words;
        for _ in 0..MOST_BETWEEN {
            let word = label.rsplit(is_apart).next().unwrap_or_default();
            if BETWEEN.contains(&word) {
                label = label[..label.len() - word.len()].trim_end_matches(is_apart);
            }
        }
        let word = label.rsplit(is_apart).next().unwrap_or_default();
        let has_gap = words.len() < lower.len();
        let is_in_address = window.rsplit(char::is_whitespace).next().is_some_and(|last| last.contains("://"));
        if has_gap && !is_in_address {
            if LABELS.contains(&word) {
                return Self::Label;
            }
            if LOOSE_LABELS.contains(&word) || is_call(window) || is_of_contact(window) {
                return Self::LooseLabel;
            }
        }
        // `n° tél` and `ISBN-13 :` have two words.
        let is_other =
            has_gap && words.rsplit(|character: char| !character.is_alphanumeric()).take(2).any(|word| OTHERS.contains(&word));
        // Inside a word, a number, an address or a path it is something else.
        let is_joined = |window: &str| window.ends_with(|last: char| last.is_alphanumeric() || "/=_-.&?#%,+@".contains(last));
        // A comma after a word parts it from the number; after a digit it may be that of a decimal.
        let ends_word =
            window.strip_suffix(',').is_some_and(|word| word.ends_with(|last: char| last.is_alphabetic() || last == '"'));
        let is_inside = !follows_number && !ends_word && is_joined(window);
        if is_inside || is_other || is_in_address { Self::Other } else { Self::Nothing }
    }
}

/// Whether a text that a number follows asks to call it: by a word for calling right before, or some words before if whom to call
/// stands between: "llamar a María", "Comunícate con Ana López al". Such words mean other things, too: "un bel ensemble de".
fn is_call(window: &str) -> bool {
    /// How many words before the number are looked at, and how many of them whatever stands between.
    const FARTHEST: usize = 6;
    const NEAR: usize = 2;
    let words = without_marks(window).rsplit(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.take(FARTHEST).collect();
    let Some(last) = words.first() else { return false };
    let leads_to_number = window.trim_end().ends_with(':')
        || last.starts_with(char::is_uppercase)
        || BETWEEN.contains(&last.to_lowercase().as_str());
    let reach = if leads_to_number { FARTHEST } else { NEAR };
    words.iter().take(reach).any(|word| CALLS.contains(&word.to_lowercase().as_str()))
}

/// Whether a text that a number follows names whom to call, and nothing else: "Contact : Ana Ruiz, ".
fn is_of_contact(window: &str) -> bool {
    let Some((before, named)) = window.rsplit_once(':') else { return false };
    let label = without_marks(before).rsplit(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
    let is_name =
        |word: &str| word.starts_with(char::is_uppercase) && word.chars().all(|part| part.is_alphabetic() || part == '-');
    CONTACTS.contains(&label.to_lowercase().as_str())
        && without_signs(named).split([' ', ',']).filter(|word| !word.is_empty()).all(is_name)
}

/// A text without the marks and tags at its end: `**Tel**: `, `<b>Tel.</b> `, `"phone": "`.
fn without_marks(text: &str) -> &str {
    let is_mark = |character: char| character.is_whitespace() || ".:()+*_-–/#°\"'=|".contains(character);
    let mut text = text.trim_end_matches(is_mark);
    while let Some(tag) = text.strip_suffix('>').and_then(|inner| inner.rfind('<')) {
        text = text[..tag].trim_end_matches(is_mark);
    }
    text
}

/// The address that holds a number.
fn around(text: &str, from: usize, number: Range<usize>) -> Range<usize> {
    /// How far an address may reach to either side.
    const LONGEST: usize = 200;
    let is_outside = |character: char| character.is_whitespace() || "()[]<>\"'|".contains(character);
    let before = &text[text.ceil_char_boundary(number.start.saturating_sub(LONGEST)).max(from)..number.start];
    let after = &text[number.end..text.floor_char_boundary(number.end + LONGEST)];
    let start = number.start - before.rsplit(is_outside).next().unwrap_or_default().len();
    let length = after.find(is_outside).unwrap_or(after.len());
    start..number.end + after[..length].trim_end_matches(['.', ',', ';', ':', '!', '?']).len()
}

impl<'t> Run<'t> {
    fn read(text: &'t str) -> Self {
        let is_separator = |character: char| " .-/()\u{a0}\u{202f}‑–".contains(character) || RARE.contains(&character);
        let mut run = Run {
            has_plus: false,
            has_bracket: text.starts_with('('),
            groups: Vec::new(),
            separators: Vec::new(),
            ends: Vec::new(),
        };
        let mut position = usize::from(run.has_bracket);
        if text[position..].starts_with('+') {
            run.has_plus = true;
            position += 1 + usize::from(text[position + 1..].starts_with(' '));
        }
        loop {
            let rest = &text[position..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                // The separator after the last group belongs to what follows.
                run.separators.truncate(run.groups.len().saturating_sub(1));
                return run.up_to_rare(text);
            }
            run.groups.push(&rest[..digits]);
            run.ends.push(position + digits);
            let after = &rest[digits..];
            let separator: usize = after.chars().take_while(|character| is_separator(*character)).map(char::len_utf8).sum();
            if separator == 0 || after[..separator].chars().count() > 3 {
                return run.up_to_rare(text);
            }
            run.separators.push(&after[..separator]);
            position += digits + separator;
        }
    }

    /// As far as signs part its groups that mostly part something else, unless they part all five pairs of a French number, and it
    /// is no name of a file.
    fn up_to_rare(mut self, text: &str) -> Self {
        let is_rare = |separator: &&str| separator.contains(RARE);
        let Some(first) = self.separators.iter().position(is_rare) else { return self };
        let is_alike =
            self.separators.iter().all(|separator| *separator == self.separators[first] && separator.chars().count() == 1);
        let rest = self.ends.last().map_or("", |end| &text[*end..]);
        let is_file = rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        if !(is_alike && self.groups.len() == 5 && self.french(0) && !is_file) {
            self.groups.truncate(first + 1);
            self.ends.truncate(first + 1);
            self.separators.truncate(first);
        }
        self
    }

    fn lengths(&self) -> Vec<usize> {
        self.groups.iter().map(|group| group.len()).collect()
    }

    /// How many digits it has.
    fn digits(&self) -> usize {
        self.groups.iter().map(|group| group.len()).sum()
    }

    /// Of how many groups from the first a telephone number may be made, the most first: hours may follow it (`9h-12h`, `7j/7`).
    fn telephone_groups(&self, before: Before) -> Vec<usize> {
        const LONGEST_HOUR: usize = 2;
        let Some(most) = (1..=self.groups.len()).rev().find(|count| self.is_telephone(*count, before)) else { return Vec::new() };
        let whole = if before == Before::Label { self.whole(most) } else { most };
        let fewer = (1..whole).rev().take_while(|count| self.groups[*count].len() <= LONGEST_HOUR);
        [whole].into_iter().chain(fewer.filter(|count| self.is_telephone(*count, before))).collect()
    }

    /// The groups that go on right behind those of a telephone number, and so are of it, where a word says that it is one. Five
    /// digits are a postal code.
    fn whole(&self, groups: usize) -> usize {
        /// How many digits a number has at the most, with the code of a country.
        const MOST: usize = 15;
        const POSTCODE: usize = 5;
        let digits = |groups: usize| self.groups[..groups].iter().map(|group| group.len()).sum::<usize>();
        let goes_on = |groups: &usize| {
            let is_apart = self.separators[groups - 1].chars().count() > 1;
            !is_apart && self.groups[*groups].len() != POSTCODE && digits(groups + 1) <= MOST
        };
        let mut whole = groups;
        while whole < self.groups.len() && goes_on(&whole) {
            whole += 1;
        }
        whole
    }

    /// Whether so many groups make a telephone number.
    fn is_telephone(&self, count: usize, before: Before) -> bool {
        let is_labelled = before != Before::Nothing;
        let lengths = &self.lengths()[..count];
        let digits: usize = lengths.iter().sum();
        let first = self.groups[0];
        let separators = &self.separators[..count - 1];
        if self.has_plus {
            return self.international(count, digits, 0, is_labelled);
        }
        if first.starts_with("00") {
            return first.len() > 2
                && self.international(count, digits - 2, 2, is_labelled)
                && (count > 1 || is_labelled || digits >= 12)
                || first.len() == 2 && count > 2 && self.international(count, digits - 2, 2, is_labelled);
        }
        let is_area = first.starts_with('0') && !first.starts_with("00");
        // What a stroke parts after its area is another number.
        let is_one = !separators.iter().skip(1).any(|separator| separator.contains('/'));
        if is_labelled && is_one && (7..=12).contains(&digits) && (is_area || digits >= 9) {
            return true;
        }
        // With the code of a country, but not its sign.
        let has_country = digits == 13 && ["55", "521", "549"].iter().any(|code| first.starts_with(code));
        let is_local = lengths == [3, 4] && separators[0] == "-";
        let is_short = digits == 8 && count > 1 && lengths.iter().any(|length| *length != 4) && !is_date(&self.groups[..count]);
        if before == Before::Label && (eight_digits(first, lengths) || is_short || is_local)
            || is_labelled && has_country
            || before == Before::Address && (8..=15).contains(&digits)
        {
            return true;
        }
        if count == 1 {
            return digits == 10 && is_area;
        }
        if count == 5 && self.french(0) {
            return true;
        }
        // That of France with the code of the country, but not its sign.
        if first == "33" && lengths == [2, 1, 2, 2, 2, 2] {
            return true;
        }
        if is_area {
            return national(first, lengths, digits, separators);
        }
        let is_brazilian = self.closes() && matches!(lengths, [2, 4 | 5, 4]) && separators[1].contains(['-', '‑', '–']);
        is_brazilian || north_american(self.has_bracket, &self.groups[..count], separators) || spanish(first, lengths)
    }

    /// Where a number ends of which the text before says by a sign or a name that it is introduced, and after which nothing is
    /// counted: "Anne: 612 345 678", "Marta (972 123 456)", "Mario Rossi 347 123 4567".
    fn introduced(&self, before: &str, text: &str) -> Option<usize> {
        let of_name = || self.after_name().filter(|_| ends_with_name(before) && ends_in_lower_case(before));
        let has_sign = || self.has_bracket || before.trim_end().ends_with([':', ',', '(']);
        let of_sign = || self.three_groups().filter(|_| has_sign() || ends_with_name(before));
        // What is in no groups might be anything, unless somebody, or something, is named before.
        let names_somebody = || without_signs(before).ends_with(char::is_alphabetic) && !is_numbered(before);
        let is_named = || !tells_other(before) && (ends_with_name(before) || has_sign() && names_somebody());
        let in_one = || self.in_one().filter(|_| is_named());
        let length = of_sign().or_else(of_name).or_else(in_one)?;
        (!is_count(before) && counts_nothing(&text[length..])).then_some(length)
    }

    /// Where nine digits in threes end, such as Spain writes them; amounts end in noughts.
    fn three_groups(&self) -> Option<usize> {
        let [first, second, third] = self.groups.get(..3)? else { return None };
        let lengths = self.lengths();
        // Italy has ten digits, the first of which is a three.
        let is_italian = lengths == [3, 3, 4] && first.starts_with('3');
        let is_number =
            is_italian || lengths == [3, 3, 3] && first.starts_with(['6', '7', '8', '9']) && *third != "000" && *second != "000";
        is_number.then(|| self.ends[2])
    }

    /// Where the number of a mobile telephone ends that is not in groups: nine digits in Spain and Portugal, ten in Italy, eleven in
    /// Brazil. Amounts end in noughts.
    fn in_one(&self) -> Option<usize> {
        let number = self.groups.first()?.as_bytes();
        let is_mobile = match (number.len(), number) {
            (9, [b'6' | b'7', ..] | [b'9', b'1' | b'2' | b'3' | b'6', ..]) => true,
            (10, [b'3', second, ..]) => *second >= b'2',
            (11, [first, second, b'9', ..]) => *first != b'0' && *second != b'0',
            _ => false,
        };
        (is_mobile && !number.ends_with(b"000")).then(|| self.ends[0])
    }

    /// Where a number ends that only a name before it tells: `0 251-49 20`, `0251/4920`, `347 1234567`.
    fn after_name(&self) -> Option<usize> {
        let (zero, rest) = match &self.groups[..] {
            ["0", rest @ ..] => (1, rest),
            all => (0, all),
        };
        let [area, following @ ..] = rest else { return None };
        let is_italian = zero == 0 && area.starts_with('3') && self.lengths() == [3, 7];
        let is_area = (2..=5).contains(&area.len()) && area.starts_with('0') != (zero == 1) && !area.starts_with("00");
        let is_marked = matches!(kind(self.separators.get(zero)?), '-' | '–' | '/');
        let is_german = is_area && is_marked && (1..=3).contains(&following.len()) && (7..=12).contains(&self.digits());
        (is_italian || is_german).then(|| self.ends.last().copied()).flatten()
    }

    /// Where the number of a mobile telephone ends whose groups, or what stands between them, are those of no count.
    fn mobile(&self) -> Option<usize> {
        let groups = &self.groups[..];
        // Eleven digits are those of the United Kingdom and of mobile telephones in Germany, which has twelve, too.
        if let [only] = groups {
            let areas: &[&str] = match only.len() {
                11 => &["01", "02", "07"],
                12 => &["015"],
                _ => &[],
            };
            return areas.iter().any(|area| only.starts_with(area)).then(|| self.ends[0]);
        }
        if !(2..=4).contains(&groups.len()) {
            return None;
        }
        let kinds: Vec<char> = self.separators.iter().map(|separator| kind(separator)).collect();
        let has_line = |index: usize| matches!(kinds[index], '-' | '‑' | '–');
        let is_area = |area: &str| !area.contains('0');
        let is_mobile = match (groups, &self.lengths()[..]) {
            // Italy: `347-1234567`.
            ([area, rest], [3, 7]) => {
                area.starts_with('3') && area.as_bytes()[1] >= b'2' && (has_line(0) || kinds[0] == '/') && !rest.ends_with("000")
            }
            // Spain, Portugal and Poland: `600-123-456`.
            ([area, ..], [3, 3, 3]) => area.starts_with(['5', '6', '7', '8', '9']) && has_line(0) && has_line(1),
            // Brazil: `81 98765-4321`, `(81) 98765 4321`.
            ([area, middle, _], [2, 5, 4]) => is_area(area) && middle.starts_with('9') && (has_line(1) || self.closes()),
            // `81 9 8765 4321`
            ([area, "9", middle, _], [2, 1, 4, 4]) => is_area(area) && middle.as_bytes()[0] >= b'6',
            // Mexico: `55 1234 5678`.
            (["55" | "56" | "33" | "81", middle, last], [2, 4, 4]) => !is_year(middle) && !is_year(last) && kinds[0] == kinds[1],
            _ => false,
        };
        is_mobile.then(|| self.ends.last().copied()).flatten()
    }

    /// Whether the bracket that it starts with is closed after its first group.
    fn closes(&self) -> bool {
        self.has_bracket && self.separators.first().is_some_and(|separator| separator.starts_with(')'))
    }

    /// Five pairs, joined alike, the first of which is an area of France.
    fn french(&self, from: usize) -> bool {
        let Some(pairs) = self.groups.get(from..from + 5) else { return false };
        let separators = &self.separators[from..from + 4];
        let are_alike = separators[1..].windows(2).all(|pair| kind(pair[0]) == kind(pair[1]));
        let first = pairs[0].as_bytes();
        pairs.iter().all(|pair| pair.len() == 2) && first[0] == b'0' && first[1] != b'0' && are_alike
    }

    /// A number with the code of a country, of which so many digits are part of the prefix 00.
    fn international(&self, count: usize, digits: usize, prefix: usize, is_labelled: bool) -> bool {
        let whole: String = self.groups[..count].concat();
        let number = &whole[prefix..];
        // Signed numbers have a decimal point.
        let is_decimal = !is_labelled && self.separators.first() == Some(&".") && (count == 2 || self.groups[1].len() > 4);
        let least = if is_labelled { 8 } else { 10 };
        let has_country = match number.as_bytes() {
            [b'1', area, ..] => digits == 11 && (b'2'..=b'9').contains(area),
            // Of France and its neighbours the length is known, with or without the zero that is not dialled.
            [b'3', b'3', ..] => digits == 11 || digits == 12 && number.starts_with("330"),
            [b'0', ..] => false,
            _ => true,
        };
        let has_slash = self.separators[..count - 1].iter().any(|separator| separator.contains('/')) && digits > 13;
        (least..=15).contains(&digits) && has_country && !is_decimal && !has_slash
    }
}

/// What sort of separator it is: a space is a space.
fn kind(separator: &str) -> char {
    separator.chars().find(|character| !character.is_whitespace() && !"\u{a0}\u{202f}".contains(*character)).unwrap_or(' ')
}

/// A number with the zero of its area, as Germany, Belgium, Switzerland, the Netherlands, Italy and the United Kingdom write it.
fn national(first: &str, lengths: &[usize], digits: usize, separators: &[&str]) -> bool {
    let is_area = (2..=5).contains(&first.len()) && first.as_bytes()[1] != b'0';
    if !is_area || !(9..=12).contains(&digits) {
        return false;
    }
    // 01/02/2019 and 01.02.2019 12:30 are dates.
    let starts_as_date = lengths.len() >= 3 && lengths[..3] == [2, 2, 4];
    match lengths {
        [_, 5..=9] => separators[0] != ".",
        [_, 3..=4, 3..=5] | [_, 2..=4, 2..=4, 2..=4] => !starts_as_date,
        _ => false,
    }
}

/// `(555) 123-4567`, `555-123-4567`, `1-800-555-0199`.
fn north_american(has_bracket: bool, groups: &[&str], separators: &[&str]) -> bool {
    let (groups, separators) = match groups {
        ["1", rest @ ..] if rest.len() == 3 => (rest, &separators[1..]),
        _ => (groups, separators),
    };
    let [area, exchange, line] = groups else { return false };
    let is_code = |group: &str| group.len() == 3 && group.as_bytes()[0] >= b'2';
    let is_marked = has_bracket && separators[0].starts_with(')') || ["-", ".", "‑", "–"].contains(&separators[1]);
    is_code(area) && is_code(exchange) && line.len() == 4 && is_marked
}

/// `22 33 44 55`, `912 34 567`, `3333-4444`, `22334455`: all that Norway, Denmark and others have; dates begin with a year.
fn eight_digits(first: &str, lengths: &[usize]) -> bool {
    let is_year = first.starts_with("19") || first.starts_with("20");
    matches!(lengths, [2, 2, 2, 2]) || matches!(lengths, [3, 2, 3] | [4, 4] | [8]) && !is_year
}

/// `612 34 56 78`, `93 123 45 67`.
fn spanish(first: &str, lengths: &[usize]) -> bool {
    (lengths == [3, 2, 2, 2] || lengths == [2, 3, 2, 2]) && first.starts_with(['6', '7', '8', '9'])
}
