//! The town in an address.

use std::borrow::Cow;

use maillage_explore::text::fold;
use maillage_graph_schema::model::PlaceTarget;

use super::super::gazetteer::{self, KnownTown};
use super::super::query;
use super::{Candidate, Finder, by_end};

impl Finder<'_> {
    /// A town in an address, by its postal code and name, or by what stands after the last comma.
    pub(super) fn by_address(&self, address: &str) -> Vec<Candidate> {
        let address = &*with_commas(address);
        let country = self.country();
        if let Some(country) = country.filter(|code| *code != "FR") {
            let found = self.by_end_of_address(address);
            return if found.is_empty() { self.in_country(country, 90) } else { found };
        }
        // Their postal codes look like those of France.
        if query::is_american(address) {
            return self.in_country("US", 85);
        }
        if let Some((before, last)) = address.rsplit_once([',', '\n'])
            && let Some(country) = gazetteer::country_named(last).filter(|code| *code != "FR")
        {
            return if query::is_american(before) {
                self.in_country(country, 90)
            } else {
                self.by_town_and_country(before, last, country)
            };
        }
        let folded = format!(" {} ", fold(address));
        let found = postcodes(address).into_iter().map(|postcode| self.by_postcode_in(&folded, &postcode));
        // Any number of five digits may be one; that with the name of its town beside it surely is.
        let mut least_certain = Vec::new();
        for found in found.filter(|found| !found.is_empty()) {
            if found[0].certainty >= 95 {
                return found;
            }
            if least_certain.is_empty() {
                least_certain = found;
            }
        }
        if least_certain.is_empty() { self.by_end_of_address(address) } else { least_certain }
    }

    /// The towns of a postal code in an address.
    fn by_postcode_in(&self, folded: &str, postcode: &Postcode<'_>) -> Vec<Candidate> {
        let towns = self.gazetteer.of_postcode(&postcode.code);
        let says_it = |town: &&&KnownTown| town.names.iter().any(|name| folded.contains(&format!(" {name} ")));
        let mut named: Vec<&&KnownTown> = towns.iter().filter(says_it).collect();
        // "Saint-Denis" stands in "Saint-Denis-en-Val" too: the longer name is meant.
        let longest = named.iter().map(|town| town.names[0].len()).max();
        named.retain(|town| Some(town.names[0].len()) == longest);
        let candidate = |town: &KnownTown, certainty| Candidate {
            target: PlaceTarget::Town(town.key.clone()),
            certainty,
            by: "postal code in its address",
        };
        match (named.as_slice(), towns.as_slice()) {
            ([only], _) => vec![Candidate { by: "postal code and name in its address", ..candidate(only, 95) }],
            // "62 000 établissements" is a number of them.
            _ if postcode.is_in_two && postcode.is_named() => Vec::new(),
            // A name that is not the town's says that one of the two is wrong.
            (_, [only]) => vec![candidate(only, if postcode.is_named() { 60 } else { 85 })],
            // The arrondissements of a city share its name; a postal code that is theirs alone tells which.
            (_, several) => match arrondissement_among(several) {
                Some(part) => vec![candidate(part, 95)],
                None => several.iter().map(|town| candidate(town, 50)).collect(),
            },
        }
    }

    /// The town before the country that an address ends with, or the country.
    fn by_town_and_country(&self, address: &str, said: &str, country: &str) -> Vec<Candidate> {
        let town = address.rsplit([',', '\n']).next().and_then(town_of_part);
        let found = town.map_or_else(Vec::new, |town| self.by_name(&format!("{town}, {said}")));
        if found.is_empty() { self.in_country(country, 85) } else { by_end(found) }
    }

    /// What an address ends with whose postal code tells nothing.
    fn by_end_of_address(&self, address: &str) -> Vec<Candidate> {
        let words: Vec<&str> = address.split_whitespace().collect();
        if let [.., city, number] = words.as_slice()
            && let Some((city, number)) = query::arrondissement(&format!("{city} {number}"))
        {
            let name = format!("{city} {number}{} arrondissement", if number == 1 { "er" } else { "e" });
            let candidate = |town: &KnownTown| Candidate {
                target: PlaceTarget::Town(town.key.clone()),
                certainty: 90,
                by: "arrondissement in its address",
            };
            return self.gazetteer.named(&name).into_iter().map(candidate).collect();
        }
        let parts = address.rsplit([',', '\n']).map(str::trim).filter(|part| !part.is_empty());
        let parts = parts.skip_while(|part| gazetteer::country_named(part).is_some());
        let is_one = !address.contains([',', '\n']);
        for part in parts {
            let name = town_of_part(part);
            // A street is no town, unless a postal code stands there.
            if is_one && name.as_deref() == Some(part) {
                break;
            }
            let mut found = name.as_deref().map_or_else(Vec::new, |name| self.by_name(name));
            found.retain(|candidate| matches!(candidate.target, PlaceTarget::Town(_)));
            if !found.is_empty() {
                return by_end(found);
            }
            // Before a postal code, or what the town lies in, stands the town.
            if name.is_some_and(|name| !name.ends_with(COUNTY) && self.area(&name).is_empty()) {
                break;
            }
        }
        Vec::new()
    }
}

