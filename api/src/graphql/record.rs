//! What all records share: the interfaces `Node` and `Record`, and the fields behind them.
//!
//! To add a kind of record: 1. a type by [`record_type!`] with its own fields, which takes in [`RecordFields`] by `flatten`;
//! 2. a variant in [`Node`] and [`RecordInterface`]; 3. a place in [`Record::of`].

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::registry::{MetaType, Registry};
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ID, Interface, Object, OutputType, Positioned, ServerResult, Value,
};
use maillage_graph_schema::model::{Direction, Provenance as Origin, RecordKey as _, RecordKind, RecordRef, Relation};
use maillage_graph_schema::store::{Neighbour, NeighbourQuestion, Stored};

use super::area::Area;
use super::case_study::CaseStudy;
use super::connection::{self, Cursor, Slice};
use super::error::OrTell as _;
use super::history::{Revision, RevisionConnection};
use super::id::{self, Named};
use super::initiative::Initiative;
use super::note::Note;
use super::organisation::Organisation;
use super::reader::Reader;
use super::run::ImportRun;
use super::scalar::DateTime;
use super::source::Source;
use super::topic::Topic;
use super::town::Town;
use super::value::text;

/// A type of the schema that shows one kind of record.
pub trait RecordType: Sized {
    /// The kind of record.
    const KIND: RecordKind;

    /// The record's kind and present key.
    fn reference(&self) -> RecordRef;

    /// Shows a record; `None` if it is of another kind.
    fn of(stored: Arc<Stored>) -> Option<Self>;
}

/// What a request reads through.
pub fn reader<'a>(context: &Context<'a>) -> &'a Arc<Reader> {
    context.data_unchecked::<Arc<Reader>>()
}

/// A record of a kind, by its key, an alias or a former code.
pub async fn one<T: RecordType>(context: &Context<'_>, reference: RecordRef) -> async_graphql::Result<Option<T>> {
    Ok(reader(context).record(reference).await.or_tell()?.and_then(T::of))
}

/// A record that another points to, which the graph's rules say is there.
pub async fn required<T: RecordType>(context: &Context<'_>, reference: RecordRef) -> async_graphql::Result<T> {
    let what = reference.to_string();
    one(context, reference).await?.ok_or_else(|| super::error::broken(&format!("{what} is pointed to and not there")))
}

/// A record that the index names.
pub async fn found<T: RecordType>(context: &Context<'_>, key: &str) -> async_graphql::Result<T> {
    let reference = RecordRef::parse(T::KIND, key).map_err(|problem| super::error::broken(&problem.to_string()))?;
    required(context, reference).await
}

/// A record that another points to, unless it was withdrawn.
pub async fn present<T: RecordType>(context: &Context<'_>, reference: RecordRef) -> async_graphql::Result<Option<T>> {
    Ok(all(context, [reference]).await?.pop())
}

/// Records that another points to, in its order, without withdrawn ones.
pub async fn all<T: RecordType>(
    context: &Context<'_>,
    references: impl IntoIterator<Item = RecordRef>,
) -> async_graphql::Result<Vec<T>> {
    let present = reader(context).present(references).await.or_tell()?;
    Ok(present.into_iter().filter_map(T::of).collect())
}

/// The neighbours of a record by one relation that are of one kind, as a page of records.
pub async fn neighbours<T: RecordType>(
    context: &Context<'_>,
    of: &RecordRef,
    (relation, direction): (Relation, Direction),
    first: Option<i32>,
    after: Option<&str>,
) -> async_graphql::Result<Slice<T>> {
    let size = connection::page_size(first)?;
    let after = neighbour_after::<T>(relation, direction, after)?;
    let has_previous = after.is_some();
    let question = NeighbourQuestion {
        relations: vec![(relation, direction)],
        kind: Some(T::KIND),
        after,
        first: size,
        count: connection::is_counted(context),
    };
    let reader = reader(context);
    let found = reader.neighbours(of.clone(), question).await.or_tell()?;
    let records =
        futures::future::try_join_all(found.page.items.iter().map(|neighbour| reader.record(neighbour.reference.clone())))
            .await
            .or_tell()?;
    let items = found
        .page
        .items
        .iter()
        .zip(records)
        .filter_map(|(neighbour, stored)| Some((Cursor::Neighbour(neighbour.clone()), T::of(stored?)?)))
        .collect();
    Ok(Slice { items, has_more: found.page.has_more, has_previous, total: found.count })
}

