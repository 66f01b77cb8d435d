"""The product's settings with the bench's own addresses beside the product's."""

from lms.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench._attempts_urls"
