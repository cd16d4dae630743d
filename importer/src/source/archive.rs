//! An archive, by its address or its path.

use super::{FileSource, Snapshot};
use crate::error::ImportError;
use crate::limits::Limits;

/// A `.tar.gz` or `.zip`.
pub struct Archive {
    address: String,
}

impl Archive {
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned() }
    }
}

impl FileSource for Archive {
    fn snapshot(&self, _wanted: &dyn Fn(&str) -> bool, _limits: &Limits) -> Result<Snapshot, ImportError> {
        Err(ImportError::Fetch { address: self.address.clone(), problem: "archives are not read yet".to_owned() })
    }
}
