//! Floor 1: how far the net is open. An address that another person's word names (an outside place, a
//! way to a person) may lead to this machine or behind it: that is closed unless the file opens it. Names
//! are looked up here, so that what is checked is what is connected to. It asks nobody for anything else.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use url::{Host, Url};

/// Why a name is not gone to.
pub(crate) const PRIVATE: &str =
    "its address is in a private network, which the process file does not allow";
/// Why an address is not taken from the file.
pub(crate) const NOT_OPEN: &str =
    "it is in a private network; write `allow_private = true` if that is meant";

/// The address that stands in place of a name. Of schemes that are not the web's it stays a name.
pub(crate) fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
        Host::Domain(name) => name.parse().ok(),
    }
}

/// Looks names up for a client over HTTP.
pub(crate) struct Resolver {
    allow_private: bool,
}

impl Resolver {
    pub(crate) fn new(allow_private: bool) -> Arc<Self> {
        Arc::new(Self { allow_private })
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = addresses(name.as_str(), 0, allow_private).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// What a name stands for, as far as it may be gone to.
pub(crate) async fn addresses(
    host: &str,
    port: u16,
    allow_private: bool,
) -> io::Result<Vec<SocketAddr>> {
    let found = tokio::net::lookup_host((host, port)).await?;
    let (open, closed): (Vec<SocketAddr>, Vec<_>) =
        found.partition(|found| allow_private || is_public(found.ip()));
    match open.is_empty() && !closed.is_empty() {
        true => Err(io::Error::other(PRIVATE)),
        false => Ok(open),
    }
}

/// Why a name leads nowhere, without the name.
pub(crate) fn why_not(error: &io::Error) -> &'static str {
    match error.to_string() == PRIVATE {
        true => PRIVATE,
        false => "its name is not known",
    }
}

/// Whether a request failed because the name leads where it may not.
pub(crate) fn is_closed(error: &reqwest::Error) -> bool {
    let mut at = std::error::Error::source(error);
    while let Some(source) = at {
        if source.to_string().contains(PRIVATE) {
            return true;
        }
        at = source.source();
    }
    false
}

/// Not of this machine, of a network behind it, or of no use as an address at all.
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            let benchmarks = a == 198 && (18..20).contains(&b);
            let special = ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_broadcast()
                || ip.is_documentation()
                || ip.is_multicast();
            !special && !shared && !benchmarks && a != 0 && a < 240
        }
        IpAddr::V6(ip) => {
            let embedded = ip.to_ipv4_mapped().or_else(|| match ip.segments() {
                // Addresses translated to the older kind, and tunnels to it.
                [0x64, 0xff9b, 0, 0, 0, 0, hi, lo] | [0x2002, hi, lo, ..] => {
                    let [a, b] = hi.to_be_bytes();
                    let [c, d] = lo.to_be_bytes();
                    Some([a, b, c, d].into())
                }
                _ => None,
            });
            if let Some(ip) = embedded {
                return is_public(IpAddr::V4(ip));
            }
            // Whatever else is not of the network that all share.
            ip.segments()[0] & 0xe000 == 0x2000 && ip.segments()[..2] != [0x2001, 0xdb8]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_behind_this_machine_is_not_public() {
        let private = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
        ];
        for ip in private {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["8.8.8.8", "172.32.0.1", "2a00:1450::1", "::ffff:8.8.8.8"] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }
}
