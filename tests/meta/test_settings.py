"""Every setting an operator may make is documented, and every documented one is real."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils import translation

from panoh.project.installation import ROOT
from tests.meta.sources import python_files

OURS = re.compile(r"""environ(?:\.get\(|\[)\s*["'](PANOH_\w+|DATABASE_URL|PGBIN)["']|\$\{?(PANOH_\w+)""")
# Set by one part of Panoh for another; not for people.
INTERNAL = {"PANOH_ROOT", "PANOH_PYTHON_IN_VENV", "PANOH_SERVING", "PANOH_SERVED_BY"}


def settings_in_code() -> set[str]:
    files = [*python_files("panoh", "bin"), *(path for path in (ROOT / "bin").iterdir() if path.is_file())]
    found = {match[0] or match[1] for path in files for match in OURS.findall(path.read_text())}
    return found - INTERNAL


def settings_in_documentation() -> set[str]:
    text = (ROOT / "docs" / "operations.md").read_text()
    return set(re.findall(r"^\| `(PANOH_\w+|DATABASE_URL|PGBIN)` \|", text, re.MULTILINE))


def test_every_setting_is_documented():
    assert settings_in_code() - settings_in_documentation() == set()


def test_every_documented_setting_is_read():
    assert settings_in_documentation() - settings_in_code() == set()


def test_dari_is_a_language_of_its_own_written_from_right_to_left():
    with translation.override("prs"):
        assert translation.get_language_bidi()
    assert translation.get_language_info("prs")["name_local"] == "دری"
    assert [code for code, _ in settings.LANGUAGES] == ["en", "ru", "tg", "prs"]


def test_passwords_are_hashed_with_argon2_outside_the_tests():
    text = (ROOT / "panoh" / "project" / "settings.py").read_text()
    first = re.search(r"PASSWORD_HASHERS = \[\s*\"([\w.]+)\"", text)[1]
    assert first.endswith("Argon2PasswordHasher")
