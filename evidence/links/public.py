"""Which network addresses the portal may speak to when it checks a link: those anybody could reach."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Beside what `is_global` refuses in every Python that the portal runs on.
RESERVED_V4 = [IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24")]
RESERVED_V6 = [IPv6Network("2001::/23"), IPv6Network("3fff::/20")]
UNICAST = IPv6Network("2000::/3")  # the only part of IPv6 that is given out
NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Say whether an address lies in the public network; False for anything that is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _is_public_v4(parsed)
    embedded = _embedded(parsed)
    if embedded is not None:
        return _is_public_v4(embedded)
    reserved = any(parsed in network for network in RESERVED_V6)
    return parsed in UNICAST and parsed.is_global and not reserved and parsed.scope_id is None


def _is_public_v4(address: IPv4Address) -> bool:
    reserved = any(address in network for network in RESERVED_V4)
    return address.is_global and not address.is_multicast and not reserved


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to, if it is of such a kind."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
