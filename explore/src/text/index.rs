//! Which words stand in which telling: segments of tantivy that never change, and which of their documents count.
//!
//! Each telling of an initiative (its case study in one language, or its title and summary where it has none in its own)
//! is one document, in the fields of its language. A small change makes a small segment in memory and marks what it
//! replaces as stale in the others; saving makes one segment of all. What is counted (frequencies, lengths) is counted
//! over the documents that are not stale, so that answers do not depend on how the index came about.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::directory::{MmapDirectory, OwnedBytes, RamDirectory};
use tantivy::fastfield::{AliveBitSet, write_alive_bitset};
use tantivy::indexer::merge_filtered_segments;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::store::Compressor;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{
    Index, IndexBuilder, IndexSettings, IndexWriter, InvertedIndexReader, SegmentReader, TantivyDocument, TantivyError, Term,
};

use super::analyse::Rules;
use super::reading::Reading;
use super::search::weights;
use super::stems::{Stems, WrittenStems};
use crate::columns::Id;

/// How many small segments are kept before they become one.
const SMALL_SEGMENTS: usize = 8;

/// What the writer of a small segment may take, in bytes.
const SMALL_MEMORY: usize = 3_000_000;

/// What the writer of a whole index may take, in bytes.
const LARGE_MEMORY: usize = 80_000_000;

/// How often a word of a title and of a summary is counted: once for the whole text, and for what it weighs more.
const IN_TITLE: usize = 1 + weights::TITLE;
const IN_SUMMARY: usize = 1 + weights::SUMMARY;

const INITIATIVE: &str = "initiative";
const LANGUAGE: &str = "language";
const LENGTH: &str = "length";

/// How [`Stems`] is called in the index.
const STEMS: &str = "stems";

fn schema() -> Schema {
    let mut schema = Schema::builder();
    for number in [INITIATIVE, LANGUAGE, LENGTH] {
        schema.add_u64_field(number, FAST);
    }
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(STEMS)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(false);
    for rules in Rules::ALL {
        schema.add_text_field(rules.tag(), TextOptions::default().set_indexing_options(indexing.clone()));
    }
    schema.build()
}

fn builder() -> IndexBuilder {
    let settings = IndexSettings { docstore_compression: Compressor::None, ..IndexSettings::default() };
    let tokenizers = TokenizerManager::default();
    tokenizers.register(STEMS, Stems::default());
    Index::builder().schema(schema()).settings(settings).tokenizers(tokenizers)
}

/// Turns tellings into documents.
struct Documents {
    initiative: Field,
    language: Field,
    length: Field,
    texts: [Field; 3],
}

impl Documents {
    fn new(schema: &Schema) -> Result<Self, TantivyError> {
        let [french, english, other] = Rules::ALL.map(|rules| schema.get_field(rules.tag()));
        Ok(Self {
            initiative: schema.get_field(INITIATIVE)?,
            language: schema.get_field(LANGUAGE)?,
            length: schema.get_field(LENGTH)?,
            texts: [french?, english?, other?],
        })
    }

    fn document(&self, id: Id, telling: &Reading) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.initiative, u64::from(id));
        document.add_u64(self.language, telling.rules as u64);
        document.add_u64(self.length, telling.length() as u64);
        let mut stems = WrittenStems::default();
        let times = [IN_TITLE, IN_SUMMARY].into_iter().chain(std::iter::repeat(1));
        for (part, times) in telling.parts().zip(times) {
            stems.push_part(&part.words, times);
        }
        document.add_text(self.texts[telling.rules as usize], stems.as_str());
        document
    }
}

/// Some documents, on disk or in memory.
pub(crate) struct Segment {
    files: tantivy::Segment,
    /// The initiative of each document.
    pub initiatives: Vec<Id>,
    /// The language of each document.
    languages: Vec<Rules>,
    /// How many words each document has.
    pub lengths: Vec<u16>,
    texts: [(Field, Arc<InvertedIndexReader>); 3],
    is_small: bool,
}

impl fmt::Debug for Segment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Segment")
            .field("documents", &self.initiatives.len())
            .field("is_small", &self.is_small)
            .finish_non_exhaustive()
    }
}

