"""The translation catalogues: every text taken out, one language never in another's file, a lost placeholder found."""

import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from panoh.web import catalogues

PYTHON = """
from django.utils.translation import gettext as _, ngettext
A = _("A plain text")
B = ngettext("%(number)s day", "%(number)s days", 3)
"""
TEMPLATE = """{% load i18n %}<p>{% translate "From a template" %}</p>
<p>{% blocktranslate count counter=n %}One answer{% plural %}{{ counter }} answers{% endblocktranslate %}</p>"""


@pytest.fixture
def root(tmp_path) -> Path:
    room = tmp_path / "panoh" / "room"
    (room / "templates" / "room").mkdir(parents=True)
    (room / "views.py").write_text(PYTHON)
    (room / "templates" / "room" / "page.html").write_text(TEMPLATE)
    return tmp_path


def translate(root: Path, language: str, change: dict[str, object]) -> None:
    """Fill a catalogue: each message by its own text, those in `change` as told."""
    path = catalogues.path_of(root, language)
    catalogue = catalogues._read(path, language)
    for message in catalogue:
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        whole = message.id if isinstance(message.id, str) else (message.id[1],) * catalogue.num_plurals
        message.string = change.get(key, whole)
        message.flags.discard("fuzzy")
    with open(path, "wb") as file:
        catalogues.write_po(file, catalogue)


def faults_about(root: Path, text: str) -> list[str]:
    return [fault.what for fault in catalogues.check(root) if fault.message == text]


def translate_all(root: Path, **change: dict[str, object]) -> None:
    for language in catalogues.LANGUAGES:
        translate(root, language, change.get(language, {}))


def test_extract_finds_python_templates_and_the_messages_of_libraries(root):
    found = {message.id for message in catalogues.collect(root) if message.id}
    assert {"A plain text", "From a template", "This field is required."} <= found
    assert ("%(number)s day", "%(number)s days") in found
    assert ("One answer", "%(counter)s answers") in found


def test_proposals_come_from_the_libraries_and_stay_in_their_language(root):
    catalogues.update(root)
    required = {
        language: catalogues._read(catalogues.path_of(root, language), language)["This field is required."]
        for language in catalogues.LANGUAGES
    }
    assert required["ru"].string == "Обязательное поле."
    assert required["tg"].string == "Майдони ҳатмӣ."
    assert required["prs"].fuzzy, "Persian is a proposal for Dari, never the answer"
    assert not required["tg"].fuzzy


def test_extracting_twice_changes_nothing_and_keeps_what_was_translated(root):
    catalogues.update(root)
    translate(root, "tg", {"A plain text": "Матн"})
    catalogues.update(root)
    first = catalogues.path_of(root, "tg").read_bytes()
    catalogues.update(root)
    assert catalogues.path_of(root, "tg").read_bytes() == first
    assert "Матн".encode() in first


def test_a_whole_catalogue_passes(root):
    catalogues.update(root)
    translate_all(root)
    assert catalogues.check(root) == []


@pytest.mark.parametrize(
    ("language", "text", "wrong", "what"),
    [
        ("tg", "A plain text", "", "untranslated"),
        ("tg", "%(number)s day", ("%(number)s рӯз", "рӯзҳо"), "placeholders"),
        ("prs", "%(number)s day", ("%(count)s روز", "%(number)s روز"), "placeholders"),
        ("ru", "One answer", ("Один ответ", "%(counter)s ответа", "%(counter)s ответов"), "placeholders"),
        ("ru", "A plain text", " Текст", "space"),
    ],
)
def test_check_finds_what_is_wrong(root, language, text, wrong, what):
    catalogues.update(root)
    translate_all(root, **{language: {text: wrong}})
    assert any(what in found for found in faults_about(root, text))


def test_check_lets_the_form_for_one_leave_out_its_number_where_it_serves_one_alone(root):
    catalogues.update(root)
    translate_all(root, tg={"One answer": ("Як ҷавоб", "%(counter)s ҷавоб")})
    assert catalogues.check(root) == []


def test_check_finds_a_catalogue_that_is_out_of_step(root):
    catalogues.update(root)
    translate_all(root)
    page = root / "panoh" / "room" / "views.py"
    page.write_text(PYTHON.replace("A plain text", "Another text"))
    assert faults_about(root, "Another text")
    assert faults_about(root, "A plain text")


def test_check_names_a_language_that_is_missing(root):
    catalogues.update(root)
    shutil.rmtree(root / "locale" / "prs")
    assert [fault.language for fault in catalogues.check(root) if fault.what == "no catalogue"] == ["prs"]


def test_what_is_written_can_be_read_by_gettext(root, tmp_path):
    import gettext
    import io

    from babel.messages.mofile import write_mo

    catalogues.update(root)
    translate_all(root, ru={"%(number)s day": ("%(number)s день", "%(number)s дня", "%(number)s дней")})
    with open(catalogues.path_of(root, "ru"), "rb") as file:
        catalogue = read_po(file)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    russian = gettext.GNUTranslations(compiled)
    assert [russian.ngettext("%(number)s day", "%(number)s days", n) % {"number": n} for n in (1, 2, 5, 21)] == [
        "1 день", "2 дня", "5 дней", "21 день",
    ]  # fmt: skip
