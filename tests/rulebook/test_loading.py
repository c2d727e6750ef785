"""Loading a country: everything wrong is found at once, with file, line and how to mend it."""

from __future__ import annotations

import re
import shutil
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from panoh import rulebook
from panoh.rulebook import NoRuleInForce, RulebookError, load
from panoh.rulebook.yaml_source import Item

STATUTES, MEMBERSHIP = "law/statutes.yaml", "procedures/membership.yaml"

BROKEN = [
    # (file, what is replaced, by what, what the message must say)
    ("country.yaml", "time_zone: UTC", "time_zone: Mars/Olympus", "unknown time zone 'Mars/Olympus'"),
    ("country.yaml", "weekend: [sunday]", "weekend: [sonntag]", "'sonntag' is not a day of the week"),
    ("country.yaml", ", prs: کلوپ شطرنج}", "}", "'titles' of the file is not translated into prs"),
    ("country.yaml", "calendars:", "calendar:", "unknown key 'calendar' in the file — did you mean 'calendars'?"),
    ("country.yaml", "languages: [en,", "languages: [de,", "Panoh has no texts in 'de'"),
    ("country.yaml", "code: chess", "code: chess\ncode: chess", "'code' stands twice"),
    ("country.yaml", "roles:", "roles: {", "not valid YAML"),
    # -- law
    (STATUTES, "    source: the notice board\n    confidence: verified\n\nprovisions", "    confidence: verified\n\nprovisions", "has no 'source'"),
    (STATUTES, "confidence: verified", "confidence: certain", "'confidence' cannot be 'certain'"),
    (STATUTES, "act: statutes\n    article: \"3\"", "act: statute\n    article: \"3\"", "unknown act 'statute' — did you mean 'statutes'?"),
    (STATUTES, "provision: statutes.board", "provision: statutes.bord", "unknown provision 'statutes.bord' — did you mean 'statutes.board'?"),
    (STATUTES, "      - from: 2020-01-01", "      - from: 1970-01-01", "two versions begin on 1970-01-01"),
    (STATUTES, "      - from: 1970-01-01\n        amount: 6", "      - from: 1970-01-01\n        to: 2019-01-01\n        amount: 6", "gap: nothing is in force from 2019-01-01 until 2020-01-01"),
    (STATUTES, "      - from: 1970-01-01\n        amount: 6", "      - from: 1970-01-01\n        to: 2021-01-01\n        amount: 6", "overlap: this version ends on 2021-01-01, the next begins on 2020-01-01"),
    (STATUTES, "        to: 2040-01-01\n        amount: 12", "        to: 1960-01-01\n        amount: 12", "ends on 1960-01-01, before it begins"),
    (STATUTES, "        to: 2040-01-01\n        amount: 12", "        amount: 12", "outlives its provision 'statutes.fees'"),
    (STATUTES, "      - from: 1970-01-01\n        number: 2", "      - from: 1969-01-01\n        number: 2", "before its provision 'statutes.board'"),
    (STATUTES, "        month_end: roll\n", "", "must say what happens at a month's end"),
    (STATUTES, "unit: working_days", "unit: workdays", "'unit' cannot be 'workdays' — did you mean 'working_days'?"),
    (STATUTES, "amount: 6", "amount: six", "'amount' must be a whole number, not 'six'"),
    (STATUTES, "amount: 6", "amount: 0", "must be more than nothing"),
    (STATUTES, "        number: 2", "        number: 2\n        yes: true", "a value is one of"),
    (STATUTES, "from: 1970-01-01\n        amount: 6", "from: 1 Jan 1970\n        amount: 6", "'from' is not a day: '1 Jan 1970' — write days as 2002-05-10"),
    (STATUTES, "  covers: {from: 1970-01-01, to: 2040-12-31}\n", "", "holidays must say which days they cover"),
    (STATUTES, "month: 7\n      day: 20", "month: 6\n      day: 31", "there is no day 31 in month 6"),
    # -- codes and places
    ("codes/strengths.csv", "نوآموز", "", "'BEGINNER' has no title in prs"),
    ("codes/strengths.csv", "MASTER,", "PLAYER,", "the code 'PLAYER' stands twice"),
    ("codes/strengths.csv", "نوآموز,,,the notice board", "نوآموز,,,", "the code 'BEGINNER' has no source"),
    ("codes/strengths.csv", "نوآموز,,,", "نوآموز,yesterday,,", "'valid_from' is not a day: 'yesterday'"),
    ("codes/strengths.csv", "نوآموز,,,", "نوآموز,2020-01-01,2019-01-01,", "ends on 2019-01-01, before it begins on 2020-01-01"),
    ("codes/strengths.csv", "Beginner", "Beginner, or new", "cells, the header has 10 — quote texts that hold a comma"),
    ("codes/strengths.csv", "code,en,ru", "code,ru", "the columns en are missing"),
    ("places/xch.csv", "XCH-1,1,XCH,", "XCH-1,1,XCH-9,", "lies in 'XCH-9', which is not listed"),
    ("places/xch.csv", "XCH,0,,", "XCH,0,XCH-1,", "lies within itself"),
    ("places/xch.csv", "XCH-1,1,XCH,", "XCH,1,XCH,", "the place 'XCH' already stands at places/xch.csv:2"),
    # -- procedures
    (MEMBERSHIP, "who: [registration_clerk]", "who: [registration_clark]", "unknown role 'registration_clark' — did you mean 'registration_clerk'?"),
    (MEMBERSHIP, "    to: candidate", "    to: candidat", "unknown state 'candidat' in procedure 'membership' — did you mean 'candidate'?"),
    (MEMBERSHIP, "list: strengths", "list: strenghts", "unknown code list 'strenghts' — did you mean 'strengths'?"),
    (MEMBERSHIP, "letter: {kind: LETTER}", "letter: {kind: LETER}", "unknown paper kind 'LETER' — did you mean 'LETTER'?"),
    (MEMBERSHIP, "[CLUB_CLOSED]", "[CLUB_SHUT]", "unknown kind of barrier 'CLUB_SHUT'"),
    (MEMBERSHIP, "effects: [receipt]", "effects: [reciept]", "unknown effect 'reciept' — did you mean 'receipt'?"),
    (MEMBERSHIP, "- done_before:", "- done_bevore:", "unknown guard 'done_bevore' — did you mean 'done_before'?"),
    (MEMBERSHIP, "done_before: {action: play}", "done_before: {action: pley}", "unknown action 'pley'"),
    (MEMBERSHIP, "done_before: {action: play}", "done_before: {}", "the guard 'done_before' needs 'action'"),
    (MEMBERSHIP, "needs_code_of_kind: {field: strengths", "needs_code_of_kind: {field: verdict", "the field 'verdict' must be of kind 'codes'"),
    (MEMBERSHIP, "when: {field: verdict, is: [welcome]}}", "when: {field: verdikt, is: [welcome]}}", "there is no field 'verdikt' here"),
    (MEMBERSHIP, "kind: member\n", "kind: person\n", "'kind' cannot be 'person'"),
    (MEMBERSHIP, "limit: joining.answer", "limit: joining.anser", "unknown length of time 'joining.anser' — did you mean 'joining.answer'?"),
    (MEMBERSHIP, "quorum: board.quorum", "quorum: joining.answer", "unknown number 'joining.answer'"),
    (MEMBERSHIP, "agenda_limit: board.agenda", "agenda_limit: joining.answer", "unknown number 'joining.answer'"),
    (MEMBERSHIP, "votes_shown: at_once", "votes_shown: always", "'votes_shown' cannot be 'always'"),
    (MEMBERSHIP, "recording:\n  within: joining.recording\n  confirmed_by: [registration_supervisor]\n", "", "does not say how late an act may be recorded"),
    (MEMBERSHIP, "  within: joining.recording\n", "", "'recording' names no length of time"),
    (MEMBERSHIP, "within: joining.recording", "within: board.quorum", "unknown length of time 'board.quorum'"),
    (MEMBERSHIP, "recorded_within: joining.telling", "recorded_within: joining.teling", "unknown length of time 'joining.teling' — did you mean 'joining.telling'?"),
    (MEMBERSHIP, "confirmed_by: [registration_supervisor]", "confirmed_by: []", "nobody may allow a later entry"),
    (MEMBERSHIP, "    due_with: [play]\n", "    due_within: joining.answer\n", "a length of time needs an act from which it is counted"),
    (MEMBERSHIP, "starts_on: [apply, complain]", "starts_on: [apply, vote]", "cyclic clock: vote starts and stops 'answer'"),
    (MEMBERSHIP, "    resumes_on: [go_on]\n", "", "must be able to both pause and resume"),
    (MEMBERSHIP, "    extension: joining.patience\n", "", "an extension of 'answer' needs an act and a length"),
    (MEMBERSHIP, "    stops_on: [vote, leave]\n", "", "the clock 'answer' never stops"),
    (MEMBERSHIP, "from: [candidate, on_hold, played, member]", "from: [candidate, on_hold, played]", "no act leads out of the state 'member'"),
    (MEMBERSHIP, "      choices: {welcome: member, not_yet: turned_down}", "      choices: {welcome: turned_down, not_yet: turned_down}", "no act leads to the state 'member'"),
    (MEMBERSHIP, "choices: {\"true\": played, \"false\": candidate}", "choices: {\"true\": played}", "no state is given for fair = false"),
    (MEMBERSHIP, "{welcome: member, not_yet: turned_down}", "{welcome and not_jet: member, welcome: member, not_yet: turned_down}", "'verdict' is never 'not_jet' — did you mean 'not_yet'?"),
    (MEMBERSHIP, "{\"true\": played, \"false\": candidate}", "{true and false: played, \"true\": played, \"false\": candidate}", "has one answer, so it is never 'true and false'"),
    (MEMBERSHIP, "      fair:\n        kind: bool\n        required: true", "      fair:\n        kind: bool", "'fair' decides where 'play' leads, but may be left empty"),
    (MEMBERSHIP, "kind: final", "kind: decided", "no state is final"),
    (MEMBERSHIP, "kind: open", "kind: initial", "exactly one initial state, here: outside, candidate"),
    (MEMBERSHIP, "opens_with: apply", "opens_with: play", "'play' opens the track 'club' but does not start from the initial state"),
    (MEMBERSHIP, "    by_sitting: board\n", "", "'vote' can be done without the sitting 'board'"),
    (MEMBERSHIP, "decides: [vote]", "decides: [play]", "the sitting 'board' does not decide 'vote'"),
    (MEMBERSHIP, "seat: chair", "seat: member", "the sitting 'board' must have exactly one chair"),
    (MEMBERSHIP, "quorum: board.quorum\n", "\n", "the sitting 'board' has no quorum"),
    (MEMBERSHIP, "past: held", "past: applied", "'past' 'applied' stands for several actions"),
    (MEMBERSHIP, "two_person_after: tell", "two_person_after: complain", "cannot need a second person after itself"),
    (MEMBERSHIP, "legal_basis: [statutes.joining]\n\nrecording", "\nrecording", "the procedure has no legal basis"),
    (MEMBERSHIP, "    legal_basis: [statutes.joining]\n    form:\n      favourite", "    form:\n      favourite", "the action 'apply' has no legal basis"),
    (MEMBERSHIP, "    standards: [statutes.joining]\n    due_with", "    due_with", "the safeguard 'fair_game' names no standard"),
    (MEMBERSHIP, "field: fair, kept", "field: fare, kept", "the action 'play' has no field 'fare' — did you mean 'fair'?"),
    (MEMBERSHIP, "clock: answer}", "clock: anwser}", "unknown clock 'anwser'"),
    (MEMBERSHIP, "    opens_with: apply", "    opens_with: apply\n    subject: none", "cases of 'club' name nobody, but 'vote' leads on by an answer about each person"),
    (MEMBERSHIP, "path_stage: border", "path_stage: boarder", "'path_stage' cannot be 'boarder' — did you mean 'border'?"),
    (MEMBERSHIP, "in_force: {from: 1970-01-01}", "in_force: {}", "has no 'from'"),
    (MEMBERSHIP, "doing: {en: Application handed in, ", "doing: {", "'doing' of 'apply' is not translated into en"),
    (MEMBERSHIP, "statistics:\n  procedure_type: {club: G}", "statistics:\n  procedure_type: {cub: G}", "unknown track 'cub'"),
    (MEMBERSHIP, "statistics:\n", "statistics:\n  told_by: [colour]\n", "no form asks for 'colour'"),
    (MEMBERSHIP, "not_yet: rejected}", "not_yet: refused}", "an outcome cannot be counted as 'refused'"),
    (MEMBERSHIP, "grounds_field: strengths", "grounds_field: strength", "no action asks for 'strength' of each person"),
    (MEMBERSHIP, "reason: LOST_INTEREST", "reason: BORED", "unknown closure reason 'BORED'"),
    (MEMBERSHIP, "    guards:\n      - no_open_case: {procedure: membership}", "    guards:\n      - clock_passed: {clock: answer}", "cyclic clock: 'answer' starts only after it has run out"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), BROKEN, ids=[f"{one[0]}-{one[3][:40]}" for one in BROKEN])
