"""What is loaded is the plan: the tables come out of the register alone, every row has its entry, the locks are on."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

import pytest
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from panoh.access.context import acting_as_system
from panoh.demo.figures import YEARS, published
from panoh.demo.loading.running import TRUTH, find_loaded, load
from panoh.demo.loading.shapes import shape
from panoh.demo.operation import plan_operation
from panoh.kernel.problems import Problem
from panoh.ledger.models import Checkpoint, Entry
from panoh.ledger.verification import verify
from panoh.procedures.models import Barrier, Case, Due, Sitting
from panoh.registry import models as registry
from tests.demo.checking import check_cells, check_year
from tests.demo.conftest import PERSONS, SEED, UNTIL

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture(scope="module")
def figures():
    return plan_operation(published(), PERSONS, SEED, UNTIL).figures


@pytest.mark.parametrize("year", YEARS)
def test_the_annual_table_comes_out_of_the_register_as_planned(year: int, figures) -> None:
    check_year(year, figures)


def test_the_cells_of_the_last_year_come_out_of_the_register(figures) -> None:
    check_cells(figures)


def test_the_ledger_fits_itself_and_the_register() -> None:
    found = verify()
    assert list(found.findings) == []
    assert found.checkpoints > 100


def test_the_register_holds_the_asked_number_of_persons(loaded) -> None:
    with acting_as_system("test"):
        assert registry.Person.objects.filter(household__registered_on__lte=date(2025, 12, 31)).count() >= PERSONS - 40
        assert registry.Person.objects.count() == loaded.persons
        assert registry.Household.objects.count() == loaded.households


def test_every_open_household_has_one_principal_applicant() -> None:
    with acting_as_system("test"):
        heads = Counter(
            registry.Person.objects.filter(status="open", relationship="PA").values_list("household_id", flat=True)
        )
        opened = set(registry.Household.objects.filter(status="open").values_list("id", flat=True))
    assert set(heads) == opened
    assert set(heads.values()) == {1}


def test_row_level_security_is_forced_again_after_loading() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM registry_person")
        assert cursor.fetchone() == (0,), "the owner without a context sees no one"


def test_the_guards_stood_while_loading_and_stand_now() -> None:
    """A row without its entry is refused, by the same connection that loaded the operation."""
    owner = connections["owner"]
    with acting_as_system("test", using="owner"):
        household = registry.Household.objects.using("owner").first()
    with pytest.raises(DatabaseError, match="without an entry"), acting_as_system("test", using="owner"):
        registry.Household.objects.using("owner").filter(pk=household.pk).update(phone="+992000000000")
    assert owner.in_atomic_block is False


def test_history_lies_in_the_past_and_checkpoints_were_signed_over_it() -> None:
    # The pairs of possible duplicates are found and judged through the operations, on the day of the load itself.
    history = Entry.objects.exclude(kind="demo.operation.loaded").exclude(kind__startswith="registry.duplicate.")
    first, last = history.earliest("recorded_at"), history.latest("recorded_at")
    assert first.recorded_at.date() == date(2014, 12, 30)
    assert last.recorded_at.date() <= UNTIL
    assert last.recorded_at < timezone.now()
    months = list(Checkpoint.objects.order_by("size").values_list("signed_at", flat=True))
    assert months == sorted(months)
    assert all(moment.day in (1, 31, 30, 29, 28) for moment in months)


def test_a_second_load_finds_the_first(loaded) -> None:
    again = load(persons=PERSONS, seed=SEED, until=UNTIL, fresh=False, say=lambda _text: None)
    assert again.reused
    assert again.persons == loaded.persons
    assert find_loaded()["asked"] == PERSONS


def test_other_parameters_are_refused_and_nothing_is_removed(loaded) -> None:
    with pytest.raises(Problem) as refused:
        load(persons=PERSONS + 1, seed=SEED, until=UNTIL, fresh=False, say=lambda _text: None)
    assert refused.value.code == "demo.load.other_parameters"
    with acting_as_system("test"):
        assert registry.Person.objects.count() == loaded.persons


def test_the_operation_is_never_loaded_into_a_real_register(monkeypatch) -> None:
    monkeypatch.setattr(settings, "MODE", "production")
    with pytest.raises(Problem) as refused:
        load(persons=PERSONS, seed=SEED, until=UNTIL, fresh=True, say=lambda _text: None)
    assert refused.value.code == "demo.load.not_a_demo"


def test_clocks_are_what_the_rules_compute() -> None:
    from panoh.procedures.operations.dues import recompute_dues
    from panoh.rulebook import current

    with acting_as_system("test"):
        assert Due.objects.filter(stopped_on__isnull=True, due_on__lt=UNTIL).exists(), "late claims"
        assert Due.objects.filter(stopped_on__isnull=True, due_on__gte=UNTIL).exists(), "claims not yet late"
        assert recompute_dues(Case.objects.all(), current()) == 0
        transaction.set_rollback(True)


def test_the_suspension_of_2021_stands_as_a_barrier() -> None:
    with acting_as_system("test"):
        barrier = Barrier.objects.get()
        assert (barrier.kind, barrier.from_on) == ("COMMISSION_SUSPENDED", date(2021, 7, 30))
        assert not Sitting.objects.filter(on__gte=barrier.from_on, on__lt=barrier.to_on).exists()


def test_numbers_go_on_behind_those_given_out() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT nextval('registry_person_serial')")
        following = cursor.fetchone()[0]
    with acting_as_system("test"):
        assert following > registry.Person.objects.count() - 1


def test_rows_have_the_shape_of_the_models() -> None:
    for model in (registry.Person, registry.Household, registry.StatusChange, Case):
        columns = {field.attname for field in model._meta.concrete_fields}
        assert set(shape(model)._fields) == columns


def test_the_truth_about_duplicates_is_kept_by_number(loaded) -> None:
    with open(TRUTH, encoding="utf-8", newline="") as truth:
        pairs = list(csv.DictReader(truth))
    assert len(pairs) > PERSONS * 0.005
    with acting_as_system("test"):
        for pair in pairs:
            first = registry.Person.objects.get(number=pair["first"])
            second = registry.Person.objects.get(number=pair["second"])
            assert first.household_id != second.household_id
            assert first.sex == second.sex


def test_most_planted_duplicates_are_suggested_and_few_others() -> None:
    """Those with a record in use; the families that left for good are nobody's question any more."""
    with open(TRUTH, encoding="utf-8", newline="") as file:
        truth = {frozenset(row) for row in list(csv.reader(file))[1:]}
    with acting_as_system("test"):
        states = dict(registry.Person.objects.values_list("number", "status"))
        suggested = {
            frozenset(pair) for pair in registry.Suggestion.objects.values_list("person_a__number", "person_b__number")
        }
        waiting = {one for one in truth if "open" in {states[number] for number in one}}
        assert len(waiting) >= 5
        assert len(suggested & waiting) / len(waiting) > 0.5
        assert len(suggested & truth) / len(suggested) > 0.5
        assert {"open", "judged"} <= set(registry.Suggestion.objects.values_list("state", flat=True))
