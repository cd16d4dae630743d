//! Who asks, and how much each may ask: a budget of cost that refills by the minute, and so many subscriptions.
//!
//! A client is an address, of IPv6 the network of 64 bits that one household or server has. Behind a proxy the address is the one that the proxy
//! names (`X-Forwarded-For`), which is believed of proxies alone: those that the operator names, and this machine itself. Whoever asks
//! from this machine without a proxy is the operator, and has no budget.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use quick_cache::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many clients are remembered; one that is forgotten has its whole budget again.
const MOST_CLIENTS: usize = 50_000;

/// A client may have so many subscriptions open.
pub const MOST_SUBSCRIPTIONS: usize = 20;

/// A budget is for so long.
const WINDOW: Duration = Duration::from_mins(1);

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What is left, and how the budget is made (draft-ietf-httpapi-ratelimit-headers).
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Some addresses: `10.0.0.0/8`, `::1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    address: IpAddr,
    bits: u8,
}

/// A text that names no addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no address or network: expected one such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32")]
pub struct NoAddresses(String);

impl FromStr for Addresses {
    type Err = NoAddresses;

    fn from_str(text: &str) -> Result<Self, NoAddresses> {
        let wrong = || NoAddresses(text.to_owned());
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.trim().parse().map_err(|_| wrong()))?;
        if bits > most { Err(wrong()) } else { Ok(Self { address, bits }) }
    }
}

impl Addresses {
    fn holds(self, other: IpAddr) -> bool {
        match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                u32::from(own) & mask == u32::from(other) & mask
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                u128::from(own) & mask == u128::from(other) & mask
            }
            _ => false,
        }
    }
}

/// What is left to a client.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// What is known of a client.
struct Known {
    bucket: Mutex<Bucket>,
    /// As many as it may open more subscriptions.
    listeners: Arc<Semaphore>,
}

/// What came of spending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    pub budget: u64,
    pub left: u64,
    /// How long until as much is there as was wanted; zero if it was.
    pub wait: Duration,
}

/// The clients and what is left to each.
pub struct Clients {
    /// What each may ask in a minute; 0 for as much as they like.
    budget: u64,
    proxies: Vec<Addresses>,
    known: Cache<IpAddr, Arc<Known>>,
}

impl Clients {
    pub fn new(budget: u64, proxies: Vec<Addresses>) -> Self {
        Self { budget, proxies, known: Cache::new(MOST_CLIENTS) }
    }

    /// The client that asks; `None` for one without a budget.
    pub fn who(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        if self.budget == 0 {
            return None;
        }
        let peer = peer?.ip().to_canonical();
        let is_proxy = |address: IpAddr| self.is_proxy(address);
        if !is_proxy(peer) {
            return Some(household(peer));
        }
        // The last entry is the nearest proxy's; what stands before the first that is none of ours, anybody may have written.
        let entries = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let mut entries: Vec<&str> =
            entries.flat_map(|value| value.split(',')).map(str::trim).filter(|entry| !entry.is_empty()).collect();
        while let Some(entry) = entries.pop() {
            // Without an address there is nobody to hold to account but the proxy.
            let Ok(address) = entry.parse::<IpAddr>().map(|address| address.to_canonical()) else { return Some(household(peer)) };
            if !is_proxy(address) {
                return Some(household(address));
            }
        }
        if peer.is_loopback() { None } else { Some(household(peer)) }
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        address.is_loopback() || self.proxies.iter().any(|proxy| proxy.holds(address))
    }

    /// Whoever connects, unless it connects for others.
    pub fn household_of(&self, peer: SocketAddr) -> Option<IpAddr> {
        let address = peer.ip().to_canonical();
        (!self.is_proxy(address)).then(|| household(address))
    }

    /// Takes a cost off what is left to a client, if as much is left.
    pub fn spend(&self, client: IpAddr, cost: u64, now: Instant) -> Account {
        let full = as_float(self.budget);
        let known = self.known(client, now);
        let mut bucket = known.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let refill = now.saturating_duration_since(bucket.at).as_secs_f64() / WINDOW.as_secs_f64() * full;
        bucket.left = (bucket.left + refill).min(full);
        bucket.at = bucket.at.max(now);
        // One question that costs more than a whole budget is answered once the budget is whole.
        let missing = as_float(cost).min(full) - bucket.left;
        let wait = if missing > 0.0 { WINDOW.mul_f64(missing / full) } else { Duration::ZERO };
        if wait.is_zero() {
            bucket.left = (bucket.left - as_float(cost)).max(0.0);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nothing and the budget")]
        let left = bucket.left as u64;
        Account { budget: self.budget, left, wait }
    }

    /// Lets a client open a subscription, until the permit is dropped; `None` if it has as many as it may.
    pub fn listen(&self, client: IpAddr, now: Instant) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.known(client, now).listeners).try_acquire_owned().ok()
    }

    fn known(&self, client: IpAddr, now: Instant) -> Arc<Known> {
        let fresh = || {
            let bucket = Mutex::new(Bucket { left: as_float(self.budget), at: now });
            Ok::<_, Infallible>(Arc::new(Known { bucket, listeners: Arc::new(Semaphore::new(MOST_SUBSCRIPTIONS)) }))
        };
        let Ok(known) = self.known.get_or_insert_with(&client, fresh);
        known
    }
}

impl Account {
    /// How the client stands, as it is told.
    pub fn headers(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let policy = format!("\"cost\";q={};w={}", self.budget, WINDOW.as_secs());
        let state = format!("\"cost\";r={};t={}", self.left, WINDOW.as_secs());
        for (name, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, state)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        headers
    }
}

#[expect(clippy::cast_precision_loss, reason = "costs are far below 2^52")]
const fn as_float(cost: u64) -> f64 {
    cost as f64
}

/// Whom an address stands for.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_read_and_hold_addresses() {
        for (network, address, expected) in [
            ("10.0.0.0/8", "10.9.8.7", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("0.0.0.0/0", "1.2.3.4", true),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "1.2.3.4", false),
        ] {
            let addresses: Addresses = network.parse().expect("a network");
            assert_eq!(addresses.holds(address.parse().expect("an address")), expected, "{addresses:?} {address}");
        }
        for wrong in ["", "10.0.0.0/33", "::/129", "10.0.0", "10.0.0.0/x", "example.org"] {
            assert!(wrong.parse::<Addresses>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_client_is_whom_the_proxies_name() {
        let clients = Clients::new(100, vec!["10.0.0.0/8".parse().expect("a network")]);
        for (peer, forwarded, expected) in [
            ("203.0.113.9:1", None, Some("203.0.113.9")),
            // Who is no proxy may say what he likes.
            ("203.0.113.9:1", Some("198.51.100.1"), Some("203.0.113.9")),
            ("10.1.1.1:1", Some("198.51.100.1"), Some("198.51.100.1")),
            ("10.1.1.1:1", Some("8.8.8.8, 198.51.100.1, 10.2.2.2"), Some("198.51.100.1")),
            ("10.1.1.1:1", Some("nobody"), Some("10.1.1.1")),
            ("10.1.1.1:1", None, Some("10.1.1.1")),
            ("127.0.0.1:1", Some(""), None),
            ("127.0.0.1:1", None, None),
            ("[::1]:1", Some("198.51.100.1"), Some("198.51.100.1")),
            ("[::ffff:203.0.113.9]:1", None, Some("203.0.113.9")),
            ("[2001:db8:1:2:3:4:5:6]:1", None, Some("2001:db8:1:2::")),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(forwarded) = forwarded {
                headers.insert(FORWARDED_FOR, HeaderValue::from_static(forwarded));
            }
            let expected = expected.map(|address| address.parse::<IpAddr>().expect("an address"));
            assert_eq!(clients.who(peer.parse().ok(), &headers), expected, "{peer} {forwarded:?}");
        }
        assert_eq!(Clients::new(0, Vec::new()).who("203.0.113.9:1".parse().ok(), &HeaderMap::new()), None);
    }

    #[test]
    fn a_budget_is_spent_and_refills() {
        let clients = Clients::new(600, Vec::new());
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        for (client, cost, seconds, left, wait) in [
            (one, 500, 0, 100, 0),
            (other, 600, 0, 0, 0),
            // Ten a second come back.
            (one, 200, 0, 100, 10),
            (one, 200, 5, 150, 5),
            (one, 200, 10, 0, 0),
            (one, 1_000, 40, 300, 30),
            (one, 1_000, 70, 0, 0),
            (other, 1, 3_600, 599, 0),
        ] {
            let account = clients.spend(client, cost, at(seconds));
            assert_eq!((account.budget, account.left), (600, left), "{client} {cost} {seconds}");
            let difference = account.wait.abs_diff(Duration::from_secs(wait));
            assert!(difference < Duration::from_millis(1), "{client} {cost} {seconds}: {:?}", account.wait);
        }
    }
}