/// How many neighbours are looked through at a time for those that are wanted.
const BATCH: usize = 500;

/// Like [`neighbours`], of those records that are wanted only: as many are read as it takes to fill the page, or all if the
/// count is selected.
pub async fn chosen_neighbours<T: RecordType>(
    context: &Context<'_>,
    of: &RecordRef,
    (relation, direction): (Relation, Direction),
    first: Option<i32>,
    after: Option<&str>,
    is_wanted: impl Fn(&T) -> bool,
) -> async_graphql::Result<Slice<T>> {
    let size = connection::page_size(first)?;
    let after = neighbour_after::<T>(relation, direction, after)?;
    let is_counted = connection::is_counted(context);
    let reader = reader(context);
    // A count is of all pages: then the reading starts at the beginning, and the page where it was asked for.
    let mut from = if is_counted { None } else { after.clone() };
    let (mut items, mut total) = (Vec::new(), 0);
    let has_more = loop {
        let question =
            NeighbourQuestion { kind: Some(T::KIND), after: from, ..NeighbourQuestion::by(relation, direction, BATCH) };
        let found = reader.neighbours(of.clone(), question).await.or_tell()?;
        let references = found.page.items.iter().map(|neighbour| neighbour.reference.clone());
        let records = futures::future::try_join_all(references.map(|reference| reader.record(reference))).await.or_tell()?;
        for (neighbour, stored) in found.page.items.iter().zip(records) {
            let Some(record) = stored.and_then(T::of).filter(&is_wanted) else { continue };
            total += 1;
            if items.len() <= size && after.as_ref().is_none_or(|after| neighbour > after) {
                items.push((Cursor::Neighbour(neighbour.clone()), record));
            }
        }
        let is_read = !found.page.has_more || (!is_counted && items.len() > size);
        if is_read {
            break items.len() > size;
        }
        from = found.page.items.last().cloned();
    };
    items.truncate(size);
    Ok(Slice { items, has_more, has_previous: after.is_some(), total: is_counted.then_some(total) })
}

/// Reads the cursor of a list of neighbours by one relation.
fn neighbour_after<T: RecordType>(
    relation: Relation,
    direction: Direction,
    after: Option<&str>,
) -> async_graphql::Result<Option<Neighbour>> {
    connection::after(after, |cursor| match cursor {
        Cursor::Neighbour(neighbour)
            if neighbour.relation == relation && neighbour.direction == direction && neighbour.reference.kind() == T::KIND =>
        {
            Some(neighbour)
        }
        _ => None,
    })
}

/// Defines the type of the schema for a kind of record, its view of the record, and what the interfaces ask of it.
macro_rules! record_type {
    ($name:ident) => {
        /// A record of this kind, shown.
        #[derive(Debug, Clone)]
        pub struct $name(std::sync::Arc<maillage_graph_schema::store::Stored>);

        impl $name {
            fn record(&self) -> &maillage_graph_schema::model::$name {
                match &self.0.record {
                    maillage_graph_schema::model::Record::$name(record) => record,
                    other => unreachable!("{} is shown as {}", other.reference(), stringify!($name)),
                }
            }

            fn fields(&self) -> $crate::graphql::record::RecordFields {
                $crate::graphql::record::RecordFields::of(&self.0)
            }
        }

        impl $crate::graphql::record::RecordType for $name {
            const KIND: maillage_graph_schema::model::RecordKind = maillage_graph_schema::model::RecordKind::$name;

            fn reference(&self) -> maillage_graph_schema::model::RecordRef {
                self.0.record.reference()
            }

            fn of(stored: std::sync::Arc<maillage_graph_schema::store::Stored>) -> Option<Self> {
                (stored.record.kind() == Self::KIND).then_some(Self(stored))
            }
        }

        $crate::graphql::record::interface_methods!($name);
    };
}
pub(super) use record_type;

