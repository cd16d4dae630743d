//! The states, provinces, cantons and the like of countries other than France, as their people and others call them, and their codes:
//! which country a name is in, they tell. Left out are names that a country has, and Maine, which France has, too.

/// The codes of the states, provinces and territories of federations whose addresses are written with them, by country.
pub const CODES: &[(&str, &[&str])] = &[
    (
        "US",
        &[
            "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME",
            "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
            "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC", "PR",
        ],
    ),
    ("CA", &["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"]),
];

/// Names by the code of the country.
#[rustfmt::skip]
pub const NAMES: &[(&str, &[&str])] = &[
    (
        "US",
        &[
            "Alabama", "Alaska", "Arizona", "Arkansas", "California", "Colorado", "Connecticut", "Delaware", "Florida", "Hawaii",
            "Hawai'i", "Idaho", "Illinois", "Indiana", "Iowa", "Kansas", "Kentucky", "Louisiana", "Maryland",
            "Massachusetts", "Michigan", "Minnesota", "Mississippi", "Missouri", "Montana", "Nebraska", "Nevada",
            "New Hampshire", "New Jersey", "New Mexico", "New York State", "North Carolina", "North Dakota", "Ohio", "Oklahoma",
            "Oregon", "Pennsylvania", "Rhode Island", "South Carolina", "South Dakota", "Tennessee", "Texas", "Utah", "Vermont",
            "Virginia", "West Virginia", "Wisconsin", "Wyoming", "D.C.",
        ],
    ),
    (
        "CA",
        &[
            "Alberta", "British Columbia", "Colombie-Britannique", "Manitoba", "New Brunswick", "Nouveau-Brunswick",
            "Newfoundland and Labrador", "Nova Scotia", "Nouvelle-Écosse", "Ontario", "Prince Edward Island", "Québec",
            "Saskatchewan", "Nunavut", "Yukon", "Northwest Territories",
        ],
    ),
    (
        "AU",
        &["New South Wales", "Queensland", "South Australia", "Tasmania", "Western Australia", "Australian Capital Territory"],
    ),
    (
        "DE",
        &[
            "Baden-Württemberg", "Bade-Wurtemberg", "Bayern", "Bavaria", "Bavière", "Brandenburg", "Hessen", "Hesse",
            "Mecklenburg-Vorpommern", "Niedersachsen", "Lower Saxony", "Basse-Saxe", "Nordrhein-Westfalen",
            "North Rhine-Westphalia", "Rhénanie-du-Nord-Westphalie", "Rheinland-Pfalz", "Rhineland-Palatinate",
            "Rhénanie-Palatinat", "Saarland", "Sarre", "Sachsen", "Saxony", "Sachsen-Anhalt", "Saxony-Anhalt", "Saxe-Anhalt",
            "Schleswig-Holstein", "Thüringen", "Thuringia", "Thuringe",
        ],
    ),
    (
        "AT",
        &[
            "Burgenland", "Kärnten", "Carinthia", "Carinthie", "Niederösterreich", "Lower Austria", "Basse-Autriche",
            "Oberösterreich", "Upper Austria", "Haute-Autriche", "Steiermark", "Styria", "Styrie", "Tirol", "Vorarlberg",
        ],
    ),
    (
        "CH",
        &[
            "Aargau", "Argovie", "Appenzell Ausserrhoden", "Appenzell Innerrhoden", "Basel-Landschaft", "Bâle-Campagne",
            "Basel-Stadt", "Bâle-Ville", "Graubünden", "Grisons", "Grigioni", "Nidwalden", "Nidwald", "Obwalden", "Obwald",
            "Thurgau", "Thurgovie", "Ticino", "Tessin", "Uri", "Valais", "Wallis", "Vaud", "Waadt",
        ],
    ),
    (
        "BE",
        &[
            "Vlaanderen", "Flanders", "Flandre", "Wallonie", "Wallonia", "Wallonië", "Oost-Vlaanderen", "East Flanders",
            "Flandre-Orientale", "West-Vlaanderen", "West Flanders", "Flandre-Occidentale", "Vlaams-Brabant", "Flemish Brabant",
            "Brabant flamand", "Brabant wallon", "Walloon Brabant", "Hainaut", "Henegouwen", "Waals-Brabant",
            "Région de Bruxelles-Capitale", "Brussels Hoofdstedelijk Gewest", "Brussels-Capital Region",
        ],
    ),
    (
        "NL",
        &[
            "Drenthe", "Flevoland", "Friesland", "Fryslân", "Gelderland", "Noord-Brabant", "North Brabant", "Noord-Holland",
            "North Holland", "Overijssel", "Zeeland", "Zuid-Holland",
        ],
    ),
    (
        "IT",
        &[
            "Abruzzo", "Abruzzes", "Basilicata", "Calabria", "Calabre", "Campania", "Campanie", "Emilia-Romagna",
            "Émilie-Romagne", "Friuli-Venezia Giulia", "Frioul-Vénétie Julienne", "Lazio", "Latium", "Liguria", "Ligurie",
            "Lombardia", "Lombardy", "Lombardie", "Marche", "Molise", "Piemonte", "Piedmont", "Piémont", "Puglia", "Apulia",
            "Pouilles", "Sardegna", "Sardinia", "Sardaigne", "Sicilia", "Sicily", "Sicile", "Toscana", "Tuscany", "Toscane",
            "Trentino-Alto Adige", "Südtirol", "Umbria", "Ombrie", "Valle d'Aosta", "Vallée d'Aoste", "Veneto", "Vénétie",
        ],
    ),
    (
        "ES",
        &[
            "Andalucía", "Andalusia", "Andalousie", "Aragón", "Asturias", "Principado de Asturias", "Asturies", "Illes Balears",
            "Islas Baleares", "Balearic Islands", "Baléares", "Canarias", "Islas Canarias", "Canary Islands", "Îles Canaries",
            "Cantabria", "Cantabrie", "Castilla-La Mancha", "Castilla y León", "Cataluña", "Catalunya", "Catalonia",
            "Comunidad de Madrid", "Comunitat Valenciana", "Comunidad Valenciana", "Extremadura", "Estrémadure",
            "Región de Murcia", "Navarra", "Nafarroa", "Navarre", "País Vasco", "Euskadi", "Basque Country", "Pays basque espagnol",
            "Galiza",
        ],
    ),
    (
        "CO",
        &["Antioquia", "Boyacá", "Cundinamarca", "Valle del Cauca", "Quindío", "Risaralda", "Nariño", "Putumayo", "Guaviare"],
    ),
];

