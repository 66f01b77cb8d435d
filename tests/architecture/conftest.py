"""One world for all tests of a module; what a test changes is undone."""

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.architecture.access_world import World, build_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Written once and rolled back when the module is done."""
    quiet = logging.getLogger("django.request")
    before = quiet.level
    quiet.setLevel(logging.CRITICAL)  # thousands of refusals are what these tests ask for
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)
    quiet.setLevel(before)
