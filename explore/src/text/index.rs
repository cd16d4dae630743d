//! Which words stand in which telling: segments of tantivy that never change, and which of their documents count.
//!
//! Each telling of an initiative (its case study in one language, or its title and summary where it has none in its own)
//! is one document, in the fields of its language. A small change makes a small segment in memory and marks what it
//! replaces as stale in the others; saving makes one segment of all. What is counted (frequencies, lengths) is counted
//! over the documents that are not stale, so that answers do not depend on how the index came about.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use maillage_graph_schema::model::{CaseStudy, Initiative};
use roaring::RoaringBitmap;
use tantivy::directory::{MmapDirectory, OwnedBytes, RamDirectory};
use tantivy::fastfield::{AliveBitSet, write_alive_bitset};
use tantivy::indexer::merge_filtered_segments;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::store::Compressor;
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{
    Index, IndexBuilder, IndexSettings, IndexWriter, InvertedIndexReader, SegmentReader, TantivyDocument, TantivyError,
};

use super::analyse::{Analyser, Rules, Word};
use super::plain::plain;
use crate::columns::Id;

/// How many small segments are kept before they become one.
const SMALL_SEGMENTS: usize = 8;

/// How far apart the parts of a text stand, so that no phrase is found across them.
const GAP: usize = 100;

/// What the writer of a small segment may take, in bytes.
const SMALL_MEMORY: usize = 3_000_000;

/// What the writer of a whole index may take, in bytes.
const LARGE_MEMORY: usize = 80_000_000;

/// The fields of one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Title, summary and sections, with positions.
    pub all: Field,
    pub title: Field,
    pub summary: Field,
}

const INITIATIVE: &str = "initiative";

fn schema() -> Schema {
    let mut schema = Schema::builder();
    schema.add_u64_field(INITIATIVE, FAST);
    let text = |option, with_lengths| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer("raw").set_index_option(option).set_fieldnorms(with_lengths),
        )
    };
    for rules in Rules::ALL {
        schema.add_text_field(&format!("{}_all", rules.tag()), text(IndexRecordOption::WithFreqsAndPositions, true));
        schema.add_text_field(&format!("{}_title", rules.tag()), text(IndexRecordOption::WithFreqs, false));
        schema.add_text_field(&format!("{}_summary", rules.tag()), text(IndexRecordOption::WithFreqs, false));
    }
    schema.build()
}

fn fields(schema: &Schema, rules: Rules) -> Result<Fields, TantivyError> {
    let field = |name: &str| schema.get_field(&format!("{}_{name}", rules.tag()));
    Ok(Fields { all: field("all")?, title: field("title")?, summary: field("summary")? })
}

fn builder() -> IndexBuilder {
    let settings = IndexSettings { docstore_compression: Compressor::None, ..IndexSettings::default() };
    Index::builder().schema(schema()).settings(settings)
}

/// One telling, as it is indexed.
#[derive(Debug, Clone)]
pub(crate) struct TellingText {
    pub rules: Rules,
    pub title: String,
    pub summary: String,
    /// Each section's heading and text.
    pub sections: Vec<String>,
}

/// The tellings of an initiative.
pub(crate) fn tellings(initiative: &Initiative, case_studies: &[&CaseStudy]) -> Vec<TellingText> {
    let mut tellings: Vec<TellingText> = case_studies
        .iter()
        .map(|case_study| TellingText {
            rules: Rules::of(case_study.language.as_str()),
            title: case_study.title.to_string(),
            summary: case_study.summary.as_ref().map(|summary| plain(summary.as_str())).unwrap_or_default(),
            sections: case_study
                .sections
                .iter()
                .map(|section| {
                    let heading = section.heading.as_ref().map_or("", |heading| heading.as_str());
                    format!("{heading}\n{}", plain(&section.markdown))
                })
                .collect(),
        })
        .collect();
    if case_studies.iter().all(|case_study| case_study.language != initiative.language) {
        tellings.push(TellingText {
            rules: Rules::of(initiative.language.as_str()),
            title: initiative.title.to_string(),
            summary: initiative.summary.as_ref().map(|summary| plain(summary.as_str())).unwrap_or_default(),
            sections: Vec::new(),
        });
    }
    tellings
}

/// Turns tellings into documents.
struct Documents {
    initiative: Field,
    languages: Vec<(Rules, Fields, Analyser)>,
}

impl Documents {
    fn new(schema: &Schema) -> Result<Self, TantivyError> {
        let languages = Rules::ALL.map(|rules| Ok((rules, fields(schema, rules)?, Analyser::new(rules))));
        Ok(Self {
            initiative: schema.get_field(INITIATIVE)?,
            languages: languages.into_iter().collect::<Result<_, TantivyError>>()?,
        })
    }

