"""Fixtures of the library's tests."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def counted() -> Callable[[Callable[[], object]], int]:
    """The number of queries that a call makes."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count
