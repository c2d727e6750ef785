"""Every procedure of the country on every track in a browser, from opening to closure, with a refusal on the way: by links, forms and sittings alone.

No procedure is named here: who acts, what is answered and who sits is read from the rulebook, so a new one is walked too.
Every second one is walked in Dari.
"""

from __future__ import annotations

import re

import pytest

from panoh.access.context import acting_as_system
from panoh.procedures.models import Case, PaperOrder
from panoh.procedures.rules.guards import person_field
from panoh.rulebook.model import Procedure
from tests.browser import follow, type_day
from tests.journeys.test_main_story import Office
from tests.procedures.stories import Story
from tests.procedures.test_every_procedure import TRACKS, Walked, way_to_an_end
from tests.procedures.test_pages import as_sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]

WAYS = [(one, track, ("en", "prs")[n % 2]) for n, (one, track) in enumerate(TRACKS)]


class Browsed(Walked):
    """The walk of a case in browser windows, one for each role."""

    def __init__(self, story: Story, procedure: Procedure, track: str, office: Office) -> None:
        super().__init__(story, procedure, track)
        self.office = office
        self.refused = 0

    # -- acts ---------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        opening = self.procedure.actions[self.procedure.tracks[self.track].opens_with]
        role = self.role_of(opening)
        if self.people:
            page = self.office.at(role, f"/households/{self.story.household.number}")
            page.goto(self.office.visit.address + f"/households/{self.story.household.number}/cases/new")
            follow(page.locator(f"main a[href$='/cases/{self.procedure.code}/{self.track}']").first)
        else:
            page = self.office.at(role, "/work")
            follow(page.locator(f"main a[href$='/cases/new/{self.procedure.code}/{self.track}']").first)
        self.be_refused(page)
        answers = as_sent(self.answering.case(opening, self.story.today()))
        form = page.locator("main form").first
        for person in self.people:
            form.locator(f"input[name='persons'][value='{person.pk}']").check()
        for other in self.story.persons[len(self.people) :] if self.people else ():
            box = form.locator(f"input[type='checkbox'][name='persons'][value='{other.pk}']")
            if box.count():
                box.uncheck()
        fill_in(form, answers)
        self.record(page)
        with acting_as_system("test"):
            self.story.case = Case.objects.get()

    def take(self, code: str, choice: list[str]) -> None:
        action = self.procedure.actions[code]
        if action.by_sitting:
            self.sit(action, self.about(action, choice))
            return
        facts, persons = self.answers(action, choice)
        page = self.office.at(self.second(action), f"/cases/{self.story.case.number}")
        follow(page.locator(f"main a[href$='/cases/{self.story.case.number}/{code}']").first)
        if self.refused < 2 and any(one.required and one.shown_when is None for one in action.form):
            self.be_refused(page)
        form = page.locator("main form").first
        fill_in(form, as_sent(facts))
        with acting_as_system("test"):
            positions = {line.person_id: line.position for line in self.story.case.persons.all()}
        for person, about in persons.items():
            fill_in(form, {person_field(positions[person], name): value for name, value in as_sent(about).items()})
        self.record(page)

    def be_refused(self, page) -> None:
        """An empty form comes back, says what is missing, and nothing has happened."""
        form = page.locator("main form").first
        typed = typed_day_of(form)
        tick = form.locator("input[type='checkbox'][name='persons']")
        for n in range(tick.count()):
            tick.nth(n).uncheck()
        follow(form.locator(".form-acts button.button").first)
        assert "done=" not in page.url, "an empty form was taken"
        assert page.locator(".field-error, .notice-due, .problem-parts").count(), words(page)
        assert typed_day_of(page.locator("main form").first) == typed, "what was typed is kept"
        self.refused += 1
        # The browser's console tells of every 422; this one was wanted.
        self.office.visit.complaints[:] = [one for one in self.office.visit.complaints if "status of 422" not in one]

    def record(self, page) -> None:
        follow(page.locator("main form .form-acts button.button").first)
        assert "done=" in page.url, words(page)
        with acting_as_system("test"):
            if self.story.case:
                self.story.case.refresh_from_db()

    # -- sittings -----------------------------------------------------------------------------------------------------

    def sit(self, action, about: list[dict]) -> None:
        rule = self.procedure.sittings[action.by_sitting]
        keeper = next(seat.role for seat in rule.seats if seat.seat == "secretary")
        home = self.story.world.members[keeper].office.code
        seats = self.story.seat_everybody(rule.code, office=home)
        page = self.office.at(keeper, "/sittings")
        follow(page.locator(f"main a[href$='/sittings/convene/{self.procedure.code}/{rule.code}']"))
        page.locator("main [name='place']").fill("4")
        follow(page.locator("main form .form-acts button.button").first)
        follow(page.locator("main a[href$='/attendance']").first)
        for one in seats:
            page.locator(f"main [name='seat-{one.place}']").select_option(str(one.member_id))
        follow(page.locator("main form .form-acts button.button").first)
        address = re.sub(r"^https?://[^/]+", "", page.url)
        if rule.scores and rule.scores.decides == action.code:
            page = self.score(rule, address, about[0][rule.scores.fills], keeper)
        else:
            follow(page.locator("main a[href*='/items/1']").first)
            self.move(page, action, about)
            for box in page.locator("main input[type='radio'][value='for']").all():
                box.check()
            follow(page.locator("main form[action$='/votes'] .form-acts button").first)
            follow(page.locator("main form[action$='/count'] button").first)
            self.decide(page, action)
            page.goto(re.sub(r"/items/.*", "", page.url))
        page.locator("#minutes-text").fill("All spoke.")
        follow(page.locator("main form[action$='/close'] button").first)
        with acting_as_system("test"):
            self.story.case.refresh_from_db()

    def score(self, rule, address: str, outcome: str, keeper: str):
        """Each member scores on her own page; whoever keeps the sitting closes the scoring and decides by the ranking."""
        voting = {seat.code for seat in rule.seats if seat.votes}
        names = {member.pk: name for name, member in self.story.world.members.items()}
        for place in voting:
            page = self.office.at(names[self.story.seats[place].pk], f"{address}/items/1")
            for one in rule.scores.criteria.values():
                page.locator(f"#mark-{one.code}").fill(str(one.highest))
            follow(page.locator("#own-score form .form-acts button"))
        page = self.office.at(keeper, address)
        for answer in rule.scores.ranked:
            page.locator(f"#places-{answer}").fill(str(int(answer == outcome)))
        follow(page.locator("main form[action$='/close-scores'] button"))
        follow(page.locator("main form[action$='/decide-ranking'] button"))
        return page

    def move(self, page, action, about: list[dict]) -> None:
        form = page.locator(f"main form[action$='/move']:has(input[name='action'][value='{action.code}'])")
        form.evaluate("form => { const more = form.closest('details'); if (more) more.open = true; }")
        voted = {one.name for one in action.per_person if one.field_class == "open"}
        with acting_as_system("test"):
            positions = list(self.story.case.persons.values_list("position", flat=True).order_by("position"))
        for n, position in enumerate(positions):
            given = {name: value for name, value in about[min(n, len(about) - 1)].items() if name in voted}
            fill_in(form, {person_field(position, name): value for name, value in as_sent(given).items()})
        fill_in(form, as_sent(self.answering.case(action, self.story.today())))
        follow(form.locator(".form-acts button").first)
        assert page.locator("#vote").count(), words(page)

    def decide(self, page, action) -> None:
        form = page.locator("main form[action$='/decide']")
        if not form.count():
            raise AssertionError(words(page))
        fill_in(form, as_sent(self.answering.case(action, self.story.today())))
        with acting_as_system("test"):
            lines = list(self.story.case.persons.all())
        for line in lines:
            for field in action.per_person:
                if field.required and form.locator(f"[name='{person_field(line.position, field.name)}']").count():
                    about = self.answering.person(action, self.story.today())
                    given = {person_field(line.position, name): value for name, value in as_sent(about).items()}
                    fill_in(form, given)
                    break
        follow(form.locator(".form-acts button").first)
        assert not page.locator("main form[action$='/decide']").count(), words(page)