def test_load_refuses_and_says_where(faults_of, file, old, new, message):
    faults = faults_of(file, old, new)
    assert any(message in fault for fault in faults), faults
    assert all(re.match(r"[\w./-]+\.(yaml|csv):[1-9]\d*: ", fault) for fault in faults)


def test_the_line_is_the_line_of_the_error(faults_of, copy):
    lines = (copy / MEMBERSHIP).read_text(encoding="utf-8").splitlines()
    number = next(at for at, line in enumerate(lines, start=1) if "limit: joining.answer" in line)
    assert faults_of(MEMBERSHIP, "limit: joining.answer", "limit: nothing") == [
        f"{MEMBERSHIP}:{number}: unknown length of time 'nothing' — known: joining.answer, joining.complaint, joining.patience,"
        " joining.recording, joining.telling, membership.length"
    ]


def test_one_misspelt_state_is_one_error(faults_of):
    """The states behind it are not reported as unreachable: that would bury the line to mend."""
    assert len(faults_of(MEMBERSHIP, "    to: candidate", "    to: candidat")) == 1


def test_all_errors_are_listed_at_once(copy):
    for file, old, new in (
        ("country.yaml", "iso3: XCH\n", ""),
        (STATUTES, "amount: 14", "amount: fourteen"),
        ("codes/strengths.csv", "Master", ""),
        (MEMBERSHIP, "to: on_hold", "to: on_old"),
    ):
        path = copy / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(RulebookError) as refused:
        load(copy)
    assert {fault.file for fault in refused.value.faults} == {
        "country.yaml",
        STATUTES,
        "codes/strengths.csv",
        MEMBERSHIP,
    }
    assert str(refused.value).startswith(f"the rulebook has {len(refused.value.faults)} errors:\n")


