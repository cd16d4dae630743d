//! The names of the countries whose towns are known.

/// ISO 3166-1 codes and names.
const COUNTRIES: &[(&str, &str)] = &[
    ("AT", "Autriche"),
    ("BE", "Belgique"),
    ("BG", "Bulgarie"),
    ("CH", "Suisse"),
    ("CY", "Chypre"),
    ("CZ", "Tchéquie"),
    ("DE", "Allemagne"),
    ("DK", "Danemark"),
    ("EE", "Estonie"),
    ("ES", "Espagne"),
    ("FI", "Finlande"),
    ("FR", "France"),
    ("GB", "Royaume-Uni"),
    ("GR", "Grèce"),
    ("HR", "Croatie"),
    ("HU", "Hongrie"),
    ("IE", "Irlande"),
    ("IS", "Islande"),
    ("IT", "Italie"),
    ("LI", "Liechtenstein"),
    ("LT", "Lituanie"),
    ("LU", "Luxembourg"),
    ("LV", "Lettonie"),
    ("MT", "Malte"),
    ("NL", "Pays-Bas"),
    ("NO", "Norvège"),
    ("PL", "Pologne"),
    ("PT", "Portugal"),
    ("RO", "Roumanie"),
    ("SE", "Suède"),
    ("SI", "Slovénie"),
    ("SK", "Slovaquie"),
];

/// The name of a country, in French as the names of all other areas.
pub fn name(code: &str) -> Option<&'static str> {
    COUNTRIES.binary_search_by_key(&code, |(code, _)| code).ok().map(|index| COUNTRIES[index].1)
}

#[cfg(test)]
mod tests {
    use super::{COUNTRIES, name};

    #[test]
    fn every_code_is_found() {
        assert!(COUNTRIES.iter().all(|(code, country)| name(code) == Some(country)));
        assert_eq!(name("XX"), None);
    }
}
