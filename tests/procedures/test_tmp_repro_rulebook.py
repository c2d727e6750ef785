from hypothesis import settings, Phase, HealthCheck, seed
import pytest
from hypothesis.stateful import run_state_machine_as_test
from tests.procedures import test_random_walk as trw
from tests.procedures.test_random_walk import Walk, Entry, acting_as_system, Replay
class Logged(Walk):
    pass
_orig = Replay.differences
def logged(self):
    found = list(_orig(self))
    if found:
        for e in Entry.objects.order_by("recorded_at","id"):
            print("LOG", e.recorded_at, e.id, e.kind, {k:v for k,v in e.payload.items() if k in("item","items","sitting","state","action")})
        print("LOG", found)
    return iter(found)
@pytest.mark.parametrize("n", range(6))
def test_repro(db, n, monkeypatch):
    monkeypatch.setattr(Replay, "differences", logged)
    run_state_machine_as_test(Walk, settings=settings(max_examples=15, stateful_step_count=6, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)))