/// The interfaces call these on each of their types; queries are answered by the flattened [`RecordFields`].
macro_rules! interface_methods {
    ($name:ident) => {
        impl $name {
            pub(super) async fn id(&self, context: &async_graphql::Context<'_>) -> async_graphql::Result<async_graphql::ID> {
                self.fields().id(context).await
            }
            pub(super) async fn key(&self, context: &async_graphql::Context<'_>) -> async_graphql::Result<String> {
                self.fields().key(context).await
            }
            pub(super) async fn aliases(&self, context: &async_graphql::Context<'_>) -> async_graphql::Result<Vec<String>> {
                self.fields().aliases(context).await
            }
            pub(super) async fn url(&self, context: &async_graphql::Context<'_>) -> async_graphql::Result<String> {
                self.fields().url(context).await
            }
            pub(super) async fn provenance(
                &self,
                context: &async_graphql::Context<'_>,
            ) -> async_graphql::Result<$crate::graphql::record::Provenance> {
                self.fields().provenance(context).await
            }
            pub(super) async fn origins(
                &self,
                context: &async_graphql::Context<'_>,
            ) -> async_graphql::Result<Vec<$crate::graphql::record::Provenance>> {
                self.fields().origins(context).await
            }
            pub(super) async fn revisions(
                &self,
                context: &async_graphql::Context<'_>,
                first: Option<i32>,
                after: Option<String>,
            ) -> async_graphql::Result<$crate::graphql::history::RevisionConnection> {
                self.fields().revisions(context, first, after).await
            }
            pub(super) async fn withdrawn(
                &self,
                context: &async_graphql::Context<'_>,
            ) -> async_graphql::Result<Option<$crate::graphql::record::Withdrawal>> {
                self.fields().withdrawn(context).await
            }
        }
    };
}
pub(super) use interface_methods;

/// What can be fetched again by its id.
#[derive(Debug, Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "An opaque id, stable and unique over all kinds: pass it to `node`."))]
pub enum Node {
    Area(Area),
    CaseStudy(CaseStudy),
    ImportRun(ImportRun),
    Initiative(Initiative),
    Note(Note),
    Organisation(Organisation),
    Source(Source),
    Topic(Topic),
    Town(Town),
}

impl Node {
    /// Shows a record of any kind.
    pub fn of(stored: Arc<Stored>) -> Option<Self> {
        Some(match stored.record.kind() {
            RecordKind::Area => Area::of(stored)?.into(),
            RecordKind::CaseStudy => CaseStudy::of(stored)?.into(),
            RecordKind::Initiative => Initiative::of(stored)?.into(),
            RecordKind::Note => Note::of(stored)?.into(),
            RecordKind::Organisation => Organisation::of(stored)?.into(),
            RecordKind::Source => Source::of(stored)?.into(),
            RecordKind::Topic => Topic::of(stored)?.into(),
            RecordKind::Town => Town::of(stored)?.into(),
        })
    }
}

/// A record of any kind, by its key, an alias or a former code.
pub async fn node(context: &Context<'_>, reference: RecordRef) -> async_graphql::Result<Option<Node>> {
    Ok(reader(context).record(reference).await.or_tell()?.and_then(Node::of))
}

/// What an id names: a record of any kind, or an import.
pub async fn named(context: &Context<'_>, named: Named) -> async_graphql::Result<Option<Node>> {
    match named {
        Named::Record(reference) => node(context, reference).await,
        Named::Run(key) => Ok(reader(context).run(key).await.or_tell()?.map(|run| ImportRun::of(run).into())),
    }
}

/// A record that can be cited: where it is from, under which licence, and how it changed.
#[derive(Debug, Clone, Interface)]
#[expect(clippy::duplicated_attributes, reason = "the attributes of different fields")]
#[graphql(
    name = "Record",
    field(name = "id", ty = "ID", desc = "An opaque id, stable and unique over all kinds: pass it to `node`."),
    field(name = "key", ty = "String", desc = "The key, stable and unique among records of this kind."),
    field(name = "aliases", ty = "Vec<String>", desc = "Other keys by which the record is found: former codes and slugs."),
    field(name = "url", ty = "String", desc = "The address of the record's page."),
    field(name = "provenance", ty = "Provenance", desc = "Where the record comes from: the origin that owns it."),
    field(
        name = "origins",
        ty = "Vec<Provenance>",
        desc = "Everything that the record was read from; the first is `provenance`."
    ),
    field(
        name = "revisions",
        ty = "RevisionConnection",
        desc = "How the record changed, newest first.",
        arg(name = "first", ty = "Option<i32>", desc = "The size of the page, 0 to 100; 20 unless told."),
        arg(name = "after", ty = "Option<String>", desc = "Only what comes after this cursor.")
    ),
    field(name = "withdrawn", ty = "Option<Withdrawal>", desc = "Set on a record that was taken back, else null.")
)]
pub enum RecordInterface {
    Area(Area),
    CaseStudy(CaseStudy),
    Initiative(Initiative),
    Note(Note),
    Organisation(Organisation),
    Source(Source),
    Topic(Topic),
    Town(Town),
}

