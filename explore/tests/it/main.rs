//! The index against plain loops over records, and against what people expect.

mod filters;
mod follow;
mod oracle;
mod places;
mod similarity;
mod similarity_oracle;
mod text;
mod world;