impl Segment {
    fn open(segment: tantivy::Segment, is_small: bool) -> Result<Self, TantivyError> {
        let reader = SegmentReader::open(&segment)?;
        let numbers = |name: &str| -> Result<Vec<u64>, TantivyError> {
            let column = reader.fast_fields().u64(name)?.first_or_default_col(0);
            Ok((0..reader.max_doc()).map(|document| column.get_val(document)).collect())
        };
        let initiatives = numbers(INITIATIVE)?.into_iter().map(|id| Id::try_from(id).unwrap_or(Id::MAX)).collect();
        let lengths = numbers(LENGTH)?.into_iter().map(|length| u16::try_from(length).unwrap_or(u16::MAX)).collect();
        let language = |number: u64| usize::try_from(number).ok().and_then(|at| Rules::ALL.get(at)).copied();
        let languages = numbers(LANGUAGE)?.into_iter().map(|number| language(number).unwrap_or(Rules::Other)).collect();
        let [french, english, other] = Rules::ALL.map(|rules| -> Result<_, TantivyError> {
            let field = reader.schema().get_field(rules.tag())?;
            Ok((field, reader.inverted_index(field)?))
        });
        let texts = [french?, english?, other?];
        Ok(Self { files: segment, initiatives, languages, lengths, texts, is_small })
    }

    /// The words of a language.
    pub(crate) fn words(&self, rules: Rules) -> &InvertedIndexReader {
        &self.texts[rules as usize].1
    }

    /// A word of a language, as the index knows it.
    pub(crate) fn term(&self, rules: Rules, stem: &str) -> Term {
        Term::from_field_text(self.texts[rules as usize].0, stem)
    }
}

/// A segment with what no longer counts in it.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub segment: Arc<Segment>,
    /// Documents that others have replaced.
    pub stale: Arc<RoaringBitmap>,
}

/// How much there is in a language, stale documents left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub documents: u64,
    pub words: u64,
}

/// All texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextIndex {
    pub parts: Vec<Part>,
    pub totals: [Totals; 3],
}

/// What is to be indexed of an initiative, in place of what was.
pub(crate) type Retold<'a> = (Id, &'a [Reading]);

impl TextIndex {
    /// The texts with some initiatives told anew.
    pub(crate) fn with(&self, retold: &[Retold<'_>]) -> Result<Self, TantivyError> {
        let mut next = self.clone();
        next.replace(&retold.iter().map(|(id, _)| *id).collect());
        let documents = retold.iter().flat_map(|(id, tellings)| tellings.iter().map(move |telling| (*id, telling)));
        if let Some(part) = small_segment(documents)? {
            next.parts.push(part);
        }
        let is_small = |part: &Part| part.segment.is_small;
        if next.parts.iter().filter(|part| is_small(part)).count() > SMALL_SEGMENTS {
            let (small, others): (Vec<Part>, Vec<Part>) = next.parts.into_iter().partition(is_small);
            next.parts = others;
            next.parts.extend(merge(&small, RamDirectory::create().into(), true)?);
        }
        next.count();
        Ok(next)
    }

    /// Lets the documents of some initiatives count no longer.
    fn replace(&mut self, initiatives: &RoaringBitmap) {
        for part in &mut self.parts {
            let replaced =
                (0..).zip(&part.segment.initiatives).filter(|(_, id)| initiatives.contains(**id)).map(|(document, _)| document);
            let replaced: Vec<u32> = replaced.collect();
            if !replaced.is_empty() {
                Arc::make_mut(&mut part.stale).extend(replaced);
            }
        }
        self.parts.retain(|part| part.stale.len() < part.segment.initiatives.len() as u64);
    }

    fn count(&mut self) {
        self.totals = Default::default();
        for Part { segment, stale } in &self.parts {
            for (document, (rules, length)) in (0..).zip(segment.languages.iter().zip(&segment.lengths)) {
                if stale.is_empty() || !stale.contains(document) {
                    let totals = &mut self.totals[*rules as usize];
                    totals.documents += 1;
                    totals.words += u64::from(*length);
                }
            }
        }
    }

    /// How many documents are in small segments or stale: what saving would tidy up.
    pub(crate) fn untidy(&self) -> usize {
        let untidy = |part: &Part| {
            if part.segment.is_small {
                part.segment.initiatives.len()
            } else {
                usize::try_from(part.stale.len()).unwrap_or(usize::MAX)
            }
        };
        self.parts.iter().map(untidy).sum::<usize>() + self.parts.len().saturating_sub(1)
    }

    /// Writes all that counts into an empty folder, as one segment.
    pub(crate) fn save(&self, folder: &Path) -> Result<(), TantivyError> {
        let directory = MmapDirectory::open(folder)?;
        if self.parts.is_empty() {
            builder().create_in_dir(folder)?;
            return Ok(());
        }
        merge(&self.parts, directory.into(), false)?;
        Ok(())
    }

    /// Reads what was saved.
    pub(crate) fn load(folder: &Path) -> Result<Self, TantivyError> {
        let index = Index::open(MmapDirectory::open(folder)?)?;
        Self::of(&index)
    }

    fn of(index: &Index) -> Result<Self, TantivyError> {
        let parts = index
            .searchable_segments()?
            .into_iter()
            .map(|segment| Ok(Part { segment: Arc::new(Segment::open(segment, false)?), stale: Arc::default() }));
        let mut texts = Self { parts: parts.collect::<Result<_, TantivyError>>()?, totals: Default::default() };
        texts.count();
        Ok(texts)
    }

    /// This index with what another one holds of some initiatives left as it is: the other was saved from an earlier state of
    /// this one, and takes the place of all that was in it.
    pub(crate) fn rebased(&self, saved: &Self, before: &Self, changed_since: &RoaringBitmap) -> Self {
        let mut next = saved.clone();
        next.replace(changed_since);
        let was_there = |part: &Part| before.parts.iter().any(|old| Arc::ptr_eq(&old.segment, &part.segment));
        // Small segments since then hold only what changed since then, unless they were merged with earlier ones.
        for part in self.parts.iter().filter(|part| !was_there(part)) {
            let mut part = part.clone();
            let unchanged = (0..).zip(&part.segment.initiatives).filter(|(_, id)| !changed_since.contains(**id));
            let unchanged: Vec<u32> = unchanged.map(|(document, _)| document).collect();
            Arc::make_mut(&mut part.stale).extend(unchanged);
            next.parts.push(part);
        }
        next.count();
        next
    }
}

fn small_segment<'a>(documents: impl Iterator<Item = (Id, &'a Reading)>) -> Result<Option<Part>, TantivyError> {
    let mut documents = documents.peekable();
    if documents.peek().is_none() {
        return Ok(None);
    }
    let reader = Documents::new(&schema())?;
    let mut writer = builder().single_segment_index_writer(RamDirectory::create(), SMALL_MEMORY)?;
    for (id, telling) in documents {
        writer.add_document(reader.document(id, telling))?;
    }
    let index = writer.finalize()?;
    let segment = index.searchable_segments()?.into_iter().next();
    segment.map(|segment| Ok(Part { segment: Arc::new(Segment::open(segment, true)?), stale: Arc::default() })).transpose()
}

