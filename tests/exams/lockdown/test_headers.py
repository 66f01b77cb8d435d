"""What a request proves: hashes of the address and a key, from headers or from the page's script."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from exams.lockdown.headers import (
    CONFIG_KEY_HEADER,
    EXAM_KEY_HEADER,
    PAGE_CONFIG_KEY_HEADER,
    PAGE_EXAM_KEY_HEADER,
    PAGE_HEADER,
    Claim,
    Keys,
    Proof,
    claims_in,
    request_hash,
)

ORIGIN, PATH = "https://exam.example.cn", "/exams/attempts/7/?page=2"
KEY, OTHER = hashlib.sha256(b"config").hexdigest(), hashlib.sha256(b"other").hexdigest()
FIRST_VERSION, SECOND_VERSION = hashlib.sha256(b"one").hexdigest(), hashlib.sha256(b"two").hexdigest()


def test_the_hash_is_made_of_address_and_key():
    assert request_hash("https://example.com/quiz", "ab") == hashlib.sha256(b"https://example.com/quizab").hexdigest()


def test_the_fragment_of_the_address_does_not_count():
    assert request_hash("https://example.com/quiz#q3", KEY) == request_hash("https://example.com/quiz", KEY)


def proof(headers, path=PATH, marks=None):
    return Proof(claims_in(headers, origin=ORIGIN, path=path), marks or {})


def test_the_right_header_is_proof_for_this_address_only():
    headers = {CONFIG_KEY_HEADER: request_hash(ORIGIN + PATH, KEY)}
    assert proof(headers).holds(1, Keys(KEY))
    assert proof({CONFIG_KEY_HEADER: headers[CONFIG_KEY_HEADER].upper()}).holds(1, Keys(KEY))
    assert not proof(headers, path="/exams/attempts/7/").holds(1, Keys(KEY))
    assert not proof(headers).holds(1, Keys(OTHER))
    assert not proof({}).holds(1, Keys(KEY))


def test_the_origin_is_ours_whatever_the_request_was_sent_to():
    headers = {CONFIG_KEY_HEADER: request_hash("https://evil.example" + PATH, KEY)}
    assert not proof(headers).holds(1, Keys(KEY))


def test_listed_versions_of_the_program_are_asked_for_too():
    keys = Keys(KEY, (FIRST_VERSION, SECOND_VERSION))
    right = {CONFIG_KEY_HEADER: request_hash(ORIGIN + PATH, KEY)}
    assert not proof(right).holds(1, keys)
    for version in keys.exam_keys:
        assert proof({**right, EXAM_KEY_HEADER: request_hash(ORIGIN + PATH, version)}).holds(1, keys)
    assert not proof({**right, EXAM_KEY_HEADER: request_hash(ORIGIN + PATH, OTHER)}).holds(1, keys)


def test_the_script_proves_it_with_the_address_of_its_page():
    page = f"{ORIGIN}/exams/attempts/7/"
    keys = Keys(KEY, (FIRST_VERSION,))
    headers = {
        PAGE_HEADER: page,
        PAGE_CONFIG_KEY_HEADER: request_hash(page, KEY),
        PAGE_EXAM_KEY_HEADER: request_hash(page, FIRST_VERSION),
    }
    assert proof(headers, path="/exams/attempts/7/save/").holds(1, keys)
    for foreign in ("https://evil.example/page", "https://exam.example.cn.evil.example/", ""):
        moved = {**headers, PAGE_HEADER: foreign, PAGE_CONFIG_KEY_HEADER: request_hash(foreign, KEY)}
        assert not proof(moved).holds(1, keys)


def test_a_mark_in_the_session_holds_for_its_exam_until_the_keys_change():
    marks = {7: Keys(KEY).mark}
    assert proof({}, marks=marks).holds(7, Keys(KEY))
    assert not proof({}, marks=marks).holds(8, Keys(KEY))
    assert not proof({}, marks=marks).holds(7, Keys(OTHER))
    assert not proof({}, marks=marks).holds(7, Keys(KEY, (FIRST_VERSION,)))


@given(st.text(max_size=80))
def test_no_text_but_the_hash_is_proof(text):
    claim = Claim(ORIGIN + PATH, text)
    assert claim.holds(Keys(KEY)) == (text.lower() == request_hash(ORIGIN + PATH, KEY))