@pytest.mark.parametrize(
    "content", [b"", b"# nothing\n", b"- a\n- b\n", b"just text", b"\xff\xfe\x00", b"a: [1, 2", b"a: \x07"]
)
@pytest.mark.parametrize("file", ["country.yaml", STATUTES, MEMBERSHIP, "codes/strengths.csv", "places/xch.csv"])
def test_no_content_of_a_file_is_a_traceback(copy, file, content):
    (copy / file).write_bytes(content)
    try:
        load(copy)
    except RulebookError as error:
        assert error.faults
    else:
        assert file in ("places/xch.csv",) or content in (b"", b"# nothing\n")


def test_every_single_line_may_be_missing(chess, copy):
    """A file with any one line cut out either loads or is refused with errors; it never breaks the loader."""
    for file in ("country.yaml", STATUTES, MEMBERSHIP):
        text = (copy / file).read_text(encoding="utf-8")
        lines = text.splitlines(keepends=True)
        for at in range(0, len(lines), 7):
            (copy / file).write_text("".join(lines[:at] + lines[at + 1 :]), encoding="utf-8")
            try:
                load(copy)
            except RulebookError as error:
                assert error.faults
        (copy / file).write_text(text, encoding="utf-8")
    assert load(copy).fingerprint == chess.fingerprint


