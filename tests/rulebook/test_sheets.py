"""The score sheet of a sitting: each mistake is told with its line and how to mend it, and the manual says how a panel scores."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from panoh import rulebook
from panoh.project.installation import ROOT
from panoh.rulebook import RulebookError
from panoh.rulebook.manual import write_manual

DAFI = Path("procedures/dafi.yaml")


@pytest.fixture(scope="module")
def country(tmp_path_factory) -> Path:
    copied = tmp_path_factory.mktemp("country") / "tj"
    shutil.copytree(ROOT / "countries" / "tj", copied)
    return copied


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("          weight: 40\n", "          weight: 41\n", "the weights of the criteria come to 101"),
        ("          highest: 10\n", "          highest: 0\n", "'academic' runs from 0 to 0"),
        ("          weight: 40\n", "          weight: 0\n", "a criterion weighs more than nothing"),
        ("      decides: select\n", "      decides: sellect\n", "unknown action 'sellect'"),
        ("      decides: select\n", "      decides: sign\n", "the sitting 'committee' does not decide 'sign'"),
        ("      fills: outcome\n", "      fills: outcom\n", "'select' asks for no 'outcom'"),
        ("ranked: [selected, waiting_list]", "ranked: [selected, waiting]", "'outcome' is never 'waiting'"),
        ("      rest: not_selected\n", "      rest: selected\n", "an answer stands twice"),
        ("      least: 50\n", "      least: 500\n", "a score is at most 100"),
        ("ranked: [selected, waiting_list]", "ranked: []", "names no answer of which there are places"),
        ("      fills: outcome\n", "      fils: outcome\n", "fils"),
        (
            "        choices: outcomes\n",
            "        choices: outcomes\n      reasons:\n        kind: long_text\n        required: true\n"
            "        titles: {en: Why, ru: Почему, tg: Чаро, prs: چرا}\n",
            "also asks for 'reasons', which a ranking cannot answer",
        ),
    ],
)  # fmt: skip
def test_a_wrong_sheet_is_refused_with_its_line(country, old, new, message):
    path = country / DAFI
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    try:
        with pytest.raises(RulebookError) as refused:
            rulebook.load(country)
    finally:
        path.write_text(text)
    told = [line for line in str(refused.value).splitlines() if message in line]
    assert told and "dafi.yaml:" in told[0], str(refused.value)


@pytest.mark.parametrize("language", ["en", "ru", "tg", "prs"])
def test_the_manual_says_how_the_panel_scores(language):
    book = rulebook.current()
    definition = book.procedures["dafi"][-1]
    sheet = definition.sittings["committee"].scores
    text = write_manual(definition, book, language)
    assert sheet.name in text and "nobody below 50" in text
    for one in sheet.criteria.values():
        assert f"{one.titles[language]}: {one.lowest} to {one.highest}, weight {one.weight} of 100" in text
