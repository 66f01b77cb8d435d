"""Videos come whole or in ranges, to people signed in."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model

from tests.conftest import Characters

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def address(settings, tmp_path) -> str:
    settings.MEDIA_ROOT = str(tmp_path)
    document = get_document_model().objects.create(title="片", file=ContentFile(CONTENT, name="a.webm"))
    return f"/library/video/{document.pk}/"


@pytest.fixture
def member(client: Client, characters: Characters) -> Client:
    client.force_login(characters.own_learner)
    return client


def test_a_video_comes_whole(member: Client, address: str) -> None:
    response = member.get(address)
    assert (response.status_code, response["Content-Type"], response["Accept-Ranges"]) == (200, "video/webm", "bytes")
    assert b"".join(response.streaming_content) == CONTENT


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=255000-", 255000, 255999), ("bytes=10-9999999", 10, 255999)],
)
def test_a_video_comes_in_ranges(member: Client, address: str, asked: str, first: int, last: int) -> None:
    response = member.get(address, headers={"Range": asked})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/256000"
    assert b"".join(response.streaming_content) == CONTENT[first : last + 1]


def test_a_range_beyond_the_end_is_refused(member: Client, address: str) -> None:
    response = member.get(address, headers={"Range": "bytes=256000-"})
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */256000")


def test_other_documents_are_not_videos(member: Client, address: str) -> None:
    document = get_document_model().objects.create(title="表", file=ContentFile(b"x", name="a.pdf"))
    assert member.get(f"/library/video/{document.pk}/").status_code == 404


def test_strangers_sign_in_first(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302
