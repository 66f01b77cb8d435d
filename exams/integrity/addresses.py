"""As much of a network address as is needed to see that it changed, and no more."""

import ipaddress

from lms.kit.crypto import lookup_hash


def masked(address: str) -> str:
    """`10.0.*.*`, `2001:db8:*`; "?" for what is no address."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if known.version == 4:
        first, second, *_ = str(known).split(".")
        return f"{first}.{second}.*.*"
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    if mapped is not None:
        return masked(str(mapped))
    return ":".join(group.lstrip("0") or "0" for group in known.exploded.split(":")[:2]) + ":*"


def fingerprint(address: str, *, attempt_key: str) -> str:
    """Tells addresses of one attempt apart; says nothing across attempts, and cannot be read back."""
    return lookup_hash(f"address:{attempt_key}", address)[:24]
