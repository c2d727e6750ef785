"""A panel that scores: each member alone and hidden, changeable until the scoring is closed; then the ranking is the decision."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.models import QuerySet

from panoh.access.context import acting, acting_as_system
from panoh.ledger.models import Entry
from panoh.procedures.models import AgendaItem, Case, PanelMarks, PanelScore, Ranking, Sitting
from panoh.procedures.operations import scores as operations
from panoh.procedures.operations.items import declare_conflict, defer_item, put_motion
from panoh.procedures.operations.scores import close_scores, decide_by_ranking, score_item
from panoh.procedures.operations.sittings import Attends, change_attendance, close_sitting
from panoh.procedures.queries.scores import read_panel
from tests.procedures.panels import KEEPER, Panel, marks
from tests.procedures.stories import differences, refused
from tests.signing_in import client_of


@pytest.fixture
def panel(world) -> Panel:
    return Panel.of(world, cases=3)


def kinds() -> list[str]:
    with acting_as_system("test"):
        return [
            one for one in Entry.objects.order_by("recorded_at", "id").values_list("kind", flat=True) if ".score" in one
        ]


def test_the_panel_scores_ranks_and_decides_in_one_act(panel):
    panel.score_all({0: (9, 9), 1: (5, 6), 2: (2, 3)})
    ranking = panel.close(selected=1, waiting_list=1)
    assert [line["outcome"] for line in ranking.lines] == ["selected", "waiting_list", "not_selected"]
    with panel.acting(KEEPER) as keeper:
        steps = decide_by_ranking(by=keeper, sitting=panel.sitting, expected_version=panel.version())
    assert len(steps) == 3
    with acting_as_system("test"):
        states = {case.pk: case.state for case in Case.objects.all()}
        assert [states[case.pk] for case in panel.cases] == ["selected", "waiting", "not_selected"]
        assert set(AgendaItem.objects.values_list("outcome", flat=True)) == {AgendaItem.DECIDED}
    assert kinds() == ["procedures.score.given"] * 6 + ["procedures.sitting.scores_closed"]
    with panel.acting(KEEPER) as keeper:
        close_sitting(by=keeper, sitting=panel.sitting, minutes="all ranked", expected_version=panel.version())
    assert differences() == []


def test_a_score_can_be_changed_until_the_scoring_is_closed_and_the_latest_counts(panel):
    panel.score_all({0: (1, 1), 1: (2, 2), 2: (3, 3)})
    panel.score("protection_officer", 0, 10)
    panel.score("protection_officer", 0, 10)  # the same again is no change
    assert kinds().count("procedures.score.changed") == 1
    ranking = panel.close(selected=1, waiting_list=0)
    assert ranking.lines[0]["item"] == str(panel.items[0].pk)
    with refused("procedures.scores.closed"):
        panel.score("protection_officer", 0, 1)


def test_a_score_after_closing_would_get_in_without_the_guard(panel, monkeypatch):
    panel.score_all({0: (1, 1), 1: (2, 2), 2: (3, 3)})
    panel.close(selected=1, waiting_list=0)
    monkeypatch.setattr(operations, "check_open", lambda sitting: None)
    panel.score("protection_officer", 0, 9)
    with acting_as_system("test"):
        assert PanelScore.objects.filter(turn=2).count() == 1


def test_nobody_sees_the_marks_of_the_others_before_the_scoring_is_closed(panel):
    panel.score_all({0: (9, 1), 1: (5, 5), 2: (2, 2)})
    with panel.acting("protection_officer") as member:
        assert set(PanelMarks.objects.values_list("member_id", flat=True)) == {member.member_id}
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procedures_panelmarks")
            assert cursor.fetchone() == (3,)
        assert PanelScore.objects.count() == 6  # who has scored is no secret
        for entry in Entry.objects.filter(kind="procedures.score.given"):
            assert "academic" not in entry.body
    with panel.acting(KEEPER):
        assert PanelMarks.objects.count() == 0
    panel.close(selected=1, waiting_list=1)
    with panel.acting("protection_officer"):
        assert PanelMarks.objects.count() == 6


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_without_its_policy_the_database_would_show_them(committed_world):
    panel = Panel.of(committed_world, cases=1)
    panel.score_all({0: (9, 1)})
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP POLICY own_until_closed ON procedures_panelmarks")
        try:
            with panel.acting(KEEPER):
                assert PanelMarks.objects.count() == 2
        finally:
            cursor.execute(POLICY)
    with panel.acting(KEEPER):
        assert PanelMarks.objects.count() == 0


POLICY = """CREATE POLICY own_until_closed ON procedures_panelmarks AS RESTRICTIVE FOR SELECT USING (
    (SELECT access_everything()) OR member_id = (SELECT (access_context()->>'actor')::uuid)
    OR EXISTS (SELECT FROM procedures_agendaitem i JOIN procedures_ranking r ON r.sitting_id = i.sitting_id
               WHERE i.id = procedures_panelmarks.item_id))"""


def test_who_has_a_conflict_does_not_score_and_does_not_count(panel, monkeypatch):
    panel.score("protection_officer", 0, 10)
    with panel.acting("protection_officer") as member:
        declare_conflict(by=member, item=panel.items[0], member=member.member_id, reason="my cousin")
        with refused("procedures.vote.conflict_of_interest"):
            score_item(by=member, item=panel.items[0], marks=marks(10))
    panel.score("mandate_officer", 0, 2)
    for case in (1, 2):
        panel.score("protection_officer", case, 5)
        panel.score("mandate_officer", case, 5)
    # The door away: the score gets in, and still does not count.
    monkeypatch.setattr(operations, "check_vote", lambda *_: None)
    panel.score("protection_officer", 0, 9)
    ranking = panel.close(selected=1, waiting_list=1)
    line = next(line for line in ranking.lines if line["item"] == str(panel.items[0].pk))
    assert line["score"] == "20/1" and line["rank"] == 3


def test_who_is_not_there_has_no_vote_and_who_keeps_the_sitting_neither(panel, world):
    with panel.acting(KEEPER) as keeper, refused("access.verb.refused_role"):
        score_item(by=keeper, item=panel.items[0], marks=marks(5))
    world.add_member("mandate_officer", "another_mandate", office="un_dushanbe")
    with panel.acting("another_mandate") as other, refused("procedures.vote.not_present"):
        score_item(by=other, item=panel.items[0], marks=marks(5))


def test_the_scoring_is_not_closed_while_somebody_has_yet_to_score(panel):
    panel.score("protection_officer", 0, 5)
    with refused("procedures.scores.missing"):
        panel.close(selected=1, waiting_list=1)
    with acting_as_system("test"):
        assert not Ranking.objects.exists()
    for case in range(3):
        panel.score("protection_officer", case, 5)
    # The other member leaves: what she had scored counts, what she had not is not waited for.
    panel.score("mandate_officer", 0, 9)
    with panel.acting(KEEPER) as keeper:
        lines = [
            Attends(line.member_id, line.place, present=line.place != "second")
            for line in panel.sitting.attendance.all()
        ]
        change_attendance(by=keeper, sitting=panel.sitting, attendance=lines, expected_version=panel.version())
    ranking = panel.close(selected=1, waiting_list=0)
    assert ranking.lines[0] | {"equal": 0} == ranking.lines[0] and ranking.lines[0]["score"] == "70/1"


def test_a_deferred_case_is_neither_ranked_nor_decided(panel):
    for case in (0, 1):
        panel.score("protection_officer", case, 5)
        panel.score("mandate_officer", case, 5)
    with panel.acting(KEEPER) as keeper:
        defer_item(by=keeper, item=panel.items[2], reason="her papers are missing")
    ranking = panel.close(selected=2, waiting_list=0)
    assert len(ranking.lines) == 2
    with panel.acting(KEEPER) as keeper:
        assert len(decide_by_ranking(by=keeper, sitting=panel.sitting, expected_version=panel.version())) == 2
        with refused("procedures.scores.nothing_to_decide"):
            decide_by_ranking(by=keeper, sitting=panel.sitting, expected_version=panel.version())


def test_what_is_scored_is_not_put_to_the_vote_and_not_decided_before_it_is_ranked(panel):
    with panel.acting(KEEPER) as keeper:
        with refused("procedures.motion.by_scores"):
            put_motion(by=keeper, item=panel.items[0], action="select", facts={}, persons_facts={})
        with refused("procedures.scores.not_closed"):
            decide_by_ranking(by=keeper, sitting=panel.sitting, expected_version=panel.version())
        with refused("procedures.scores.places", "places-waiting_list"):
            close_scores(by=keeper, sitting=panel.sitting, places={"selected": "2"}, expected_version=panel.version())
        with refused("procedures.sitting.changed_meanwhile"):
            close_scores(
                by=keeper, sitting=panel.sitting, places={"selected": 2, "waiting_list": 1}, expected_version=99
            )


def test_marks_out_of_range_are_refused_at_their_criterion(panel):
    with panel.acting("protection_officer") as member, refused("procedures.score.out_of_range", "motivation"):
        score_item(by=member, item=panel.items[0], marks={**marks(5), "motivation": 11})


def test_the_database_keeps_what_was_scored(panel):
    panel.score("protection_officer", 0, 5)
    for statement in (
        "UPDATE procedures_panelscore SET turn = 9",
        "DELETE FROM procedures_panelscore",
        "UPDATE procedures_panelmarks SET given = '{}'",
        "DELETE FROM procedures_ranking",
        "UPDATE procedures_ranking SET places = '{}'",
    ):
        with (
            panel.acting("protection_officer"),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# -- two at once ------------------------------------------------------------------------------------------------------


def score_twice_at_once(panel: Panel) -> list[object]:
    start, found = threading.Barrier(2), []
    actor = panel.world.actor("protection_officer")

    def run(mark: int) -> None:
        try:
            start.wait(10)
            with acting(actor) as member:
                found.append(score_item(by=member, item=panel.items[0], marks=marks(mark)))
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(mark,)) for mark in (3, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_two_scores_of_one_member_at_once_follow_upon_each_other(committed_world):
    panel = Panel.of(committed_world, cases=1)
    found = score_twice_at_once(panel)
    assert sorted(getattr(one, "turn", one) for one in found) == [1, 2], found


def test_without_the_lock_the_database_keeps_one_of_them(committed_world, monkeypatch):
    """Both have looked for an earlier score before the first writes hers: the unique turn is what is left."""
    panel = Panel.of(committed_world, cases=1)
    both, real = threading.Barrier(2), operations.new_id

    def once_both_have_looked():
        both.wait(20)
        return real()

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr(operations, "new_id", once_both_have_looked)
    found = score_twice_at_once(panel)
    assert sum(isinstance(one, PanelScore) for one in found) == 1, found
    assert any(isinstance(one, IntegrityError) for one in found), found


# -- pages ------------------------------------------------------------------------------------------------------------


def test_members_score_on_pages_and_the_keeper_closes_and_decides(panel):
    address = f"/sittings/{panel.sitting.number}"
    for role, value in (("protection_officer", "8"), ("mandate_officer", "6")):
        client = client_of(panel.world.members[role])
        for position in (1, 2, 3):
            form = {f"mark-{code}": value for code in marks(0)}
            wrong = client.post(f"{address}/items/{position}/score", {**form, "mark-academic": "99"})
            assert wrong.status_code == 422 and 'value="99"' in wrong.content.decode()
            assert client.post(f"{address}/items/{position}/score", form).status_code == 302
        page = client.get(f"{address}/items/1").content.decode()
        assert 'name="mark-academic"' in page and f'value="{value}"' in page
        if role == "mandate_officer":
            assert "80.0" not in page  # what the other gave
    keeper = client_of(panel.world.members[KEEPER])
    page = keeper.get(address).content.decode()
    assert "3 of 3 scored" in page and "80.0" not in page
    with acting_as_system("test"):
        version = Sitting.objects.get(pk=panel.sitting.pk).version
    closed = keeper.post(
        f"{address}/close-scores", {"version": version, "places-selected": "5", "places-waiting_list": "0"}
    )
    assert closed.status_code == 302, closed.content.decode()[:3000]
    page = keeper.get(address).content.decode()
    told = re.sub(r"<[^>]+>", "", page)
    assert re.search(r"\b70\b", told) and "60–80" in told and "equal" in told
    assert keeper.post(f"{address}/decide-ranking", {"version": version + 1}).status_code == 302
    pdf = keeper.get(f"{address}/minutes.pdf")
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF")


def test_a_reader_without_every_file_sees_the_panel_of_those_she_does(panel):
    with panel.acting(KEEPER):
        assert len(read_panel(panel.sitting).lines) == 3
