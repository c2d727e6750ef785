"""Corrections of law: each gap with its provision and standing, what the office records of it, and who sees that."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.protection.models import LawStep
from panoh.protection.operations.law import record_law_step
from panoh.protection.queries.law import list_gaps
from panoh.rulebook import current
from tests.procedures.test_pages import page_of
from tests.signing_in import client_of

GAP, SOURCE = "APPEAL_EFFECT", "Draft law No. 12 of the working group"


def write(world, role: str = "protection_officer", **changes) -> LawStep:
    given = {
        "gap": GAP,
        "status": "UNDER_DISCUSSION",
        "on": timezone.localdate(),
        "source": SOURCE,
        "note": "first reading",
    }
    with world.as_role(role) as actor:
        return record_law_step(by=actor, **{**given, **changes})


def gap_of(world, role: str = "protection_officer", language: str = "en"):
    with world.as_role(role) as actor:
        return next(one for one in list_gaps(actor, timezone.localdate(), language) if one.code.code == GAP)


def test_every_gap_rests_on_provisions_of_the_rulebook_and_says_its_position_in_every_language(world):
    with world.as_role("protection_officer") as actor:
        for language in ("en", "ru", "tg", "prs"):
            for gap in list_gaps(actor, timezone.localdate(), language):
                assert gap.provision in current().provisions and gap.against in current().provisions
                assert gap.position and gap.now.source and gap.now.status in current().codes["law_gap_statuses"]


def test_what_is_recorded_stands_above_what_the_data_say_and_nothing_is_lost(world):
    before = gap_of(world)
    yesterday = timezone.localdate() - timedelta(days=1)
    write(world, status="PROPOSED", on=yesterday)
    step = write(world)
    after = gap_of(world)
    assert [one.status for one in after.standings] == ["UNDER_DISCUSSION", "PROPOSED", before.now.status]
    assert (after.now.source, after.now.note) == (SOURCE, "first reading")
    entry = Entry.objects.get(pk=step.entry_id)
    assert entry.kind == "protection.law.recorded"
    assert entry.payload == {"gap": GAP, "status": "UNDER_DISCUSSION", "day": timezone.localdate().isoformat()}
    assert entry.facts["legal_basis"] == ["refugees_law.14.4"] and SOURCE not in entry.body


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("protection.law.unknown_gap", {"gap": "NONE"}),
        ("protection.law.unknown_status", {"status": "FORGOTTEN"}),
        ("protection.law.in_the_future", {"on": timezone.localdate() + timedelta(days=1)}),
        ("protection.law.no_source", {"source": "  "}),
    ],
)
def test_what_cannot_be_checked_is_refused(world, code, changes):
    with pytest.raises(Problem) as caught:
        write(world, **changes)
    assert code in {one.code for one in caught.value.each()}
    assert write(world).status == "UNDER_DISCUSSION", "the same without the fault is recorded"


def test_who_reads_does_not_record_and_another_organisation_sees_nothing_of_it(world):
    write(world)
    with pytest.raises(Problem, match="refused"):
        write(world, role="lawyer")
    assert gap_of(world, "mandate_officer").now.status == "UNDER_DISCUSSION", "the same organisation"
    assert gap_of(world, "lawyer").now.status == "PROPOSED", "another sees what the data say"
    with world.as_role("head_of_office"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM protection_lawstep")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement", ["UPDATE protection_lawstep SET status = 'AMENDED'", "DELETE FROM protection_lawstep"]
)
def test_a_line_is_never_changed(world, statement):
    write(world)
    with world.as_role("protection_officer"), connection.cursor() as cursor:
        changed = 0
        with suppress(DatabaseError), transaction.atomic():
            cursor.execute(statement)
            changed = cursor.rowcount
        assert changed == 0, "refused outright, or no row is shown for changing"
    assert gap_of(world).now.status == "UNDER_DISCUSSION"


def test_the_page_is_reached_from_supervision_and_takes_what_became_of_a_gap(world):
    officer = client_of(world.members["protection_officer"])
    assert "/supervision/law" in page_of(officer.get("/supervision"))
    page = page_of(officer.get("/supervision/law"))
    assert (
        "The law does not say that nobody is removed while an appeal is pending" in page
        and "An appeal suspends removal" in page
    )
    wrong = officer.post(f"/supervision/law/{GAP}", {"status": "AMENDED", "on": "2999-01-01", "source": SOURCE})
    assert wrong.status_code == 422 and SOURCE in wrong.content.decode()
    sent = {"status": "AMENDED", "on": timezone.localdate().isoformat(), "source": SOURCE, "note": "in the gazette"}
    assert officer.post(f"/supervision/law/{GAP}", sent).status_code == 302
    assert "in the gazette" in page_of(officer.get("/supervision/law"))
    assert officer.get("/supervision/law/NONE").status_code == 404
    lawyer = client_of(world.members["lawyer"])
    assert "Record what became of it" not in page_of(lawyer.get("/supervision/law"))
    assert lawyer.post(f"/supervision/law/{GAP}", sent).status_code == 403
