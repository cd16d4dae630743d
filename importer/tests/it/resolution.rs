//! Where things are, by what people write, with the real tables of towns: found for certain, or left to a person.

use std::sync::LazyLock;

use maillage_graph_schema::model::{PlaceTarget, Point};
use maillage_importer::diagnostic::{Code, Diagnostic, ReportLanguage, Suggestions};
use maillage_importer::draft::{Description, Lookup, PlaceDraft};
use maillage_importer::resolve::Known;

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::from_content(&crate::content()).expect("the tables"));

/// What a description leads to: a key, or `?` if it may be several places, or `-` if it is none that is known.
fn found(description: Description) -> String {
    let draft =
        Lookup { value: PlaceDraft::Described(Box::new(description)), or_else: Diagnostic::new(Code::UncertainPlace, "a.md") };
    let resolution = KNOWN.places.resolve(&draft, &mut Suggestions::default());
    match (resolution.place, resolution.diagnostic) {
        (Some(place), _) => match place.target {
            PlaceTarget::Town(key) => key.to_string(),
            PlaceTarget::Area(key) => key.to_string(),
        },
        (None, Some(Diagnostic { code: Code::UnknownPlace, .. })) => "-".to_owned(),
        (None, Some(_)) => "?".to_owned(),
        (None, None) => panic!("neither a place nor a reason"),
    }
}

fn described(parts: &[(&str, &str)]) -> Description {
    let get = |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let number = |name: &str| get(name).map(|value| value.parse::<f64>().expect("a number"));
    Description {
        name: get("name").map(|name| name.parse().expect("a name")),
        code: get("code"),
        postcode: get("postcode"),
        department: get("department"),
        region: get("region"),
        country: get("country").or_else(|| get("assumed")),
        country_is_assumed: get("assumed").is_some(),
        point: number("lat").zip(number("lon")).map(|(lat, lon)| Point::new(lat, lon).expect("a point")),
        address: get("address").map(|address| address.parse().expect("an address")),
        language: get("lang").map(|language| language.parse().expect("a language")),
    }
}