def words(page) -> str:
    return f"{page.url}: {page.locator('main').inner_text()[:1800]}"


def typed_day_of(form) -> list[str]:
    """What stands in the day of the act: one field, or day, month and year."""
    fields = form.locator(
        "[name='occurred_on'], [name='occurred_on_day'], [name='occurred_on_month'], [name='occurred_on_year']"
    )
    return [fields.nth(n).input_value() for n in range(fields.count())]


def fill_in(form, answers: dict[str, object]) -> None:
    """Answers by the name of the field, as far as this form asks for them."""
    for name, answer in answers.items():
        if type_day(form, name, str(answer)):
            continue
        places = form.locator(f"[name='{name}']")
        if not places.count():
            continue
        match places.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type"):
            case "select":
                places.first.select_option(str(answer))
            case "radio":
                form.locator(f"[name='{name}'][value='{answer}']").check()
            case "checkbox":
                for value in answer if isinstance(answer, list) else [answer]:
                    form.locator(f"[name='{name}'][value='{value}']").check()
            case "file":
                continue
            case _:
                places.first.fill(str(answer))


@pytest.mark.parametrize(
    ("procedure", "track", "language"), WAYS, ids=[f"{one.code}-{track}-{language}" for one, track, language in WAYS]
)
def test_a_procedure_is_walked_from_opening_to_closure(
    committed_world, visit, procedure: Procedure, track: str, language: str
):
    story = Story(committed_world)
    story.register()
    walked = Browsed(story, procedure, track, Office(visit, committed_world, language))
    walked.open()
    way = way_to_an_end(procedure, track)
    for action, choice in way[1:]:
        walked.take(action.code, choice)
    assert procedure.states[story.case.state].is_final
    assert walked.refused, "somebody was refused on the way, in words"
    role = walked.role_of(way[-1][0])
    page = walked.office.at(role, f"/cases/{story.case.number}")
    assert page.locator("#history li[id^='step-']").count() == len(way)
    with acting_as_system("test"):
        letters = [(order.pk, order.letter) for order in PaperOrder.objects.filter(case=story.case).exclude(letter="")]
    for order, letter in letters:
        link = page.locator(f"main a[href$='/letters/{order}.pdf']")
        if link.count():
            printed = page.context.request.get(walked.office.visit.address + link.get_attribute("href"))
            assert printed.body().startswith(b"%PDF"), letter
