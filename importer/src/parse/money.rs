//! Sums of money as people write them: `12 000 €`, `€12,000.50`, `12 k€`, `1,2 million d'euros`, `CHF 5'000`.

use std::sync::LazyLock;

use regex::Regex;

/// A sum of money.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sum {
    pub amount: f64,
    /// ISO 4217.
    pub currency: &'static str,
}

/// Signs and names of currencies. A dollar alone is that of many countries.
const CURRENCIES: &[(&str, &str)] = &[
    ("€", "EUR"),
    ("euros", "EUR"),
    ("euro", "EUR"),
    ("eur", "EUR"),
    ("£", "GBP"),
    ("gbp", "GBP"),
    ("r$", "BRL"),
    ("reais", "BRL"),
    ("us$", "USD"),
    ("usd", "USD"),
    ("ca$", "CAD"),
    ("c$", "CAD"),
    ("au$", "AUD"),
    ("a$", "AUD"),
    ("nz$", "NZD"),
    ("nzd", "NZD"),
    ("mx$", "MXN"),
    ("pounds", "GBP"),
    ("fr.", "CHF"),
    ("sfr.", "CHF"),
    ("zł", "PLN"),
    ("kč", "CZK"),
    ("ft", "HUF"),
    ("lei", "RON"),
    ("₹", "INR"),
    ("chf", "CHF"),
    ("cad", "CAD"),
    ("aud", "AUD"),
    ("sek", "SEK"),
    ("nok", "NOK"),
    ("dkk", "DKK"),
    ("pln", "PLN"),
    ("czk", "CZK"),
    ("huf", "HUF"),
    ("ron", "RON"),
    ("mxn", "MXN"),
    ("cop", "COP"),
    ("brl", "BRL"),
    ("xpf", "XPF"),
    ("xof", "XOF"),
];

/// What is no forint.
const FEET: &str = "ft";

/// Signs of currencies that several countries have.
const SHARED: &[&str] = &["$", "kr", "kr.", "peso", "pesos", "dollar", "dollars", "fcfa"];

/// What stands between a number and its currency and multiplies it.
const SCALES: &[(&str, f64)] = &[
    ("k", 1e3),
    ("mille", 1e3),
    ("mil", 1e3),
    ("m", 1e6),
    ("mio", 1e6),
    ("millions", 1e6),
    ("million", 1e6),
    ("millones", 1e6),
    ("milhões", 1e6),
    ("milioni", 1e6),
    ("miljoen", 1e6),
    ("tsd", 1e3),
];

/// What joins the ends of a range.
const TO: &[&str] = &["-", "–", "—", "à", "et", "to", "and", "bis", "a", "y", "e"];

static SUM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let any = |words: Vec<&str>| words.into_iter().map(regex::escape).collect::<Vec<_>>().join("|");
    let currency = any(CURRENCIES.iter().map(|(written, _)| *written).collect());
    let scale = any(SCALES.iter().rev().map(|(written, _)| *written).collect());
    let number = r"\d{1,3}(?:[\s.,'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?";
    let before = format!(r"(?P<before>{currency})\s*(?P<first>{number})(?:\s*(?P<scale_first>k|m)\b)?");
    let after = format!(r"(?P<last>{number})\s*(?:(?P<scale>{scale})\s*(?:d['’]|de\s+)?)?(?P<after>{currency})");
    Regex::new(&format!(r"(?i)(?:^|[^\d.,\p{{L}}])(?:{before}|{after})(?:$|[^\d\p{{L}}])")).ok()
});

/// The only sum of money in a text; `None` if there is none, or if several or a range leave open which is meant.
pub fn read(text: &str) -> Option<Sum> {
    let pattern = SUM.as_ref()?;
    let mut all = pattern.captures_iter(text);
    let (found, None) = (all.next()?, all.next()) else { return None };
    let get = |name: &str| found.name(name).map(|part| part.as_str());
    let written = found.name("first").or_else(|| found.name("last"))?;
    let start = found.name("before").unwrap_or(written).start();
    if is_end_of_range(&text[..start]) {
        return None;
    }
    let currency = get("before").or_else(|| get("after")).filter(|written| *written != FEET)?.to_lowercase();
    let (_, currency) = CURRENCIES.iter().find(|(written, _)| *written == currency)?;
    let scale = get("scale_first").or_else(|| get("scale")).map(str::to_lowercase);
    let scale = scale.and_then(|scale| SCALES.iter().find(|(written, _)| *written == scale)).map_or(1.0, |(_, by)| *by);
    Some(Sum { amount: number(written.as_str())? * scale, currency })
}

