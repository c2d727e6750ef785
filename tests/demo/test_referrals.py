"""The demo's referrals: at every place of their way, in time and late, seen by their two sides, true to the ledger."""

from __future__ import annotations

from panoh.access.context import acting, acting_as_system
from panoh.referrals.models import Referral
from panoh.referrals.queries.referrals import find_shown, list_ended, list_open
from panoh.referrals.replays import referral_states
from tests.demo.conftest import UNTIL
from tests.demo.test_incidents import actor


def test_each_side_has_its_turn(loaded):
    with acting(actor("protection")) as officer:
        lines = list_open(officer, UNTIL)
        assert [line for line in lines if line.is_ours]
        assert [line for line in lines if not line.is_ours]
        assert list_ended(officer, UNTIL)
    with acting(actor("lawyer")) as lawyer:
        running = [line for line in list_open(lawyer, UNTIL) if not line.sent_by_us]
        assert running
        assert all(find_shown(line.referral) for line in running)


def test_the_state_that_keeps_the_files_sees_none_of_them(loaded):
    for username in ("supervisor", "head", "clerk", "eligibility", "administrator"):
        with acting(actor(username)):
            assert not Referral.objects.exists(), username


def test_the_ledger_committed_to_the_rows_that_are_there(loaded):
    with acting_as_system("a test"):
        ids = list(Referral.objects.values_list("pk", flat=True))
    assert len(ids) >= 12
    assert len(referral_states(ids)) == len(ids)