#[test]
fn names_as_people_write_them_lead_to_one_place_or_to_a_person() {
    let mut wrong = Vec::new();
    for (name, language, expected) in [
        ("Agen", "fr", "insee:47001"),
        ("AGEN", "fr", "insee:47001"),
        ("Ville d'Agen", "fr", "insee:47001"),
        ("Mairie de Sète", "fr", "insee:34301"),
        ("Ville du Mans", "fr", "insee:72181"),
        ("Commune des Ulis (91)", "fr", "insee:91692"),
        ("L'Haÿ-les-Roses", "fr", "insee:94038"),
        ("St-Étienne", "fr", "insee:42218"),
        // A former commune is found as the present one.
        ("Annecy-le-Vieux", "fr", "insee:74010"),
        // One of 1,441 names that several communes share.
        ("Saint-Denis", "fr", "?"),
        ("Saint-Denis (93)", "fr", "insee:93066"),
        ("Saint-Denis, La Réunion", "fr", "insee:97411"),
        ("93200 Saint-Denis", "fr", "insee:93066"),
        ("Œuilly", "fr", "?"),
        ("Œuilly (Aisne)", "fr", "insee:02565"),
        ("Montréal", "fr", "?"),
        ("Montréal, Canada", "fr", "country:CA"),
        ("44036 NANTES CEDEX 1", "fr", "insee:44109"),
        // A commune that got a longer name.
        ("Grigny (91)", "fr", "insee:91286"),
        ("69520 Grigny", "fr", "insee:69096"),
        ("Grigny (Rhône)", "fr", "?"),
        ("Villeneuve (13)", "fr", "-"),
        // Arrondissements.
        ("Paris", "fr", "insee:75056"),
        ("Paris 7e", "fr", "insee:75107"),
        ("Lyon 3ème arrondissement", "fr", "insee:69383"),
        ("Marseille 1er", "fr", "insee:13201"),
        // Intercommunalities and larger areas.
        ("Nantes Métropole", "fr", "epci:244400404"),
        ("CC de la Plaine Dijonnaise", "fr", "epci:200000925"),
        ("Communauté de communes de la Plaine dijonnaise", "fr", "epci:200000925"),
        ("Plaine Dijonnaise", "fr", "?"),
        ("Rochelle", "fr", "?"),
        ("Pré-Saint-Gervais", "fr", "insee:93061"),
        ("Ferté-Bernard", "fr", "insee:72132"),
        ("Rochelle (17)", "fr", "insee:17300"),
        ("CC de Nantes", "fr", "-"),
        ("Lot-et-Garonne", "fr", "department:47"),
        ("Département du Lot", "fr", "department:46"),
        ("Occitanie", "fr", "region:76"),
        // Two communes have the name of this region.
        ("Bretagne", "fr", "?"),
        ("Martinique", "fr", "department:972"),
        // A commune and a department share this name.
        ("Corrèze", "fr", "?"),
        ("France", "fr", "country:FR"),
        ("Deutschland", "de", "country:DE"),
        // Other countries.
        ("Bruxelles", "fr", "geonames:2800866"),
        ("Vilnius, Lithuania", "en", "geonames:593116"),
        ("Prague, Czechia", "en", "geonames:3067696"),
        ("Prague, Czech Republic", "en", "geonames:3067696"),
        ("Paris, France", "en", "insee:75056"),
        ("Paris, Texas", "en", "country:US"),
        ("Modena, Emilia-Romagna", "it", "geonames:3173331"),
        ("Medellín, Antioquia", "es", "country:CO"),
        // What a name beside another may mean, too.
        ("Rodez (marché)", "fr", "?"),
        ("Valenciennes (Hainaut)", "fr", "?"),
        ("Le Mans (Maine)", "fr", "?"),
        ("Le Moulin, Flandre", "fr", "-"),
        ("Salle des fêtes (marché)", "fr", "-"),
        ("Bayonne, Basque Country", "en", "?"),
        ("Spalding, South Holland", "en", "?"),
        ("Lausanne, Bayern", "de", "?"),
        ("Lom, Montana", "en", "?"),
        ("Ballyjamesduff, Virginia", "en", "?"),
        ("Fremantle, WA", "en", "-"),
        ("Lausanne, Vaud", "en", "geonames:2659994"),
        ("Leipzig (Sachsen)", "de", "geonames:2879139"),
        ("Buenos Aires, Argentina", "en", "country:AR"),
        ("Singapore", "en", "country:SG"),
        // Two letters are a state as often as a country; English is written of everywhere.
        ("San Diego, CA", "en", "?"),
        ("Austin, TX", "en", "country:US"),
        ("Fredericton, NB", "en", "country:CA"),
        ("Rovereto, TN", "it", "?"),
        ("Paris, TX", "en", "?"),
        ("Cambridge", "en", "?"),
        ("Cambridge", "fr", "?"),
        ("Athens", "en", "?"),
        ("Frankfurt", "de", "-"),
        // As their people, and others, call them.
        ("St. Gallen", "de", "geonames:2658822"),
        ("Stadt St.Gallen", "de", "geonames:2658822"),
        ("Freiburg im Breisgau", "de", "geonames:2925177"),
        ("Frankfurt/Main", "de", "geonames:2925533"),
        ("Halle (Saale)", "de", "geonames:2911522"),
        ("Biel/Bienne", "de", "geonames:2661513"),
        ("Bienne", "fr", "geonames:2661513"),
        ("Sint-Jans-Molenbeek", "nl", "geonames:2791018"),
        ("Stad Gent", "nl", "geonames:2797656"),
        ("Den Bosch", "nl", "geonames:2747351"),
        ("Københavns Kommune", "da", "geonames:2618425"),
        ("Aarhus Kommune", "da", "geonames:2624652"),
        ("Espoon kaupunki", "fi", "geonames:660158"),
        ("Gmina Kraków", "pl", "geonames:3094802"),
        ("Miasto Łódź", "pl", "geonames:3093133"),
        ("Città di Torino", "it", "geonames:3165524"),
        // Towns of Spain and Portugal have namesakes wherever their languages are spoken.
        ("Guadalajara", "es", "?"),
        ("Zaragoza", "es", "?"),
        ("Zaragoza, España", "es", "geonames:3104324"),
        ("Santarém", "pt", "?"),
        // A quarter or a hall of a town.
        // A town that nobody knows, and the province around it, which has the name of its capital.
        ("Caravaca de la Cruz, Murcia", "es", "-"),
        ("Caravaca de la Cruz (Murcia)", "es", "-"),
        ("Caravaca de la Cruz, Murcia, España", "es", "country:ES"),
        ("Roccapiana, Ravenna", "it", "-"),
        ("Calle Mayor 1, Murcia, España", "es", "geonames:2513416"),
        // The code of a country, which may be that of a state elsewhere, too.
        ("London, GB", "en", "geonames:2643743"),
        ("Bergerac, FR", "en", "insee:24037"),
        ("Berlin, DEU", "en", "geonames:2950159"),
        ("Berlin, DE", "de", "geonames:2950159"),
        ("Berlin, DE", "en", "?"),
        ("Como, CO", "it", "?"),
        ("Armley, Leeds", "en", "?"),
        ("Armley, Leeds, UK", "en", "geonames:2644688"),
        ("Le Hangar, Lyon", "fr", "insee:69123"),
        ("Villeneuve-sur-Rien, Corrèze", "fr", "-"),
        ("Krutenau, Strasbourg (67)", "fr", "insee:67482"),
        ("Krutenau, Strasbourg (13)", "fr", "-"),
        ("Euroméditerranée - Marseille (13)", "fr", "insee:13055"),
        ("Agen – la médiathèque", "fr", "insee:47001"),
        ("Agen - Roubaix", "fr", "?"),
        ("Projet - Online", "fr", "-"),
        // What is no place.
        ("Online", "en", "-"),
        ("En ligne", "fr", "-"),
        ("National", "en", "-"),
        ("Rocky Mountain National Park", "en", "-"),
    ] {
        let found = found(described(&[("name", name), ("lang", language)]));
        wrong.extend((found != expected).then(|| format!("{name}: {found}, not {expected}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_stands_beside_a_name_tells_which_place_it_is() {
    let mut wrong = Vec::new();
    for (parts, expected) in [
        (&[("code", "47001")][..], "insee:47001"),
        (&[("code", "1004")], "insee:01004"),
        (&[("code", "2a004")], "insee:2A004"),
        (&[("code", "244400404")], "epci:244400404"),
        (&[("code", "geonames:2950159")], "geonames:2950159"),
        (&[("name", "Saint-Denis"), ("department", "93")], "insee:93066"),
        (&[("name", "Saint-Denis"), ("department", "Seine-Saint-Denis")], "insee:93066"),
        (&[("name", "Saint-Denis"), ("postcode", "97400")], "insee:97411"),
        (&[("name", "Saint-Denis"), ("region", "Bretagne"), ("country", "FR")], "country:FR"),
        (&[("name", "Berlin"), ("country", "DE")], "geonames:2950159"),
        (&[("name", "München"), ("country", "Germany")], "geonames:2867714"),
        (&[("name", "Frankfurt"), ("country", "DE"), ("lat", "50.11"), ("lon", "8.68")], "geonames:2925533"),
        (&[("name", "Münster"), ("country", "DE"), ("lat", "51.96"), ("lon", "7.62")], "geonames:2867543"),
        (&[("name", "Münster"), ("country", "DE")], "?"),
        (&[("name", "Brandis"), ("postcode", "04821"), ("country", "DE")], "geonames:2945270"),
        (&[("name", "Lausanne"), ("postcode", "1006"), ("country", "Switzerland")], "geonames:2659994"),
        (&[("name", "Amsterdam"), ("postcode", "1011 AB"), ("country", "NL")], "geonames:2759794"),
        (&[("name", "Amsterdam"), ("region", "North-Holland"), ("country", "Netherlands")], "geonames:2759794"),
        (&[("name", "Vienna"), ("region", "Vienna"), ("country", "Austria")], "geonames:2761369"),
        (&[("name", "Nowhereton"), ("region", "Bavaria"), ("country", "Germany")], "country:DE"),
        (&[("name", "Altstadt"), ("region", "Köln"), ("country", "Germany")], "?"),
        (&[("name", "Caravaca de la Cruz"), ("region", "Murcia"), ("country", "ES")], "country:ES"),
        (&[("name", "Caravaca de la Cruz, Murcia"), ("assumed", "ES")], "country:ES"),
        (&[("name", "Murcia, Murcia"), ("assumed", "ES")], "geonames:2513416"),
        (&[("name", "Halle"), ("region", "Westfalen"), ("country", "DE")], "?"),
        (&[("name", "Leeds"), ("country", "UK")], "geonames:2644688"),
        (&[("name", "Sion"), ("country", "Switzerland"), ("lang", "fr")], "geonames:2658576"),
        (&[("name", "Sion"), ("lang", "fr")], "?"),
        (&[("name", "Cologne"), ("postcode", "31000")], "?"),
        // The country of all files may not be that of this one.
        (&[("name", "Monterrey"), ("assumed", "MX")], "country:MX"),
        (&[("name", "Guadalajara"), ("assumed", "MX")], "country:MX"),
        (&[("name", "Barcelona"), ("assumed", "DE")], "?"),
        (&[("name", "Laval, Canada"), ("assumed", "FR")], "country:CA"),
        (&[("name", "Lille"), ("assumed", "FR")], "insee:59350"),
        (&[("name", "Arabia Saudita"), ("assumed", "MX")], "?"),
        (&[("name", "Barcelona"), ("assumed", "ES")], "geonames:3128760"),
        // The name and the point do not agree.
        (&[("name", "Agen"), ("lat", "48.85"), ("lon", "2.34")], "?"),
        (&[("name", "Laurel"), ("region", "MD"), ("postcode", "20707"), ("country", "US")], "country:US"),
        (&[("name", "Cossonay"), ("region", "Vaud")], "geonames:2661104"),
        (&[("name", "Tournai"), ("region", "Hainaut")], "geonames:2785341"),
        (&[("name", "Lausanne"), ("region", "Bavaria")], "?"),
        (&[("name", "London"), ("region", "ON"), ("assumed", "US")], "country:CA"),
        (&[("name", "Berlin, DE"), ("assumed", "DE"), ("lang", "en")], "geonames:2950159"),
        (&[("name", "Newcastle"), ("region", "NSW"), ("assumed", "US")], "?"),
        (&[("name", "Austin"), ("region", "TX"), ("assumed", "US")], "country:US"),
        (&[("name", "Le Mans (Maine)"), ("assumed", "FR")], "?"),
        (&[("name", "Spalding"), ("region", "South Holland"), ("country", "GB")], "geonames:2637265"),
        (&[("name", "Toledo"), ("region", "Ohio"), ("country", "ES")], "geonames:2510409"),
        (&[("region", "Québec"), ("assumed", "US")], "country:CA"),
        (&[("region", "Ontario"), ("address", "12 Main Street"), ("assumed", "US")], "country:CA"),
        (&[("region", "Texas")], "country:US"),
        (&[("region", "Hainaut")], "-"),
        (&[("region", "Hainaut"), ("address", "12 rue du Moulin"), ("assumed", "FR")], "country:FR"),
        (&[("postcode", "GX11 1AA"), ("country", "Gibraltar")], "-"),
        (&[("postcode", "KW15 1QX"), ("country", "Nowhere")], "-"),
        (&[("name", "Christchurch"), ("country", "NZL")], "country:NZ"),
        (&[("name", "Copenhagen"), ("country", "DNK")], "geonames:2618425"),
        (&[("postcode", "KW15 1QX")], "country:GB"),
        (&[("name", "Nowhereton"), ("postcode", "K1A 0B6")], "country:CA"),
        (&[("postcode", "47000")], "insee:47001"),
        (&[("postcode", "47000"), ("lang", "fr")], "insee:47001"),
        // Five digits are a code in a dozen countries: 91330 is one in Los Angeles, too.
        (&[("postcode", "47000"), ("lang", "en")], "?"),
        (&[("postcode", "91330"), ("lang", "en")], "?"),
        (&[("postcode", "47000"), ("lang", "en"), ("country", "FR")], "insee:47001"),
        (&[("postcode", "01200")], "?"),
        (&[("department", "47")], "department:47"),
        (&[("lat", "44.2033"), ("lon", "0.6163")], "insee:47001"),
        // In the middle of the sea; between two towns.
        (&[("lat", "46.0"), ("lon", "-10.0")], "-"),
        (&[("lat", "39.06"), ("lon", "35.17"), ("country", "Turkey")], "country:TR"),
        (&[("lat", "39.06"), ("lon", "35.17"), ("country", "Nowhere")], "-"),
        (&[("address", "78 Rue de Varenne, 75007 Paris")], "insee:75056"),
        (&[("address", "17 avenue de la porte des Lilas 75019")], "insee:75119"),
        (&[("address", "110 rue de Grenelle Paris 7e")], "insee:75107"),
        (&[("address", "18 avenue des olympiades, 94 120 Fontenay-sous-Bois (Bâtiment Xylo)")], "insee:94033"),
        // The postal code is that of another town.
        (&[("address", "Via Verona, 116 Berlin"), ("country", "DE")], "geonames:2950159"),
        (&[("address", "94 120 établissements sont concernés")], "-"),
        (&[("address", "94 120 établissements, dont un au 12 rue de Paris, 94160 Saint-Mandé")], "insee:94067"),
        (&[("address", "8 rue François ORY - 92160 MONTROUGE")], "?"),
        (&[("address", "73 avenue de Paris, 94160 Saint Mandé")], "insee:94067"),
        (&[("address", "Arche de la Défense, 1 parvis de la Défense, Puteaux"), ("lang", "fr")], "insee:92062"),
        (&[("address", "12 rue de Paris"), ("lang", "fr")], "-"),
        // Elsewhere than in France.
        (&[("address", "3411 W Diversey Ave, Basement, Chicago, IL 60647")], "country:US"),
        (&[("address", "15100 Marsh Lane, Addison, TX 75001")], "country:US"),
        (&[("address", "15100 Marsh Lane, Addison, TX 75001, USA")], "country:US"),
        (&[("address", "Via Verona 116, 10115 Berlin, Germany")], "geonames:2950159"),
        (&[("address", "1 Main Street, Nowhereton, United Kingdom")], "country:GB"),
        (&[("address", "10 rue de la Paix, 75002 Paris, France")], "insee:75056"),
        (&[("name", "Chirols"), ("department", "Ardèche (07)"), ("region", "Auvergne-Rhône-Alpes")], "insee:07065"),
        (&[("name", "Chirols"), ("department", "07 - Ardèche")], "insee:07065"),
        (&[("name", "Chirols"), ("department", "Dpt 07")], "insee:07065"),
        (&[("address", "Bisley Rd, Stroud GL6 7NH"), ("country", "GB")], "geonames:2636616"),
        (&[("address", "1 Main Street, Stroud, Gloucestershire, GL6 7NH"), ("country", "GB")], "geonames:2636616"),
        (&[("address", "Templergraben 55, D-52056 Aachen"), ("country", "DE")], "geonames:3247449"),
        (&[("address", "52056 Aachen"), ("country", "DE")], "geonames:3247449"),
        (&[("address", "Templergraben 55 <br /> 52056 Aachen"), ("country", "DE")], "geonames:3247449"),
        (&[("address", "Templergraben 55, 52056 Aachen, Germany"), ("country", "DE")], "geonames:3247449"),
        (&[("address", "Coolsingel 40, 3042 NH Rotterdam"), ("country", "NL")], "geonames:2747891"),
        (&[("address", "Calle Mayor 1, Madrid 28001"), ("country", "ES")], "geonames:3117735"),
        (&[("address", "Berliner Straße 12"), ("country", "DE")], "country:DE"),
        (&[("name", "Praha 1"), ("country", "CZ")], "geonames:3067696"),
        (&[("name", "Wien 3"), ("country", "AT")], "geonames:2761369"),
    ] {
        let found = found(described(parts));
        wrong.extend((found != expected).then(|| format!("{parts:?}: {found}, not {expected}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn of_several_places_none_is_taken() {
    let mut wrong = Vec::new();
    for (parts, expected) in [
        (&[("name", "Hasselt, Florida"), ("country", "Belgium, US"), ("lang", "en")][..], "?"),
        (&[("name", "Bali, Singapore, Dubai, London"), ("lang", "en")], "?"),
        (&[("name", "Bali, Singapore, Dubai"), ("lang", "en")], "?"),
        (&[("name", "Kampala, Uganda, Nairobi, Kenya"), ("lang", "en")], "?"),
        (&[("name", "Austin, Texas, Toronto, Ontario"), ("lang", "en")], "?"),
        (&[("name", "Zürich, Berlin"), ("lang", "de")], "?"),
        (&[("name", "Barcelona, Madrid"), ("country", "ES")], "?"),
        (&[("name", "Barcelona, Madrid, España"), ("lang", "es")], "?"),
        (&[("name", "Berlin, Germany, Paris"), ("lang", "en")], "?"),
        (&[("name", "Le Hangar, Lyon, Marseille"), ("lang", "fr")], "?"),
        (&[("name", "San Francisco"), ("country", "Brazil, US")], "-"),
        (&[("name", "Zürich"), ("country", "Switzerland and Germany")], "?"),
        (&[("name", "Agen"), ("country", "fr / be"), ("lang", "fr")], "?"),
        (&[("region", "Florida"), ("country", "Belgium, US")], "?"),
        (&[("postcode", "47000"), ("country", "France, Belgium")], "?"),
        (&[("country", "France, Switzerland")], "-"),
        // A town, its region and its country are one place; so are a country with a comma or an "and" in its name, a code, and a point.
        (&[("name", "Modena, Emilia-Romagna, Italia"), ("lang", "it")], "geonames:3173331"),
        (&[("name", "Getafe, Madrid, España"), ("lang", "es")], "geonames:3121437"),
        (&[("name", "Agen, Lot-et-Garonne, France"), ("lang", "en")], "insee:47001"),
        (&[("name", "Nairobi, Kenya, Africa"), ("lang", "en")], "country:KE"),
        (&[("name", "Austin, Texas, USA"), ("lang", "en")], "country:US"),
        (&[("name", "Atlanta, Georgia, USA"), ("lang", "en")], "country:US"),
        (&[("name", "Batumi, Georgia"), ("lang", "en")], "country:GE"),
        (&[("name", "Kowloon, Hong Kong, China"), ("lang", "en")], "country:HK"),
        (&[("name", "Singapore, Singapore"), ("lang", "en")], "country:SG"),
        (&[("name", "Sarajevo"), ("country", "Bosnia and Herzegovina")], "country:BA"),
        (&[("name", "Hasselt"), ("code", "47001"), ("country", "Belgium, US")], "insee:47001"),
        (&[("lat", "44.2033"), ("lon", "0.6163"), ("country", "France, Belgium")], "insee:47001"),
    ] {
        let found = found(described(parts));
        wrong.extend((found != expected).then(|| format!("{parts:?}: {found}, not {expected}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_to_do_about_a_place_depends_on_what_it_looks_like() {
    for (parts, hint) in [
        (&[("name", "Zürich, Berlin")][..], "split"),
        (&[("country", "France, Switzerland")], "split"),
        (&[("name", "San Francisco"), ("country", "Brazil, US")], "split"),
        (&[("name", "Global")], "nothing"),
        (&[("country", "Worldwide")], "nothing"),
        (&[("name", "En ligne")], "nothing"),
        (&[("name", "Nowhereton")], "values.places"),
    ] {
        let described = PlaceDraft::Described(Box::new(described(parts)));
        let draft = Lookup { value: described, or_else: Diagnostic::new(Code::UncertainPlace, "a.md") };
        let told = KNOWN.places.resolve(&draft, &mut Suggestions::default()).diagnostic.expect("a diagnostic");
        for language in [ReportLanguage::French, ReportLanguage::English] {
            let said = told.hint(language).expect("a hint");
            assert!(said.contains(hint), "{parts:?}: {said}");
        }
    }
}

#[test]
fn two_letters_that_may_be_a_country_or_a_state_are_asked_for() {
    for (name, lang, is_asked) in [("Berlin, DE", "en", true), ("Berlin", "en", false), ("San Diego, CA", "en", false)] {
        let described = PlaceDraft::Described(Box::new(described(&[("name", name), ("lang", lang)])));
        let draft = Lookup { value: described, or_else: Diagnostic::new(Code::UncertainPlace, "a.md") };
        let told = KNOWN.places.resolve(&draft, &mut Suggestions::default()).diagnostic.expect(name);
        assert_eq!(told.expected.is_some_and(|expected| expected.contains("two letters")), is_asked, "{name}");
    }
}

#[test]
fn a_kind_of_area_beside_a_name_is_never_a_town() {
    let mut wrong = Vec::new();
    for (name, country, expected) in [
        ("Utrecht (province)", Some("NL"), "country:NL"),
        ("Groningen (provincie)", Some("NL"), "country:NL"),
        ("Antwerpen (provincie)", Some("BE"), "country:BE"),
        ("Sevilla (provincia)", Some("ES"), "country:ES"),
        ("Bologna (provincia)", Some("IT"), "country:IT"),
        ("Porto (distrito)", Some("PT"), "country:PT"),
        ("Zürich (Kanton)", Some("CH"), "country:CH"),
        ("Göttingen (Landkreis)", Some("DE"), "country:DE"),
        ("Hannover (Region)", Some("DE"), "country:DE"),
        ("Provincie Groningen", Some("NL"), "country:NL"),
        ("Utrecht province", Some("NL"), "country:NL"),
        ("Sevilla provincia", Some("ES"), "country:ES"),
        ("Utrecht (province)", None, "country:NL"),
        ("Groningen provincie", None, "country:NL"),
        ("Sevilla (provincia)", None, "country:ES"),
        ("Göttingen (Landkreis)", None, "-"),
        ("Corrèze (département)", Some("FR"), "department:19"),
        ("Corrèze (département)", None, "department:19"),
        ("Bretagne (région)", None, "region:53"),
        ("Lake District", Some("GB"), "country:GB"),
        ("Mitte (district), Berlin", Some("DE"), "country:DE"),
        ("Utrecht", Some("NL"), "geonames:2745912"),
    ] {
        let parts: Vec<(&str, &str)> =
            [("name", name), ("lang", "en")].into_iter().chain(country.map(|country| ("country", country))).collect();
        let found = found(described(&parts));
        wrong.extend((found != expected).then(|| format!("{parts:?}: {found}, not {expected}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_area_that_is_known_is_no_lost_town() {
    for (name, country, is_lost) in [
        ("Noord-Brabant", "NL", false),
        ("Limburg", "NL", false),
        ("Utrecht (province)", "NL", false),
        ("Göttingen (Landkreis)", "DE", false),
        ("Nowherestad", "NL", true),
        ("Noord-Brabant", "BE", true),
    ] {
        let described = PlaceDraft::Described(Box::new(described(&[("name", name), ("country", country)])));
        let draft = Lookup { value: described, or_else: Diagnostic::new(Code::UncertainPlace, "a.md") };
        let resolution = KNOWN.places.resolve(&draft, &mut Suggestions::default());
        assert!(resolution.place.is_some(), "{name}");
        assert_eq!(resolution.diagnostic.is_some(), is_lost, "{name}, {country}");
    }
}

#[test]
fn a_department_is_kept_by_its_name() {
    for (parts, expected) in [
        (&[("name", "Agen"), ("department", "47")][..], "Agen, Lot-et-Garonne"),
        (&[("name", "Agen"), ("department", "Lot-et-Garonne")], "Agen, Lot-et-Garonne"),
        (&[("name", "Agen, Lot-et-Garonne"), ("department", "47")], "Agen, Lot-et-Garonne"),
        (&[("department", "2a")], "Corse-du-Sud"),
    ] {
        let draft = Lookup {
            value: PlaceDraft::Described(Box::new(described(parts))),
            or_else: Diagnostic::new(Code::UncertainPlace, "a.md"),
        };
        let place = KNOWN.places.resolve(&draft, &mut Suggestions::default()).place.expect("a place");
        assert_eq!(place.original_name.map(|name| name.to_string()).as_deref(), Some(expected), "{parts:?}");
    }
}