def test_a_country_that_is_not_there_is_said_plainly(tmp_path):
    with pytest.raises(RulebookError, match=r"country\.yaml:1: the file is missing"):
        load(tmp_path)


def test_a_second_version_of_a_procedure_must_follow_the_first(copy, chess):
    first = (copy / MEMBERSHIP).read_text(encoding="utf-8")
    second = first.replace("version: 1", "version: 2").replace("{from: 1970-01-01}", "{from: 2025-01-01}")
    (copy / "procedures/membership-2.yaml").write_text(second, encoding="utf-8")
    book = load(copy)
    assert book.procedure("membership", date(2024, 12, 31)).version == 1
    assert book.procedure("membership", date(2025, 1, 1)).version == 2
    assert book.procedure_version("membership", 1).in_force_to == date(2025, 1, 1)
    (copy / MEMBERSHIP).write_text(
        first.replace("{from: 1970-01-01}", "{from: 1970-01-01, to: 2024-01-01}"), encoding="utf-8"
    )
    with pytest.raises(RulebookError, match="gap: no version of 'membership' is in force from 2024-01-01"):
        load(copy)
    (copy / "procedures/membership-2.yaml").write_text(second.replace("version: 2", "version: 1"), encoding="utf-8")
    with pytest.raises(RulebookError, match="number versions upwards"):
        load(copy)


