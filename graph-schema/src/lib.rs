//! graph-schema