/// How counties end whose towns are called otherwise.
const COUNTY: &str = "shire";

/// An address with commas where lines end in HTML.
fn with_commas(address: &str) -> Cow<'_, str> {
    if !address.contains('<') {
        return Cow::Borrowed(address);
    }
    let mut parts = address.split('<');
    let first = parts.next().unwrap_or_default().to_owned();
    let whole = parts.fold(first, |whole, part| match part.split_once('>') {
        Some((_, after)) => whole + "," + after,
        None => whole + "<" + part,
    });
    Cow::Owned(whole)
}

/// The town that a part of an address names: the number of the house, or a postal code, may stand before it, and one behind it.
fn town_of_part(part: &str) -> Option<String> {
    let mut words: Vec<&str> = part.split_whitespace().collect();
    let numbers = words.iter().take_while(|word| is_number(word)).count();
    let code = words[..numbers].last().is_some_and(|code| code.len() == 4);
    let is_letters = |word: &&&str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    // "3042 NH Rotterdam"
    let letters = usize::from(code && words.get(numbers).is_some_and(|word| is_letters(&word)));
    words.drain(..numbers + letters);
    let codes = (1..=2)
        .rev()
        .find(|count| words.len() >= *count && query::country_of_postcode(&words[words.len() - count..].join(" ")).is_some());
    let is_code = |word: &&str| (4..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let codes = codes.unwrap_or_else(|| usize::from(words.last().is_some_and(is_code)));
    words.truncate(words.len() - codes);
    (!words.is_empty()).then(|| words.join(" "))
}

/// Whether a word begins with digits, behind the letters of a country at the most: `D-52056`.
fn is_number(word: &str) -> bool {
    let begins = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
    let of_country = |(country, rest): (&str, &str)| {
        country.len() <= 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()) && begins(rest)
    };
    begins(word) || word.split_once('-').is_some_and(of_country)
}

/// The one of several towns that is a municipal arrondissement: the others are the city itself.
fn arrondissement_among<'g>(towns: &[&'g KnownTown]) -> Option<&'g KnownTown> {
    let mut parts = towns.iter().filter(|town| town.names[0].ends_with(" arrondissement"));
    let first = parts.next()?;
    (parts.next().is_none() && towns.len() == 2).then_some(*first)
}

/// What may be a postal code in an address: five digits, also `94 120`.
struct Postcode<'a> {
    code: String,
    is_in_two: bool,
    after: &'a str,
}

impl Postcode<'_> {
    /// Whether words follow it, before the next part of the address.
    fn is_named(&self) -> bool {
        let part = self.after.split([',', '(', '\n']).next().unwrap_or_default();
        part.chars().any(char::is_alphabetic)
    }
}

/// What may be postal codes in an address, those in one piece first.
fn postcodes(address: &str) -> Vec<Postcode<'_>> {
    let start = |word: &str| word.as_ptr() as usize - address.as_ptr() as usize;
    let words: Vec<&str> =
        address.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let after = |word: &str| &address[start(word) + word.len()..];
    let is_digits = |word: &str, length| word.len() == length && word.bytes().all(|byte| byte.is_ascii_digit());
    let whole = words.iter().filter(|word| is_digits(word, 5));
    let whole = whole.map(|word| Postcode { code: (*word).to_owned(), is_in_two: false, after: after(word) });
    let pairs = words.windows(2).filter(|pair| is_digits(pair[0], 2) && is_digits(pair[1], 3));
    let in_two = pairs.map(|pair| Postcode { code: pair.concat(), is_in_two: true, after: after(pair[1]) });
    whole.chain(in_two).collect()
}
