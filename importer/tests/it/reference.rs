//! Reference data, as it lies in the content folder.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use maillage_graph_schema::change::{ChangeSet, Operation};
use maillage_graph_schema::model::{AreaKind, Record, RecordKind, RecordRef, TownType};
use maillage_importer::reference_change_sets;

use crate::{clock, content};

static CHANGE_SETS: LazyLock<Vec<ChangeSet>> =
    LazyLock::new(|| reference_change_sets(&content(), 0, &clock()).expect("the reference data"));

fn records() -> impl Iterator<Item = &'static Record> {
    CHANGE_SETS.iter().flat_map(|change_set| &change_set.operations).map(|operation| match operation {
        Operation::Put { record, .. } => &**record,
        Operation::Withdraw { reference, .. } => panic!("{reference} is withdrawn"),
    })
}

#[test]
fn every_row_becomes_a_record_and_nothing_points_ahead() {
    let mut counts: HashMap<RecordKind, usize> = HashMap::new();
    let mut known: HashSet<RecordRef> = HashSet::new();
    for record in records() {
        *counts.entry(record.kind()).or_default() += 1;
        for edge in record.edges() {
            assert!(known.contains(&edge.to), "{} comes before {}", record.reference(), edge.to);
        }
        for key in record.aliases().into_iter().chain([record.reference()]) {
            assert!(known.insert(key.clone()), "{key} is there twice");
        }
    }
    assert_eq!(counts[&RecordKind::Town], 35_014 + 44_025);
    assert_eq!(counts[&RecordKind::Topic], 67);
    assert_eq!(counts[&RecordKind::Source], 3);
    // The countries of the world, 26 regions and what counts as one overseas, 109 departments likewise, 1,266 intercommunalities.
    let areas =
        |kind: AreaKind| records().filter(|record| matches!(record, Record::Area(area) if area.key.area_kind() == kind)).count();
    assert_eq!(
        [AreaKind::Country, AreaKind::Region, AreaKind::Department, AreaKind::Intercommunality].map(areas),
        [198, 26, 109, 1_266]
    );
}

#[test]
fn towns_know_where_they_belong() {
    let records: HashMap<RecordRef, &Record> = records().map(|record| (record.reference(), record)).collect();
    let town = |key: &str| match records[&RecordRef::parse(RecordKind::Town, key).expect("a key")] {
        Record::Town(town) => town.clone(),
        other => panic!("{other:?}"),
    };
    let area = |key: &str| match records[&RecordRef::parse(RecordKind::Area, key).expect("a key")] {
        Record::Area(area) => area.clone(),
        other => panic!("{other:?}"),
    };
    for (key, name, part_of) in [
        ("insee:47001", "Agen", &["epci:200096956", "department:47"][..]),
        ("insee:91027", "Athis-Mons", &["ept:200058014", "epci:200054781", "department:91"]),
        ("insee:01004", "Ambérieu-en-Bugey", &["epci:240100883", "department:01"]),
        ("geonames:2761369", "Vienna", &["country:AT"]),
    ] {
        let town = town(key);
        assert_eq!(town.name.as_str(), name);
        assert_eq!(town.part_of.iter().map(ToString::to_string).collect::<Vec<_>>(), part_of, "{key}");
        assert!(town.point.is_some() && town.population.is_some_and(|population| population > 0), "{key}");
    }
    let first_district = town("insee:13201");
    assert_eq!(first_district.town_type, TownType::MunicipalArrondissement);
    assert_eq!(first_district.parent.expect("its commune").as_str(), "insee:13055");
    let merged = town("insee:01015");
    assert_eq!(merged.former[0].key.as_str(), "insee:01340");
    assert_eq!(merged.former[0].name.as_str(), "Saint-Bois");

    let district = area("ept:200058014");
    assert_eq!((district.form.expect("a form").as_str(), district.part_of[0].as_str()), ("EPT", "epci:200054781"));
    let agglomeration = area("epci:200096956");
    assert_eq!(agglomeration.form.expect("a form").as_str(), "CA");
    let bounds = agglomeration.bounds.expect("its box");
    assert!(bounds.south_west().latitude() < 44.21 && bounds.north_east().latitude() > 44.2, "{bounds:?}");
    assert_eq!(area("department:47").part_of[0].as_str(), "region:75");
    assert_eq!(area("epci:200006682").name.as_str(), "CA Beaune, Côte et Sud - Communauté Beaune-Chagny-Nolay");
}

#[test]
fn the_same_data_gives_the_same_ids() {
    let again = reference_change_sets(&content(), 0, &clock()).expect("the reference data");
    let ids = |change_sets: &[ChangeSet]| change_sets.iter().map(|change_set| change_set.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&CHANGE_SETS), ids(&again));
    assert_eq!(again.len(), ids(&again).into_iter().collect::<HashSet<_>>().len());
    assert!(again.len() > 10);
    let later = reference_change_sets(&content(), 7, &clock()).expect("the reference data");
    assert!(ids(&later).iter().all(|id| !ids(&again).contains(id)), "data that comes back on a later revision is another change");
}
