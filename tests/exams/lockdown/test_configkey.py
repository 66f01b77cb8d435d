"""SEB-JSON and the Config Key agree with what Safe Exam Browser computes."""

import hashlib
import plistlib
from datetime import datetime

import pytest

from exams.lockdown.configkey import config_key, seb_json
from tests.exams.lockdown.vectors import MAC, MAC_KEY, WINDOWS, WINDOWS_KEY

PUBLISHED = pytest.mark.parametrize(
    ("settings", "key"), [(MAC, MAC_KEY), (WINDOWS, WINDOWS_KEY)], ids=["macOS", "Windows"]
)


@PUBLISHED
def test_the_key_is_the_one_that_the_browser_computes(settings, key):
    assert config_key(settings) == key


@PUBLISHED
def test_the_key_survives_the_property_list(settings, key):
    assert config_key(plistlib.loads(plistlib.dumps(settings))) == key


def test_who_wrote_the_file_does_not_matter():
    assert config_key({**MAC, "originatorVersion": "another"}) == MAC_KEY
    assert config_key({name: value for name, value in MAC.items() if name != "originatorVersion"}) == MAC_KEY


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"date": datetime.fromisoformat("1940-10-09T22:13:56")}, '{"date":"1940-10-09T22:13:56+00:00"}'),
        ({"data": b"blahblah"}, '{"data":"YmxhaGJsYWg="}'),
        ({"string": "hello wörld"}, '{"string":"hello wörld"}'),
        ({"string": "ws:\\localhost"}, '{"string":"ws:\\localhost"}'),
        ({"string": "^.*?:\\/\\/x$"}, '{"string":"^.*?:\\/\\/x$"}'),
        ({"bool": True, "array": []}, '{"array":[],"bool":true}'),
        ({"bool": True, "emptydict": {}, "nested": {"inner": {}}}, '{"bool":true}'),
        ({"array": [False, True]}, '{"array":[false,true]}'),
        ({"dict": {"banana": False, "apple": True}}, '{"dict":{"apple":true,"banana":false}}'),
        ({"array": [{"b": 1, "A": 2}]}, '{"array":[{"A":2,"b":1}]}'),
        (
            {"testKey": "v", "allowWLAN": "upper", "allowWlan": "lower"},
            '{"allowWlan":"lower","allowWLAN":"upper","testKey":"v"}',
        ),
        ({"real": 0.10000000000000001, "integer": 120000}, '{"integer":120000,"real":0.1}'),
        ({"url": "http://test.com"}, '{"url":"http://test.com"}'),
    ],
)
def test_each_kind_of_value_is_written_as_the_rules_say(settings, text):
    assert seb_json(settings) == text
    assert config_key(settings) == hashlib.sha256(text.encode()).hexdigest()


def test_what_no_property_list_holds_is_refused():
    with pytest.raises(TypeError, match="NoneType"):
        seb_json({"nothing": None})