/// Whether a text tells a sum in a currency of several countries, which leaves open which is meant: `$ 300`, `5 000 kr`.
pub fn is_of_shared_currency(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_sign = |sign: &str| match sign {
        "$" => {
            lower.split('$').any(|after| after.trim_start().starts_with(|first: char| first.is_ascii_digit()))
                && lower.contains('$')
        }
        word => lower.split(|sign: char| sign.is_whitespace() || sign.is_ascii_digit()).any(|part| part == word),
    };
    lower.bytes().any(|byte| byte.is_ascii_digit()) && SHARED.iter().any(|sign| is_sign(sign))
}

/// Whether a text before a number ends with another one and what joins the ends of a range: `10 000 à`.
fn is_end_of_range(before: &str) -> bool {
    let before = before.trim_end().to_lowercase();
    let first = TO.iter().find_map(|to| before.strip_suffix(to));
    first.is_some_and(|first| first.trim_end().ends_with(|last: char| last.is_ascii_digit() || last == '€' || last == 'k'))
}

/// A number with its thousands apart, and cents behind a point or a comma.
fn number(written: &str) -> Option<f64> {
    let (whole, cents) = match written.rsplit_once(['.', ',']) {
        Some((whole, cents)) if cents.len() < 3 => (whole, cents),
        _ => (written, ""),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    format!("{digits}.{cents}0").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_currencies_are_those_of_several_countries() {
        for (text, is_shared) in [
            ("$300", true),
            ("300 $", true),
            ("5 000 kr", true),
            ("5.000 kr.", true),
            ("3,000 pesos", true),
            ("300 €", false),
            ("around $ to be told", false),
            ("12 000", false),
        ] {
            assert_eq!(is_of_shared_currency(text), is_shared, "{text}");
        }
    }

    #[test]
    fn sums_are_read_as_people_write_them() {
        for (text, expected) in [
            ("12 000 €", Some((12_000.0, "EUR"))),
            ("12\u{202f}000\u{a0}€ HT", Some((12_000.0, "EUR"))),
            ("12.000,50 EUR", Some((12_000.5, "EUR"))),
            ("€12,000.50", Some((12_000.5, "EUR"))),
            ("£ 4500", Some((4_500.0, "GBP"))),
            ("12 k€", Some((12_000.0, "EUR"))),
            ("1,2 M€", Some((1_200_000.0, "EUR"))),
            ("1,2 million d'euros", Some((1_200_000.0, "EUR"))),
            ("3 millones de euros", Some((3_000_000.0, "EUR"))),
            ("CHF 5'000", Some((5_000.0, "CHF"))),
            ("US$ 300", Some((300.0, "USD"))),
            ("R$ 12.000", Some((12_000.0, "BRL"))),
            ("R$12.000,50", Some((12_000.5, "BRL"))),
            ("12 mil reais", Some((12_000.0, "BRL"))),
            ("C$ 300", Some((300.0, "CAD"))),
            ("A$300", Some((300.0, "AUD"))),
            ("MX$ 3,000", Some((3_000.0, "MXN"))),
            ("Fr. 5'000", Some((5_000.0, "CHF"))),
            ("5 000 zł", Some((5_000.0, "PLN"))),
            ("5 000 Kč", Some((5_000.0, "CZK"))),
            ("5 000 Ft", Some((5_000.0, "HUF"))),
            ("5.000 lei", Some((5_000.0, "RON"))),
            ("5 000 kr", None),
            ("12 ft high", None),
            ("Environ 900 euros par an (2019)", Some((900.0, "EUR"))),
            ("En 2019 12 000 €", Some((12_000.0, "EUR"))),
            ("$300", None),
            ("12 000", None),
            ("10 000 à 15 000 €", None),
            ("10 000 € - 15 000 €", None),
            ("10-15 k€", None),
            ("800 € de matériel, 200 € de pose", None),
            ("1,2,3 €", None),
            ("Gratuit", None),
        ] {
            assert_eq!(read(text).map(|sum| (sum.amount, sum.currency)), expected, "{text}");
        }
    }
}
