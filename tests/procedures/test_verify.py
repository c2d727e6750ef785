"""`panoh ledger verify` and this room: an edit past the ledger is found, whoever made it."""

from __future__ import annotations

import pytest

from panoh.ledger.replay import LedgerReader
from panoh.procedures import replay
from tests.procedures.stories import Story


@pytest.fixture
def decided(committed_world) -> Story:
    story = Story(committed_world)
    story.register()
    story.open("asylum", "government", "registration_clerk")
    for action in ("register", "interview", "record_assessment", "refer_to_commission"):
        story.take(action, "eligibility_officer")
    story.convene()
    story.open_sitting()
    story.move("decide", {"outcome": "rejected", "grounds": ["NOT_CREDIBLE"]})
    story.vote("for")
    story.count_and_decide()
    return story


def found(superuser) -> set[str]:
    # A server-side cursor lives in a transaction.
    with superuser.transaction():
        return {
            finding.params["what"] for finding in replay.compare_with_ledger(LedgerReader(superuser, lambda: superuser))
        }


def tamper(superuser, statement: str) -> None:
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(statement)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE procedures_caseperson SET outcome = 'recognised' WHERE position = 1", "persons"),
        ("UPDATE procedures_case SET state = 'decided_positive'", "state"),
        ("UPDATE procedures_case SET opened_on = opened_on - 30", "opened_on"),
        ("DELETE FROM procedures_step WHERE action = 'record_assessment'", "steps"),
        ("UPDATE procedures_sitting SET state = 'closed'", "sitting"),
        ("UPDATE procedures_agendaitem SET outcome = 'deferred', step_id = NULL", "item"),
    ],
)
def test_what_a_database_administrator_changes_is_found(decided, superuser, statement, words):
    assert found(superuser) == set()
    tamper(superuser, statement)
    findings = found(superuser)
    assert len(findings) == 1 and words in findings.pop()


def test_the_committed_state_of_a_case_is_what_its_tables_hold(decided, superuser):
    assert set(replay.states_now([decided.case.pk])) == {decided.case.pk}
    with superuser.transaction():
        last = next(
            one for one in LedgerReader(superuser, lambda: superuser).last_states() if one.subject_id == decided.case.pk
        )
    assert last.fits(replay.states_now([decided.case.pk])[decided.case.pk])
    tamper(superuser, "UPDATE procedures_caseperson SET grounds = '{POLITICAL}' WHERE position = 2")
    assert not last.fits(replay.states_now([decided.case.pk])[decided.case.pk])