# -- what a loaded rulebook answers -----------------------------------------------------------------------------------


def test_asking_outside_the_dates_raises_and_never_defaults(chess):
    assert chess.value("joining.answer", date(2019, 12, 31)).amount.amount == 6
    assert chess.value("joining.answer", date(2020, 1, 1)).amount.unit == "calendar_days"
    for ask in (
        lambda: chess.value("joining.answer", date(1969, 12, 31)),
        lambda: chess.value("membership.length", date(2040, 1, 1)),
        lambda: chess.value("nothing", date(2020, 1, 1)),
        lambda: chess.provision("statutes.fees", date(2040, 1, 1)),
        lambda: chess.procedure("membership", date(1969, 12, 31)),
        lambda: chess.procedure_version("membership", 9),
        lambda: chess.country.work_calendar.is_working(date(2041, 1, 1)),
    ):
        with pytest.raises(NoRuleInForce) as refused:
            ask()
        assert refused.value.code == "rulebook.no_rule_in_force"


def test_the_message_says_which_days_are_covered(chess):
    with pytest.raises(NoRuleInForce) as refused:
        chess.value("membership.length", date(2050, 1, 1))
    assert refused.value.params["covered"] == "1970-01-01 – 2040-01-01"


def test_a_rulebook_cannot_be_changed(chess):
    with pytest.raises(TypeError, match="cannot be changed"):
        chess.procedures["membership"] = ()
    with pytest.raises(TypeError, match="cannot be changed"):
        chess.country.titles["en"] = "Another"
    with pytest.raises(AttributeError):
        chess.country.code = "other"
    with pytest.raises(TypeError):
        chess.codes["strengths"]["NEW"] = None


