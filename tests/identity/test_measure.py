"""The judge is judged: each figure on examples small enough to count by hand."""

import csv
import math
import random

import pytest

from panoh.identity import measure
from panoh.identity.measure import Answer, Question


def question(id="1", person="a", asked="Latn", stored="Arab", father="", year=None, kind="full"):
    return Question(id=id, kind=kind, person=person, name="Naim", father=father, year=year, asked=asked, stored=stored)


def answers(*ranks, **asked):
    return [Answer(question(id=str(number), **asked), rank, 1.0, 1.0) for number, rank in enumerate(ranks)]


def test_recall_and_mrr_count_the_place_of_the_person():
    found = measure.figures(answers(1, 2, 10, 11, 0))
    assert found["recall_at_1"] == 0.2
    assert found["recall_at_10"] == 0.6
    assert found["mrr"] == round((1 + 1 / 2 + 1 / 10) / 5, 4)


def test_a_namesake_in_her_place_is_not_she():
    asked = question(person="right")
    assert measure.ask([asked], lambda name, father, year: ["namesake", "right"], "name")[0].rank == 2
    assert measure.ask([asked], lambda name, father, year: ["namesake"], "name")[0].rank == 0


def test_the_evidence_decides_what_the_engine_sees():
    seen = []
    asked = question(father="Karim", year=1990)
    for evidence in ("name", "person"):
        measure.ask([asked], lambda *given: seen.append(given) or [], evidence)
    assert seen == [("Naim", "", None), ("Naim", "Karim", 1990)]


def test_the_report_keeps_the_scripts_apart():
    told = measure.report(answers(1, 1) + answers(0, 1, asked="Arab"))
    assert told["cross_script"]["recall_at_1"] == 1
    assert told["same_script"]["recall_at_1"] == 0.5
    assert told["directions"]["Latn>Arab"]["queries"] == 2
    assert told["directions"]["Arab>Arab"]["recall_at_10"] == 0.5
    assert told["all"]["recall_at_1"] == 0.75


def test_percentiles_are_values_that_occurred():
    assert measure.spread(list(range(1, 101))) == {"p50": 50, "p95": 95, "p99": 99}
    assert measure.spread([7.0]) == {"p50": 7, "p95": 7, "p99": 7}


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "register.csv"
    rows = [
        ("a", "Naim", "Karim", "1990"),
        ("b", "Naim", "Karim", "1991"),
        ("c", "Naim", "Rahim", "1990"),
        ("d", "Nasir", "Karim", "1990"),
    ]
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "full_name", "father_name", "birth_year"])
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("evidence", "father", "year", "alike"),
    [
        ("name", "Karim", 1990, 3),
        ("person", "Karim", 1990, 1),
        ("person", "Karim", None, 2),
        ("person", "", 1992, 2),  # the year asked may be wrong; what counts is who shares that of the record
        ("person", "", None, 3),
    ],
)
def test_who_cannot_be_told_apart_depends_on_what_is_asked(register, evidence, father, year, alike):
    asked = [question(father=father, year=year)]
    assert measure.count_indistinguishable(asked, register, evidence) == {"1": alike}


def test_a_register_without_the_person_is_refused(register):
    with pytest.raises(ValueError, match="not in"):
        measure.count_indistinguishable([question(person="elsewhere")], register, "name")


def test_the_ceiling_is_what_chance_leaves():
    found = measure.figures(answers(1, 1), {"0": 1, "1": 20})
    assert found["ceiling_at_1"] == round((1 + 1 / 20) / 2, 4)
    assert found["ceiling_at_10"] == 0.75


def test_the_alarm_is_set_by_the_newcomers():
    newcomers = [number / 100 for number in range(100)]  # 0.00 … 0.99
    assert measure.alarm_limit(newcomers, 0.05) == 0.94
    assert measure.alarm_limit(newcomers, 0.01) == 0.98
    told = measure.alarm_report([0.93, 0.95, 0.97, 0.99], newcomers, [True, False, True, True])
    assert told["found_at_5_percent"] == 0.75
    assert told["found_at_1_percent"] == 0.25
    assert told["found_first_at_5_percent"] == 0.5


def test_an_alarm_that_says_one_for_everybody_finds_nobody():
    told = measure.alarm_report([1.0] * 50, [1.0] * 10 + [0.0] * 90)
    assert told["found_at_5_percent"] == 0
    assert told["found_at_1_percent"] == 0


def test_calibration_tells_what_was_said_and_what_was():
    told = measure.calibration([(0.72, True), (0.78, False), (1.0, True)])
    assert told == [
        {"from": 0.7, "number": 2, "said": 0.75, "was": 0.5},
        {"from": 0.9, "number": 1, "said": 1.0, "was": 1.0},
    ]


def test_linkage_is_judged_at_every_threshold():
    pairs = [(9.0, True), (8.0, True), (7.0, False), (6.0, True), (1.0, False), (1.0, False)]
    told = measure.linkage_report(pairs, true_pairs=4)
    assert told["suggested_pairs"] == 6
    assert told["recall_of_all_suggested"] == 0.75
    assert told["best_f1"] == 0.75  # of the first four suggestions three are right, of four true pairs three are found
    assert told["weight_at_best_f1"] == 6.0
    assert told["recall_at_precision_95"] == 0.5
    assert told["weight_at_precision_95"] == 8.0


def test_pairs_of_equal_weight_cannot_be_split():
    told = measure.linkage_report([(1.0, True), (1.0, False)], true_pairs=1)
    assert told["recall_at_precision_95"] == 0
    assert told["weight_at_precision_95"] is None


def test_newcomers_leave_the_register_with_all_their_questions(tmp_path):
    parts = tmp_path / "parts.csv"
    parts.write_text("qid,part\n1,known\n2,newcomer\n3,left_out\n")
    asked = [question(id="1", person="a"), question(id="2", person="b"), question(id="3", person="c")]
    known, newcomers, leaving = measure.divide(asked, parts)
    assert [found.person for found in known] == ["a"]
    assert [found.person for found in newcomers] == ["b"]
    assert leaving == {"b", "c"}


def test_the_calibration_is_learned_from_alarms():
    """Whoever stands high and misses little was she; the weights say so, and are found again."""
    chance = random.Random(4)
    told = []
    for _ in range(20_000):
        above, missing = chance.uniform(-5, 10), chance.uniform(0, 16)
        odds = 0.5 + 0.4 * above - 0.8 * math.sqrt(missing)
        told.append((above, missing, chance.random() < 1 / (1 + math.exp(-odds))))
    found = measure.fit_calibration(told)
    assert found["level"] == pytest.approx(0.5, abs=0.25)
    assert found["standing"] == pytest.approx(0.4, abs=0.06)
    assert found["missing"] == pytest.approx(0.8, abs=0.12)
