//! The address of a server.

use url::Url;

use crate::store::StoreError;

/// `bolt://HOST[:PORT]` or `neo4j://HOST[:PORT]`.
#[derive(Debug, Clone)]
pub(super) struct Address(String);

impl Address {
    /// Reads an address. What the driver would ignore (a user and password, a path, parameters) is refused.
    pub(super) fn parse(text: &str) -> Result<Self, StoreError> {
        let refused = || StoreError::Address { url: without_password(text) };
        let url = Url::parse(text).map_err(|_| refused())?;
        let is_plain = url.username().is_empty()
            && url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none();
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(refused)?;
        if !matches!(url.scheme(), "bolt" | "neo4j") || !is_plain {
            return Err(refused());
        }
        Ok(Self(format!("{}://{host}:{}", url.scheme(), url.port().unwrap_or(7687))))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The address as it may be shown.
fn without_password(text: &str) -> String {
    match (text.split_once("://"), text.rfind('@')) {
        (Some((scheme, _)), Some(at)) => format!("{scheme}://…{}", &text[at..]),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_are_read_or_refused() {
        for (text, expected) in [
            ("bolt://localhost", Some("bolt://localhost:7687")),
            ("bolt://localhost:7690/", Some("bolt://localhost:7690")),
            ("neo4j://graph.example.org:7688", Some("neo4j://graph.example.org:7688")),
            ("bolt://[::1]:7690", Some("bolt://[::1]:7690")),
            ("bolt://", None),
            ("http://localhost:7474", None),
            ("bolt://localhost/maillage", None),
            ("neo4j://localhost?policy=eu", None),
            ("bolt://neo4j:secret@localhost", None),
        ] {
            let read = Address::parse(text);
            assert_eq!(read.as_ref().ok().map(Address::as_str), expected, "{text}");
            if let Err(error) = read {
                assert!(!error.to_string().contains("secret"), "{error}");
            }
        }
    }
}
