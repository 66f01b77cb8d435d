"""The .seb file: reproducible, and its key is the one that the browser will compute."""

import plistlib

from exams.lockdown.configkey import config_key
from exams.lockdown.sebfile import file_of, from_stored, quit_hash, settings_for, storable

FACTS = {
    "origin": "https://exam.example.cn:8443",
    "start_path": "/exams/7/",
    "quit_path": "/exams/seb/quit/",
    "exam_key_salt": bytes(range(32)),
    "quit_password_hash": quit_hash("secret"),
}


def test_the_same_exam_gives_the_same_file():
    assert file_of(settings_for(**FACTS)) == file_of(settings_for(**FACTS))


def test_the_file_says_what_the_exam_needs():
    read = plistlib.loads(file_of(settings_for(**FACTS)))
    assert read["startURL"] == "https://exam.example.cn:8443/exams/7/"
    assert read["quitURL"] == "https://exam.example.cn:8443/exams/seb/quit/"
    assert read["hashedQuitPassword"] == "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
    assert read["examKeySalt"] == bytes(range(32))
    assert read["sendBrowserExamKey"] is True
    assert read["URLFilterRules"] == [
        {"action": 1, "active": True, "expression": "exam.example.cn:8443/*", "regex": False}
    ]


def test_answers_in_the_browsers_storage_survive_its_restart():
    assert settings_for(**FACTS)["removeLocalStorage"] is False


def test_the_key_of_the_file_is_the_key_of_the_settings_also_after_storing_them():
    settings = settings_for(**FACTS)
    assert config_key(plistlib.loads(file_of(settings))) == config_key(settings)
    assert from_stored(storable(settings)) == settings


def test_no_password_leaves_no_hash():
    assert quit_hash("") == ""