/// Makes one segment of several, without what is stale.
fn merge(parts: &[Part], directory: Box<dyn tantivy::Directory>, is_small: bool) -> Result<Option<Part>, TantivyError> {
    let settings = IndexSettings { docstore_compression: Compressor::None, ..IndexSettings::default() };
    let segments: Vec<tantivy::Segment> = parts.iter().map(|part| part.segment.files.clone()).collect();
    let alive = parts
        .iter()
        .map(|part| (!part.stale.is_empty()).then(|| alive(part)).transpose())
        .collect::<Result<_, TantivyError>>()?;
    let index = merge_filtered_segments(&segments, settings, alive, directory)?;
    let segment = index.searchable_segments()?.into_iter().next();
    segment.map(|segment| Ok(Part { segment: Arc::new(Segment::open(segment, is_small)?), stale: Arc::default() })).transpose()
}

fn alive(part: &Part) -> Result<AliveBitSet, TantivyError> {
    let documents = u32::try_from(part.segment.initiatives.len()).unwrap_or(u32::MAX);
    let mut alive = tantivy::BitSet::with_max_value_and_full(documents);
    part.stale.iter().for_each(|document| alive.remove(document));
    let mut bytes = Vec::new();
    write_alive_bitset(&alive, &mut bytes)?;
    Ok(AliveBitSet::open(OwnedBytes::new(bytes)))
}

/// Indexes a whole graph, in a folder that is thrown away later.
pub(crate) struct TextBuilder {
    index: Index,
    writer: IndexWriter,
    documents: Documents,
}

impl TextBuilder {
    pub(crate) fn new(folder: &Path) -> Result<Self, TantivyError> {
        let index = builder().create_in_dir(folder)?;
        let writer: IndexWriter = index.writer_with_num_threads(1, LARGE_MEMORY)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self { documents: Documents::new(&index.schema())?, index, writer })
    }

    pub(crate) fn add(&mut self, retold: &[Retold<'_>]) -> Result<(), TantivyError> {
        for (id, tellings) in retold {
            for telling in *tellings {
                self.writer.add_document(self.documents.document(*id, telling))?;
            }
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<TextIndex, TantivyError> {
        self.writer.commit()?;
        self.writer.wait_merging_threads()?;
        TextIndex::of(&self.index)
    }
}

impl fmt::Debug for TextBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TextBuilder").finish_non_exhaustive()
    }
}
