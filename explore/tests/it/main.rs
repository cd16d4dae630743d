//! The index against plain loops over records, and against what people expect.

mod filters;
mod follow;
mod map;
mod oracle;
mod places;
mod search;
mod similarity;
mod similarity_oracle;
mod text;
mod world;