    fn document(&mut self, id: Id, telling: &TellingText) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.initiative, u64::from(id));
        let Some((_, fields, analyser)) = self.languages.iter_mut().find(|(rules, _, _)| *rules == telling.rules) else {
            unreachable!("every set of rules has its fields");
        };
        let title = analyser.words(&telling.title);
        let summary = analyser.words(&telling.summary);
        let mut all = tokens(&title, 0);
        let mut offset = title.last().map_or(0, |word| word.position) + GAP;
        for part in std::iter::once(&summary)
            .chain(telling.sections.iter().map(|section| analyser.words(section)).collect::<Vec<_>>().iter())
        {
            all.extend(tokens(part, offset));
            offset += part.last().map_or(0, |word| word.position) + GAP;
        }
        let pre_tokenized = |tokens| PreTokenizedString { text: String::new(), tokens };
        document.add_pre_tokenized_text(fields.title, pre_tokenized(tokens(&title, 0)));
        document.add_pre_tokenized_text(fields.summary, pre_tokenized(tokens(&summary, 0)));
        document.add_pre_tokenized_text(fields.all, pre_tokenized(all));
        document
    }
}

fn tokens(words: &[Word], offset: usize) -> Vec<Token> {
    words.iter().map(|word| Token { position: word.position + offset, text: word.stem.to_string(), ..Token::default() }).collect()
}

/// Some documents, on disk or in memory.
pub(crate) struct Segment {
    reader: SegmentReader,
    files: tantivy::Segment,
    /// The initiative of each document.
    pub initiatives: Vec<Id>,
    languages: Vec<Language>,
    is_small: bool,
}

/// One language in a segment.
struct Language {
    inverted: [Arc<InvertedIndexReader>; 3],
    /// How many words each document has; 0 for one in another language. Rounded as tantivy does.
    lengths: Vec<u16>,
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
        let numbers = reader.fast_fields().u64(INITIATIVE)?.first_or_default_col(0);
        let initiatives =
            (0..reader.max_doc()).map(|document| u32::try_from(numbers.get_val(document)).unwrap_or(u32::MAX)).collect();
        let languages = Rules::ALL.map(|rules| {
            let fields = fields(reader.schema(), rules)?;
            let inverted = [
                reader.inverted_index(fields.all)?,
                reader.inverted_index(fields.title)?,
                reader.inverted_index(fields.summary)?,
            ];
            let lengths = reader.get_fieldnorms_reader(fields.all)?;
            let length = |document| u16::try_from(lengths.fieldnorm(document)).unwrap_or(u16::MAX);
            Ok(Language { inverted, lengths: (0..reader.max_doc()).map(length).collect() })
        });
        let languages = languages.into_iter().collect::<Result<_, TantivyError>>()?;
        Ok(Self { reader, files: segment, initiatives, languages, is_small })
    }

    /// The words of a language: in the whole text, in titles, in summaries.
    pub(crate) fn inverted(&self, rules: Rules) -> &[Arc<InvertedIndexReader>; 3] {
        &self.languages[rules as usize].inverted
    }

    pub(crate) fn lengths(&self, rules: Rules) -> &[u16] {
        &self.languages[rules as usize].lengths
    }

    pub(crate) fn fields(&self, rules: Rules) -> Result<Fields, TantivyError> {
        fields(self.reader.schema(), rules)
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
pub(crate) type Retold = (Id, Vec<TellingText>);

impl TextIndex {
    /// The texts with some initiatives told anew.
    pub(crate) fn with(&self, retold: &[Retold]) -> Result<Self, TantivyError> {
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
        self.totals = Rules::ALL.map(|rules| {
            let mut totals = Totals::default();
            for part in &self.parts {
                for (document, length) in (0..).zip(part.segment.lengths(rules)) {
                    if *length > 0 && !part.stale.contains(document) {
                        totals.documents += 1;
                        totals.words += u64::from(*length);
                    }
                }
            }
            totals
        });
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

fn small_segment<'a>(documents: impl Iterator<Item = (Id, &'a TellingText)>) -> Result<Option<Part>, TantivyError> {
    let mut documents = documents.peekable();
    if documents.peek().is_none() {
        return Ok(None);
    }
    let mut reader = Documents::new(&schema())?;
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

    pub(crate) fn add(&mut self, retold: &[Retold]) -> Result<(), TantivyError> {
        for (id, tellings) in retold {
            for telling in tellings {
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
