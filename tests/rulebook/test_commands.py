"""`panoh rulebook check` and `show`, as an operator runs them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from panoh.__main__ import run
from panoh.rulebook.reasoning import _sentences, length_in_words, sentence_codes


def test_check_says_that_a_country_is_sound_and_what_it_holds(capsys):
    assert run(["rulebook", "check", "--country", "tj", "--unverified"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Tajikistan: the rulebook is sound")
    assert "procedure asylum version 1" in shown
    assert "asylum.commission_quorum from 2002-05-10" in shown
    assert "asylum.commission_decision from 2014-07-26" not in shown


def test_check_lists_every_error_with_file_and_line(copy, capsys):
    path = copy / "procedures/membership.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("to: on_hold", "to: on_old"), encoding="utf-8")
    path = copy / "law/statutes.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("amount: 14", "amount: many"), encoding="utf-8")
    assert run(["rulebook", "check", "--country", str(copy)]) == 1
    shown = capsys.readouterr()
    assert f"{copy}/procedures/membership.yaml:" in shown.out
    assert "unknown state 'on_old'" in shown.out and "did you mean 'on_hold'?" in shown.out
    assert "'amount' must be a whole number, not 'many'" in shown.out
    assert "errors in" in shown.err


def test_a_broken_rulebook_in_use_is_told_without_a_traceback(copy):
    """The site cannot start on it, and `check` itself must still say why."""
    path = copy / "procedures/membership.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("to: on_hold", "to: on_old"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "panoh", "rulebook", "check"],
        env={**os.environ, "PANOH_COUNTRY": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert [line for line in (done.stdout + done.stderr).splitlines() if "unknown state 'on_old'" in line]


def test_check_of_a_directory_that_is_none(tmp_path, capsys):
    assert run(["rulebook", "check", "--country", str(tmp_path / "nowhere")]) == 1
    assert "the file is missing" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "ru", "tg", "prs"])
def test_show_prints_a_procedure_in_each_language(capsys, tajikistan, language):
    assert run(["rulebook", "manual", "asylum", "--country", "tj", "--language", language]) == 0
    shown = capsys.readouterr().out
    procedure = tajikistan.procedures["asylum"][-1]
    for part in (procedure.states, procedure.actions, procedure.clocks, procedure.safeguards):
        assert all(one.titles[language] in shown for one in part.values())
    assert tajikistan.cite("refugees_law.6.11", language) in shown


def test_show_of_what_is_not_there_says_what_is(capsys, copy):
    assert run(["rulebook", "manual", "asylum", "--country", str(copy)]) == 1
    assert "Known: membership" in capsys.readouterr().err
    assert run(["rulebook", "manual", "membership", "--country", str(copy), "--on", "1960-01-01"]) == 1


# -- the sentences ----------------------------------------------------------------------------------------------------


def test_every_sentence_stands_in_every_language_with_the_same_places():
    for code, texts in _sentences()["sentences"].items():
        places = {
            language: sorted(part.split("}")[0] for part in text.split("{")[1:]) for language, text in texts.items()
        }
        assert set(texts) == {"en", "ru", "tg", "prs"}, code
        assert len(set(map(tuple, places.values()))) == 1, (code, places)
    assert "due" in sentence_codes()


@pytest.mark.parametrize(
    ("number", "language", "words"),
    [
        (1, "en", "1 working day"),
        (10, "en", "10 working days"),
        (1, "ru", "1 рабочий день"),
        (3, "ru", "3 рабочих дня"),
        (11, "ru", "11 рабочих дней"),
        (21, "ru", "21 рабочий день"),
        (112, "ru", "112 рабочих дней"),
        (10, "tg", "10 рӯзи корӣ"),
        (10, "prs", "۱۰ روز کاری"),
        (2, "de", "2 working days"),
    ],
)
def test_lengths_have_the_plural_of_their_language(number, language, words):
    assert length_in_words(number, "working_days", language) == words