/// [`RecordInterface`], which itself implements [`Node`]: the derive does not know of interfaces that implement others.
#[derive(Debug, Clone)]
pub struct Record(RecordInterface);

impl Record {
    /// Shows a record of any kind.
    pub fn of(stored: Arc<Stored>) -> Option<Self> {
        Some(Self(match Node::of(stored)? {
            Node::Area(record) => record.into(),
            Node::CaseStudy(record) => record.into(),
            // Kept beside the records, and none of them.
            Node::ImportRun(_) => return None,
            Node::Initiative(record) => record.into(),
            Node::Note(record) => record.into(),
            Node::Organisation(record) => record.into(),
            Node::Source(record) => record.into(),
            Node::Topic(record) => record.into(),
            Node::Town(record) => record.into(),
        }))
    }
}

impl OutputType for Record {
    fn type_name() -> Cow<'static, str> {
        RecordInterface::type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = RecordInterface::create_type_info(registry);
        registry.add_implements(&Self::type_name(), &Node::type_name());
        name
    }

    async fn resolve(
        &self,
        context: &ContextSelectionSet<'_>,
        field: &Positioned<async_graphql::parser::types::Field>,
    ) -> ServerResult<Value> {
        self.0.resolve(context, field).await
    }
}

impl ContainerType for Record {
    async fn resolve_field(&self, context: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(context).await
    }

    fn collect_all_fields<'a>(
        &'a self,
        context: &ContextSelectionSet<'a>,
        fields: &mut async_graphql::resolver_utils::Fields<'a>,
    ) -> ServerResult<()> {
        self.0.collect_all_fields(context, fields)
    }
}

/// The fields that every record has.
#[derive(Debug, Clone)]
pub struct RecordFields {
    stored: Arc<Stored>,
}

impl RecordFields {
    /// Those of a record.
    pub fn of(stored: &Arc<Stored>) -> Self {
        Self { stored: Arc::clone(stored) }
    }

    fn origins_of_record(&self) -> Vec<Origin> {
        match &self.stored.record {
            // A source comes from nowhere but itself.
            maillage_graph_schema::model::Record::Source(source) => {
                vec![Origin { url: source.address.clone(), ..Origin::of(source.key.clone()) }]
            }
            record => record.provenance().to_vec(),
        }
    }
}

#[Object]
impl RecordFields {
    /// An opaque id, stable and unique over all kinds: pass it to `node`.
    pub(super) async fn id(&self) -> ID {
        id::of(&self.stored.record.reference())
    }

    /// The key, stable and unique among records of this kind.
    pub(super) async fn key(&self) -> String {
        self.stored.record.reference().key().to_owned()
    }

    /// Other keys by which the record is found: former codes and slugs.
    pub(super) async fn aliases(&self) -> Vec<String> {
        self.stored.record.aliases().iter().map(|alias| alias.key().to_owned()).collect()
    }

    /// The address of the record's page.
    pub(super) async fn url(&self, context: &Context<'_>) -> String {
        format!("{}{}", reader(context).public_url(), page(&self.stored.record))
    }

    /// Where the record comes from: the origin that owns it.
    pub(super) async fn provenance(&self) -> Provenance {
        Provenance(self.origins_of_record().into_iter().next())
    }

    /// Everything that the record was read from; the first is `provenance`.
    pub(super) async fn origins(&self) -> Vec<Provenance> {
        self.origins_of_record().into_iter().map(|origin| Provenance(Some(origin))).collect()
    }

    /// How the record changed, newest first.
    pub(super) async fn revisions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<RevisionConnection> {
        let size = connection::page_size(first)?;
        let before = connection::after(after.as_deref(), |cursor| match cursor {
            Cursor::Revision(revision) => Some(revision),
            _ => None,
        })?;
        let (reader, reference) = (reader(context), self.stored.record.reference());
        let count = async {
            if connection::is_counted(context) { reader.history_count(reference.clone()).await.map(Some) } else { Ok(None) }
        };
        let (page, total) = futures::try_join!(reader.history(reference.clone(), before, size), count).or_tell()?;
        let items =
            page.items.iter().map(|entry| (Cursor::Revision(entry.revision.number), Revision::of(entry.clone()))).collect();
        Ok(Slice { items, has_more: page.has_more, has_previous: before.is_some(), total }.into())
    }