/// Names of provinces, cantons, counties and the like that are those of a town in them, too, by the code of the country: behind the name
/// of another town, they tell where that is. Left out are those that are no more than the town, such as Wien and Hamburg.
#[rustfmt::skip]
pub const NAMED_AS_TOWNS: &[(&str, &[&str])] = &[
    (
        "ES",
        &[
            "A Coruña", "La Coruña", "Albacete", "Alicante", "Alacant", "Almería", "Ávila", "Badajoz", "Barcelona", "Burgos", "Cáceres",
            "Cádiz", "Castellón", "Castelló", "Ciudad Real", "Córdoba", "Cuenca", "Gerona", "Girona", "Granada", "Guadalajara", "Huelva",
            "Huesca", "Jaén", "León", "Lérida", "Lleida", "Lugo", "Madrid", "Málaga", "Murcia", "Orense", "Ourense", "Palencia",
            "Las Palmas", "Pontevedra", "Salamanca", "Santa Cruz de Tenerife", "Segovia", "Sevilla", "Seville", "Soria", "Tarragona",
            "Teruel", "Toledo", "Valencia", "Valladolid", "Zamora", "Zaragoza",
        ],
    ),
    (
        "IT",
        &[
            "Agrigento", "Alessandria", "Ancona", "Arezzo", "Ascoli Piceno", "Asti", "Avellino", "Bari", "Belluno", "Benevento", "Bergamo",
            "Biella", "Bologna", "Bolzano", "Bozen", "Brescia", "Brindisi", "Cagliari", "Caltanissetta", "Campobasso", "Caserta", "Catania",
            "Catanzaro", "Chieti", "Como", "Cosenza", "Cremona", "Crotone", "Cuneo", "Enna", "Fermo", "Ferrara", "Firenze", "Florence",
            "Foggia", "Forlì", "Frosinone", "Genova", "Genoa", "Gorizia", "Grosseto", "Imperia", "Isernia", "L'Aquila", "La Spezia",
            "Latina", "Lecce", "Lecco", "Livorno", "Lodi", "Lucca", "Macerata", "Mantova", "Matera", "Messina", "Milano", "Milan", "Modena",
            "Napoli", "Naples", "Novara", "Nuoro", "Oristano", "Padova", "Palermo", "Parma", "Pavia", "Perugia", "Pescara", "Piacenza",
            "Pisa", "Pistoia", "Pordenone", "Potenza", "Prato", "Ragusa", "Ravenna", "Reggio Calabria", "Reggio Emilia", "Rieti", "Rimini",
            "Roma", "Rome", "Rovigo", "Salerno", "Sassari", "Savona", "Siena", "Siracusa", "Sondrio", "Taranto", "Teramo", "Terni",
            "Torino", "Turin", "Trapani", "Trento", "Treviso", "Trieste", "Udine", "Varese", "Venezia", "Venice", "Vercelli", "Verona",
            "Vibo Valentia", "Vicenza", "Viterbo",
        ],
    ),
    (
        "PT",
        &[
            "Aveiro", "Beja", "Braga", "Bragança", "Castelo Branco", "Coimbra", "Évora", "Faro", "Guarda", "Leiria", "Lisboa", "Lisbon",
            "Portalegre", "Porto", "Santarém", "Setúbal", "Viana do Castelo", "Vila Real", "Viseu",
        ],
    ),
    ("BE", &["Antwerpen", "Antwerp", "Anvers", "Liège", "Luik", "Namur", "Namen"]),
    ("NL", &["Groningen", "Utrecht"]),
    (
        "CH",
        &[
            "Bern", "Berne", "Fribourg", "Freiburg", "Genève", "Geneva", "Genf", "Glarus", "Luzern", "Lucerne", "Neuchâtel",
            "Schaffhausen", "Schwyz", "Solothurn", "St. Gallen", "Zug", "Zürich", "Zurich",
        ],
    ),
    ("AT", &["Salzburg"]),
    ("SE", &["Jönköping", "Kalmar", "Örebro", "Stockholm", "Uppsala"]),
    ("IE", &["Carlow", "Cavan", "Cork", "Galway", "Kildare", "Kilkenny", "Limerick", "Longford", "Monaghan", "Roscommon", "Sligo",
        "Tipperary", "Waterford", "Wexford", "Wicklow"]),
    (
        "RO",
        &[
            "Arad", "Bacău", "Botoșani", "Brașov", "Brăila", "Buzău", "Călărași", "Galați", "Giurgiu", "Hunedoara", "Iași",
            "Satu Mare", "Sibiu", "Suceava", "Tulcea", "Vaslui",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use maillage_explore::text::fold;

    use super::NAMES;
    use crate::reference::countries;

    #[test]
    fn a_name_is_that_of_one_country_and_of_no_country() {
        let of_countries: Vec<String> = countries::names().map(|(name, _)| fold(name)).collect();
        let mut known = BTreeMap::new();
        for (country, names) in NAMES {
            assert!(countries::name(country).is_some(), "{country}");
            for name in *names {
                assert!(!of_countries.contains(&fold(name)), "{name}");
                assert_eq!(*known.entry(fold(name)).or_insert(country), country, "{name}");
            }
        }
    }
}
