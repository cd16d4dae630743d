//! From names to addresses, leaving out private ones.
//!
//! This happens at the moment at which the connection is made, with the very addresses that it is made to: a name that is public when
//! it is looked at and private when it is used (DNS rebinding) gains nothing.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::address::is_private;
use super::problem::Problem;
use crate::surroundings::Network;

/// Which addresses may be connected to.
#[derive(Debug, Clone)]
pub struct Guard {
    allow_private: bool,
    /// The hosts of the operator's proxies, which may be where they like.
    proxies: Vec<String>,
}

impl Guard {
    pub fn new(network: &Network) -> Self {
        let proxies = [&network.proxies.http, &network.proxies.https].into_iter().flatten();
        let host_of = |proxy: &String| {
            let proxy = if proxy.contains("://") { proxy.clone() } else { format!("http://{proxy}") };
            Some(Url::parse(&proxy).ok()?.host_str()?.to_owned())
        };
        Self { allow_private: network.allow_private_addresses, proxies: proxies.filter_map(host_of).collect() }
    }

    /// Whether requests may go through a proxy, which then is what resolves names and connects.
    pub fn has_proxies(&self) -> bool {
        !self.proxies.is_empty()
    }

    /// Refuses an address that is not fetched from: of another scheme, or private as it stands. Names are looked at again when
    /// the connection is made; those that a proxy resolves are looked at here, as far as they can be from here.
    pub fn check(&self, url: &Url) -> Result<(), Problem> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Problem::Lasting(format!("{} is no address that is fetched from", url.scheme())));
        }
        let private = |host: &str, address: IpAddr| {
            let is_refused = !self.allow_private && is_private(address);
            if is_refused { Err(Problem::Private { host: host.to_owned(), address }) } else { Ok(()) }
        };
        match url.host() {
            Some(Host::Ipv4(address)) => private(&address.to_string(), address.into()),
            Some(Host::Ipv6(address)) => private(&address.to_string(), address.into()),
            Some(Host::Domain(host)) if self.has_proxies() && !self.allow_private => {
                let Ok(found) = (host, 0).to_socket_addrs() else { return Ok(()) };
                found.into_iter().try_for_each(|found| private(host, found.ip()))
            }
            Some(Host::Domain(_)) => Ok(()),
            None => Err(Problem::Lasting("the address names no host".to_owned())),
        }
    }

    /// The addresses of a host that may be connected to.
    fn allowed(&self, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Problem> {
        if self.allow_private || self.proxies.iter().any(|proxy| proxy == host) {
            return Ok(found);
        }
        let (private, public): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| is_private(found.ip()));
        match private.first() {
            Some(first) if public.is_empty() => Err(Problem::Private { host: host.to_owned(), address: first.ip() }),
            _ => Ok(public),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            let allowed: Addrs = Box::new(guard.allowed(host, found)?.into_iter());
            Ok(allowed)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Proxies;

    fn addresses(found: &[&str]) -> Vec<SocketAddr> {
        found.iter().map(|address| SocketAddr::new(address.parse().expect(address), 0)).collect()
    }

    #[test]
    fn private_addresses_of_a_name_are_left_out() {
        let guard = Guard::new(&Network::default());
        let both = addresses(&["127.0.0.1", "140.82.121.4", "fd00::1"]);
        assert_eq!(guard.allowed("forge.example", both.clone()), Ok(addresses(&["140.82.121.4"])));
        let address = "10.0.0.1".parse().expect("an address");
        let refused = Err(Problem::Private { host: "forge.example".to_owned(), address });
        assert_eq!(guard.allowed("forge.example", addresses(&["10.0.0.1", "::1"])), refused);
        let network = Network { allow_private_addresses: true, ..Network::default() };
        assert_eq!(Guard::new(&network).allowed("forge.example", both.clone()), Ok(both));
    }

    #[test]
    fn the_proxy_of_the_operator_may_be_private_and_what_is_asked_through_it_not() {
        let proxies = Proxies { https: Some("proxy.agen.internal:3128".to_owned()), ..Proxies::default() };
        let guard = Guard::new(&Network { proxies, ..Network::default() });
        let private = addresses(&["10.0.0.1"]);
        assert_eq!(guard.allowed("proxy.agen.internal", private.clone()), Ok(private));
        let url = |url: &str| Url::parse(url).expect("an address");
        assert!(matches!(guard.check(&url("https://localhost/a")), Err(Problem::Private { .. })));
        assert_eq!(guard.check(&url("https://not-resolved-here.invalid/a")), Ok(()));
    }

    #[test]
    fn addresses_are_refused_however_they_are_written() {
        let guard = Guard::new(&Network::default());
        for refused in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:169.254.169.254]/latest/meta-data",
            "http://169.254.169.254/",
        ] {
            let url = Url::parse(refused).expect(refused);
            assert!(matches!(guard.check(&url), Err(Problem::Private { .. })), "{refused}");
        }
        for other in ["file:///etc/passwd", "ftp://forge.example/", "gopher://forge.example/", "data:text/plain,a"] {
            assert!(matches!(guard.check(&Url::parse(other).expect(other)), Err(Problem::Lasting(_))), "{other}");
        }
        assert_eq!(guard.check(&Url::parse("https://forge.example/a").expect("an address")), Ok(()));
    }
}
