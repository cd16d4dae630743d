//! Fields that name several places, and those that name one and where it lies.

use super::commented::Expected;
use super::fields::pages;

/// Pages of which each says the places of its number in a field.
fn naming(name: &'static str, field: &str, values: [&str; 8], lines: &'static [&'static str]) -> Expected {
    let files = pages(|number, _| format!("{field}: {}\n", values[number]));
    Expected { name, files, lines, never: if lines.is_empty() { &["split"] } else { &[] }, said: &[] }
}

fn expected() -> Vec<Expected> {
    vec![
        naming(
            "towns, in a field that is called so",
            "cities",
            ["Berlin", "Johannesburg, Cape Town, Nairobi", "Agen", "Bron", "Köln", "Bonn, Sydney", "Lille", "Dijon"],
            &["places = [{ name = \"cities\", split = \",\" }]"],
        ),
        naming(
            "towns that lie in several countries",
            "ville",
            ["Berlin", "Agen, Hamburg", "Agen", "Bilbao, Bonn", "Köln", "Nantes, Sevilla", "Lille", "Dijon"],
            &["places = [{ name = \"ville\", split = \",\" }]"],
        ),
        naming(
            "towns, each with where it lies",
            "ville",
            ["Berlin, Germany", "Agen, France", "Agen", "Bilbao, Spain", "Köln", "Nantes, Bron", "Lille", "Dijon"],
            &[],
        ),
        naming(
            "towns, each with its country, in a field that is called as if of several",
            "cities",
            ["Berlin, Germany", "Agen, France", "Agen", "Bilbao, Spain", "Köln", "Nantes, France", "Lille", "Dijon"],
            &[],
        ),
        naming(
            "countries alone",
            "countries",
            ["France", "france, switzerland", "Germany", "Spain", "Italy", "Belgium, US", "Global", "Brazil, Central America"],
            &["places = [{ name = \"countries\", split = \",\" }]"],
        ),
        Expected {
            name: "countries beside towns",
            files: pages(|number, town| {
                let countries = if number < 4 { "France" } else { "France, Belgium" };
                format!("ville: {town}\ncountries: {countries}\n")
            }),
            lines: &["    { name = \"ville\", country = \"countries\" },", "    { name = \"countries\", split = \",\" },"],
            never: &[],
            said: &[],
        },
    ]
}

#[test]
fn places_of_several_are_told_from_one() {
    expected().iter().for_each(Expected::check);
}