def test_places_know_what_lies_where(chess):
    assert [place.code for place in chess.places.children("XCH")] == ["XCH-1"]
    assert [place.code for place in chess.places.ancestors("XCH-1")] == ["XCH"]
    assert chess.places.is_within("XCH-1", "XCH") and not chess.places.is_within("XCH", "XCH-1")
    assert chess.places["XCH-1"].aliases == ("Front room", "Big room")
    assert chess.places["XCH-1"].country == "XCH"


def test_codes_know_their_titles_and_attributes(chess):
    strengths = chess.codes["strengths"]
    assert list(strengths) == ["BEGINNER", "PLAYER", "MASTER"]
    assert [code.code for code in strengths.where(worth="high")] == ["PLAYER", "MASTER"]
    assert strengths.title("MASTER", "tg") == "Устод"
    assert strengths.title("RETIRED_CODE", "tg") == "RETIRED_CODE"


def test_codes_in_force_follow_their_dates(copy):
    path = copy / "codes/strengths.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("نوآموز,,,", "نوآموز,2000-01-01,2010-01-01,"), encoding="utf-8"
    )
    strengths = load(copy).codes["strengths"]
    assert [len(strengths.in_force(date(year, 1, 1))) for year in (1999, 2000, 2009, 2010)] == [2, 3, 3, 2]


def test_text_falls_back_to_english_for_a_language_without_titles(chess):
    assert chess.text(chess.country.titles, "prs") == "کلوپ شطرنج"
    assert chess.text(chess.country.titles, "de") == "Chess club"
    assert chess.text(chess.country.titles, "ru-TJ") == "Шахматный клуб"


def test_current_is_loaded_once_and_can_be_lent(chess, monkeypatch):
    monkeypatch.delenv("PANOH_COUNTRY", raising=False)
    first = rulebook.current()
    assert rulebook.current() is first and first.country.code == "tj"
    with rulebook.using(chess):
        assert rulebook.current() is chess
        seen = []
        thread = threading.Thread(target=lambda: seen.append(rulebook.current()))
        thread.start()
        thread.join()
        assert seen == [chess]
    assert rulebook.current() is first


def test_the_fingerprint_changes_with_any_file(copy, chess):
    same = load(copy).fingerprint
    assert same == chess.fingerprint
    path = copy / "codes/strengths.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Beginner", "Novice"), encoding="utf-8")
    assert load(copy).fingerprint != same


def test_names_are_never_guessed_into_truth_values(copy):
    """YAML would make NO a False and 010 an eight; a rulebook means the text that stands there."""
    path = copy / "codes" / "closure_reasons.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + "NO,No,Нет,Не,نه,,,the notice board,verified\n", encoding="utf-8"
    )
    path = copy / MEMBERSHIP
    path.write_text(path.read_text(encoding="utf-8").replace("reason: LOST_INTEREST", "reason: NO"), encoding="utf-8")
    effect = load(copy).procedure_version("membership", 1).actions["leave"].effects[0]
    assert effect.params == {"reason": "NO"}


def test_the_whole_country_loads_in_under_a_second(tajikistan):
    begun = time.process_time()
    load(Path(tajikistan.directory))
    assert time.process_time() - begun < 1.0


def test_an_item_reports_the_line_of_its_key(copy):
    from panoh.rulebook.faults import Faults
    from panoh.rulebook.yaml_source import read_yaml

    (copy / "country.yaml").write_text("a:\n  b:\n    - 1\n    - 2\n", encoding="utf-8")
    root = read_yaml(copy / "country.yaml", "country.yaml", Faults())
    assert isinstance(root, Item)
    assert root.children()["a"].line == 1
    assert root.children()["a"].children()["b"].line == 2
    assert [item.line for item in root.children()["a"].items("b")] == [3, 4]


def test_check_of_another_copy_ignores_where_it_lies(copy, tmp_path, chess):
    other = shutil.copytree(copy, tmp_path / "elsewhere" / "club")
    assert load(Path(other)).fingerprint == chess.fingerprint
