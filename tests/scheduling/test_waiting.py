"""How many families wait, counted by the database: as many as are listed, the urgent ones and those of each country among them."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from panoh.scheduling.queries.candidates import count_candidates, list_candidates
from panoh.scheduling.queries.missions import find_rule
from tests.scheduling.rides import Ride

pytestmark = pytest.mark.django_db(databases="__all__")


def test_the_count_is_that_of_the_list_in_one_statement(world):
    ride = Ride(world, role="mandate_officer", procedure="resettlement", kind="circuit_ride")
    for country, priority in (("CAN", "NR"), ("CAN", "EM"), ("SWE", "UG")):
        ride.submit(1, country=country, priority=priority)
    today = timezone.localdate()
    definition, rule = find_rule("resettlement", "circuit_ride", today)
    with ride.acting() as actor:
        listed = list_candidates(actor, definition, rule, today)
        with CaptureQueriesContext(connection) as asked:
            counted = count_candidates(actor, definition, rule)
    assert len(asked) == 1
    assert counted.many == len(listed) == 3
    assert counted.urgent == sum(one.urgency in ("emergency", "urgent") for one in listed) >= 1
    assert dict(counted.countries) == Counter(one.country for one in listed)
