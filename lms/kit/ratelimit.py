"""A fixed-window counter on the shared cache for public pages."""

from allauth.core.internal.httpkit import get_client_ip  # the visitor's, also behind a proxy
from django.core.cache import cache
from django.http import HttpRequest


def within_limit(request: HttpRequest, *, action: str, limit: int, seconds: int) -> bool:
    """Count this request; False once an address has asked more than `limit` times in the window.

    While the cache is away nothing is counted and everybody is let in.
    """
    key = f"limit:{action}:{get_client_ip(request)}"
    if cache.add(key, 1, timeout=seconds):
        return True
    try:
        return (cache.incr(key) or 0) <= limit
    except ValueError:  # the window ended between the two calls
        cache.set(key, 1, timeout=seconds)
        return True
