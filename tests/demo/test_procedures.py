"""The demo has some cases of every procedure, done by its cast through the real operations, and its tables stay as published."""

from __future__ import annotations

import pytest
from django.db import transaction

from panoh.access.context import acting_as_system
from panoh.demo.figures import YEARS
from panoh.demo.loading.procedures import open_some_of_each
from panoh.demo.operation import plan_operation, published
from panoh.procedures.models import Case, Step
from panoh.rulebook import current
from tests.demo.checking import check_year
from tests.demo.conftest import PERSONS, SEED, UNTIL
from tests.procedures.stories import replayed

pytestmark = pytest.mark.usefixtures("loaded")


def test_some_cases_of_every_procedure_are_opened_and_the_ledger_tells_them():
    with transaction.atomic():
        opened = open_some_of_each(current())
        with acting_as_system("test"):
            found = set(Case.objects.values_list("procedure", flat=True))
            last = Case.objects.order_by("-number").first()
            steps = Step.objects.filter(case__in=Case.objects.exclude(procedure="asylum")).count()
            told = replayed()
        assert found == set(current().procedures)
        assert opened >= 2 * len(current().procedures)
        assert steps > 2 * opened, "most of them are under way"
        assert told.cases[str(last.pk)].state == last.state
        check_year(max(YEARS), plan_operation(published(), PERSONS, SEED, UNTIL).figures)
        transaction.set_rollback(True)
