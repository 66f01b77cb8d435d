"""Two handlers in one process: the product with all its middleware, the floors with session and person only."""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench._attempts_settings")

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

product = get_wsgi_application()
middleware, settings.MIDDLEWARE = (
    settings.MIDDLEWARE,
    [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
)
bare = WSGIHandler()
settings.MIDDLEWARE = middleware


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """By address."""
    handler = bare if environ["PATH_INFO"].startswith("/floor/") else product
    return handler(environ, start_response)