    /// Set on a record that was taken back, else null.
    pub(super) async fn withdrawn(&self) -> Option<Withdrawal> {
        self.stored.withdrawn.clone().map(Withdrawal)
    }
}

/// Puts the shared fields into the types that take them in, as the last step in making the schema. The library's own
/// `flatten` sees a type half made here, since the shared fields lead back to records, and would put in none.
pub struct SharedFields;

impl OutputType for SharedFields {
    fn type_name() -> Cow<'static, str> {
        RecordFields::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = RecordFields::create_type_info(registry);
        let Some(MetaType::Object { fields: shared, .. }) = registry.types.remove(&*Self::type_name()) else {
            unreachable!("the shared fields are an object of the schema")
        };
        for kind in [
            Area::type_name(),
            CaseStudy::type_name(),
            Initiative::type_name(),
            Note::type_name(),
            Organisation::type_name(),
            Source::type_name(),
            Topic::type_name(),
            Town::type_name(),
        ] {
            if let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(&*kind) {
                let own = std::mem::take(fields);
                fields.extend(shared.iter().map(|(name, field)| (name.clone(), field.clone())));
                fields.extend(own);
            }
        }
        name
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<async_graphql::parser::types::Field>,
    ) -> ServerResult<Value> {
        unreachable!("no field is of this type")
    }
}

/// The path of a record's page.
fn page(record: &maillage_graph_schema::model::Record) -> String {
    use maillage_graph_schema::model::Record;
    match record {
        Record::Area(area) => format!("/areas/{}", area.key),
        Record::CaseStudy(case_study) => format!("/initiatives/{}?lang={}", case_study.initiative, case_study.language),
        Record::Initiative(initiative) => format!("/initiatives/{}", initiative.key),
        Record::Note(note) => format!("/initiatives/{}#note-{}", note.initiative, note.key),
        Record::Organisation(organisation) => format!("/organisations/{}", organisation.key),
        Record::Source(source) => format!("/sources/{}", source.key),
        Record::Topic(topic) => format!("/topics/{}", topic.key),
        Record::Town(town) => format!("/towns/{}", town.key),
    }
}

/// Where a record was read; nothing is known of some.
#[derive(Debug, Clone)]
pub struct Provenance(Option<Origin>);

impl Provenance {
    fn field(&self, field: impl FnOnce(&Origin) -> Option<String>) -> Option<String> {
        self.0.as_ref().and_then(field)
    }
}

/// Where a record was read (`prov:wasDerivedFrom`).
#[Object]
impl Provenance {
    /// The source.
    async fn source(&self, context: &Context<'_>) -> async_graphql::Result<Option<Source>> {
        match &self.0 {
            Some(origin) => one(context, origin.source.reference()).await,
            None => Ok(None),
        }
    }

    /// The repository, as its owner gives its address.
    async fn repository(&self) -> Option<String> {
        self.field(|origin| text(origin.repository.as_ref()))
    }

    /// The file in the repository, with `/`.
    async fn path(&self) -> Option<String> {
        self.field(|origin| text(origin.path.as_ref()))
    }

    /// The commit at which it was read.
    async fn commit(&self) -> Option<String> {
        self.field(|origin| text(origin.commit.as_ref()))
    }

    /// When it was read.
    async fn fetched_at(&self) -> Option<DateTime> {
        self.0.as_ref().and_then(|origin| origin.fetched_at).map(DateTime)
    }

    /// Where people read the original.
    async fn url(&self) -> Option<String> {
        self.field(|origin| text(origin.url.as_ref()))
    }
}

/// A record that was taken back: it stays, as a tombstone.
#[derive(Debug, Clone)]
pub struct Withdrawal(maillage_graph_schema::model::Withdrawal);

/// A record that was taken back: it stays, as a tombstone.
#[Object]
impl Withdrawal {
    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Why.
    async fn why(&self) -> &str {
        self.0.why.as_str()
    }

    /// The record that it was merged into.
    async fn merged_into(&self, context: &Context<'_>) -> async_graphql::Result<Option<Node>> {
        match &self.0.merged_into {
            Some(into) => node(context, into.clone()).await,
            None => Ok(None),
        }
    }
}
