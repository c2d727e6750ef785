"""The demo has a circuit ride that is half over, led by its cast through the real operations, and its tables stay as published."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from panoh.access.context import acting_as_system
from panoh.demo.figures import YEARS
from panoh.demo.loading.missions import FAMILIES, convene_what_waits, ride_out
from panoh.demo.operation import plan_operation, published
from panoh.procedures.models import Case, Sitting
from panoh.rulebook import current
from panoh.scheduling.models import Mission, Plan
from panoh.scheduling.queries.described import list_appointments, outcomes_of
from panoh.scheduling.queries.missions import plan_in_force
from panoh.scheduling.rules import Outcome
from tests.demo.checking import check_year
from tests.demo.conftest import PERSONS, SEED, UNTIL
from tests.procedures.stories import differences

pytestmark = pytest.mark.usefixtures("loaded")


def test_a_circuit_ride_is_half_over_and_a_plan_waits_for_a_person():
    with transaction.atomic():
        assert ride_out(current()) == FAMILIES
        convened = convene_what_waits(current())
        with acting_as_system("test"):
            mission = Mission.objects.get()
            plan = plan_in_force(mission)
            appointments = list_appointments(plan)
            outcomes = list(outcomes_of(mission, appointments, timezone.localdate()).values())
            assert {Outcome.HELD, Outcome.MISSED, Outcome.TO_COME} <= set(outcomes)
            assert mission.plans.get(state=Plan.PROPOSED).how == Plan.FILL
            # Other families were submitted in the years before; the ride and its panel are about those on the list.
            listed = mission.listed.values("case")
            assert Case.objects.filter(pk__in=listed, state="mission_heard").count() == outcomes.count(Outcome.HELD)
            panels = Sitting.objects.filter(kind="panel", state=Sitting.CLOSED, items__case__in=listed)
            assert panels.distinct().count() == 1
            assert Sitting.objects.filter(state=Sitting.CONVENED).count() >= convened
            assert differences() == []
        check_year(max(YEARS), plan_operation(published(), PERSONS, SEED, UNTIL).figures)
        transaction.set_rollback(True)
