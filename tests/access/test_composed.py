"""A statement composed once answers like one composed anew, whoever asks and whatever for, and never with another's rights."""

from __future__ import annotations

import dataclasses
import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.composed import MOST_KEPT, Composed, shape_of
from panoh.access.context import acting_as_system
from panoh.access.models import Grant, Organisation
from panoh.access.scope import household_scope
from panoh.kernel.ids import new_id
from panoh.registry.models import Household
from tests.access.test_second_lock import DAY, fill_register

pytestmark = pytest.mark.django_db

ROLES = ("registration_clerk", "programme_officer", "lawyer", "protection_officer", "head_of_office")


def seen_by(actor: Actor, day: date):
    return (
        Household.objects.filter(household_scope(actor), registered_on=day).select_related("custodian").order_by("pk")
    )


def test_actors_with_other_rights_get_their_own_answers_in_any_order(world):
    fill_register(world, 5)
    composed = Composed(seen_by)
    with acting_as_system("asking as many"):
        for _ in range(2):
            answers = set()
            for role in ROLES:
                actor = world.actor(role)
                plain = list(seen_by(actor, DAY))
                assert composed(actor, DAY) == plain
                assert [one.custodian.code for one in composed(actor, DAY)] == [one.custodian.code for one in plain]
                assert composed(actor, DAY + timedelta(days=1)) == []
                answers.add(tuple(one.pk for one in plain))
            assert len(answers) > 1, "these roles see different files, or the test shows nothing"


def test_every_right_of_an_actor_makes_a_statement_of_its_own(world):
    actor = world.actor("programme_officer")
    other = {
        "member_id": new_id(), "account_id": new_id(), "name": "Other", "organisation_id": new_id(), "organisation_kind": "ngo",
        "role": "auditor", "purpose": "audit", "scope": "none", "office_id": new_id(), "office_ids": (new_id(),),
        "open_organisations": (new_id(),), "agreement_ids": (new_id(),), "classes": frozenset({"contact"}),
        "custodians": {"contact": (new_id(),)}, "clearance": 7, "language": "tg",
    }  # fmt: skip
    assert set(other) == {one.name for one in dataclasses.fields(Actor)}
    for name, value in other.items():
        assert shape_of(dataclasses.replace(actor, **{name: value})) != shape_of(actor), name
    assert shape_of(dataclasses.replace(actor)) == shape_of(actor)


def test_a_grant_that_ends_ends_for_a_kept_statement_too(world):
    fill_register(world, 6, files=60)
    composed, actor = Composed(seen_by), world.actor("lawyer")
    with acting_as_system("asking before and after"):
        assert composed(actor, DAY), "a file was given to her"
        Grant.objects.filter(valid_from__lt=timezone.now()).update(valid_to=timezone.now() - timedelta(minutes=1))
        assert composed(actor, DAY) == list(seen_by(actor, DAY)) == []


def test_it_is_composed_once_and_asked_each_time(world):
    built = []

    def build(codes: list, kind: str):
        built.append(codes)
        return Organisation.objects.filter(pk__in=codes, kind=kind).order_by("code")

    composed = Composed(build)
    ids = [one.pk for one in world.organisations.values()]
    with (
        acting_as_system("asking by lists"),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        assert {one.kind for one in composed(ids, "authority")} == {"authority"}
        assert {one.kind for one in composed(ids, "un")} == {"un"}
        assert composed([], "un") == []
        assert composed(ids[:1], "authority") == list(Organisation.objects.filter(pk__in=ids[:1], kind="authority"))
    assert len(built) == 3, "one for each length of the list"
    assert sum("access_organisation" in one["sql"] for one in asked.captured_queries) == 4, "an empty list asks nothing"


def test_what_reaches_the_database_otherwise_is_refused(world):
    shouted = Composed(lambda code: Organisation.objects.annotate(loud=Upper(Value("x"))).filter(code__startswith=code))
    with pytest.raises(ValueError, match="not handed over as it is"):
        shouted("un")
    for value in (None, timezone.now(), 1.5):
        with pytest.raises(TypeError, match="no value"):
            Composed(lambda code: Organisation.objects.filter(code=code))(value)


def test_no_more_are_kept_than_there_is_room_for(world):
    composed = Composed(lambda actor, code: Organisation.objects.filter(code=code, pk=actor.organisation_id))
    actor = world.actor("lawyer")
    for number in range(MOST_KEPT + 20):
        composed(dataclasses.replace(actor, name=f"{number}"), "ngo")
    assert len(composed.kept) == MOST_KEPT


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_another_thread_asks_over_its_own_connection(committed_world):
    composed = Composed(lambda code: Organisation.objects.filter(code=code))
    found, used = [], []

    def ask() -> None:
        try:
            with acting_as_system("asking from a thread"), CaptureQueriesContext(connection) as asked:
                found.append([one.code for one in composed("un")])
                used.append(len(asked.captured_queries))
        finally:
            connection.close()

    ask()
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [["un"]] * 4 and used == [1] * 4
