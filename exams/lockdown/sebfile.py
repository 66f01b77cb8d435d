"""The settings of Safe Exam Browser for one exam, and the .seb file that holds them (pure).

The same input gives the same bytes, so the Config Key that is stored is the one that the browser computes. The file is
not encrypted: whoever has it can read it, but not change it without another Config Key.
"""

import base64
import hashlib
import plistlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

MEDIA_TYPE = "application/seb"
ALLOW = 1  # what a rule of the address filter does
SAME_WINDOW, BLOCKED = 1, 0  # what becomes of links that ask for a new window
MODERN_VIEW = 3

# Same for every exam. Answers live in the browser's storage until the server has them, so that is kept; switching
# input methods, zooming and the aids of the operating system stay possible.
FIXED: dict[str, Any] = {
    "originatorVersion": "Sanzhen",
    "sebConfigPurpose": 0,
    "sendBrowserExamKey": True,
    "browserURLSalt": True,
    "browserWindowWebView": MODERN_VIEW,
    "examSessionClearCookiesOnStart": True,
    "examSessionClearCookiesOnEnd": True,
    "examSessionReconfigureAllow": False,
    "removeLocalStorage": False,
    "quitURLConfirm": True,
    "quitURLRestart": False,
    "ignoreExitKeys": True,
    "allowQuit": True,
    "allowPreferencesWindow": False,
    "allowDeveloperConsole": False,
    "allowBrowsingBackForward": False,
    "browserWindowAllowReload": True,
    "showReloadButton": True,
    "showReloadWarning": False,
    "newBrowserWindowByLinkPolicy": SAME_WINDOW,
    "newBrowserWindowByScriptPolicy": BLOCKED,
    "blockPopUpWindows": True,
    "allowDownUploads": False,
    "allowSpellCheck": False,
    "allowDictionaryLookup": False,
    "allowSiri": False,
    "allowDictation": False,
    "allowScreenSharing": False,
    "allowVirtualMachine": False,
    "allowDisplayMirroring": False,
    "allowedDisplaysMaxNumber": 1,
    "allowSwitchToApplications": False,
    "enablePrivateClipboard": True,
    "enablePrintScreen": False,
    "enableZoomPage": True,
    "enableZoomText": True,
    "insideSebEnableEaseOfAccess": True,
    "showInputLanguage": True,
    "showTaskBar": True,
    "showTime": True,
    "URLFilterEnable": True,
    "URLFilterEnableContentFilter": False,
}


def settings_for(
    *, origin: str, start_path: str, quit_path: str, exam_key_salt: bytes, quit_password_hash: str
) -> dict[str, Any]:
    """The settings: opens the exam's page, reaches nothing but our origin, quits where the result page says so."""
    rule = {"action": ALLOW, "active": True, "expression": f"{urlsplit(origin).netloc}/*", "regex": False}
    return {
        **FIXED,
        "startURL": origin + start_path,
        "quitURL": origin + quit_path,
        "hashedQuitPassword": quit_password_hash,
        "examKeySalt": exam_key_salt,
        "URLFilterRules": [rule],
    }


def file_of(settings: Mapping[str, Any]) -> bytes:
    """The .seb file: a property list."""
    return plistlib.dumps(dict(settings), fmt=plistlib.FMT_XML, sort_keys=True)


def quit_hash(password: str) -> str:
    """As the browser compares it; "" for no password."""
    return hashlib.sha256(password.encode()).hexdigest() if password else ""


def storable(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as JSON can hold them."""
    return {
        name: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in settings.items()
    }


def from_stored(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Inverse of `storable`."""
    return {
        name: base64.b64decode(value["base64"]) if isinstance(value, dict) and set(value) == {"base64"} else value
        for name, value in stored.items()
    }
