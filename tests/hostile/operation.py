"""An operation in which every page has something to show: files, cases at several stages, a sitting, papers, a pair.

The pages are then found by following links (`site.explore`), so a page or a form that somebody adds is met as well.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from panoh.access.context import acting, acting_as_system
from panoh.access.models import Member, Office
from panoh.access.operations import assign_file, open_in_emergency
from panoh.kernel.calendars import BirthDate
from panoh.ledger.operations import record
from panoh.papers.operations import confirm_paper, receive_stock
from panoh.procedures.operations.barriers import record_barrier
from panoh.procedures.operations.feasts import propose_feast
from panoh.protection.operations import report_incident
from panoh.protection.operations.evidence import File
from panoh.protection.operations.interventions import Sent, send_intervention
from panoh.protection.rules.reports import Report
from panoh.referrals.operations import Asked, accept_referral, decline_referral, send_referral
from panoh.registry.importing.files import keep_workbook, take_kept
from panoh.registry.operations import add_need, close_household, give_consent, judge_duplicate, set_photo
from panoh.registry.operations.registering import RegisteredHousehold, register_household
from panoh.registry.registration import ConsentEntry, NeedEntry
from panoh.rulebook import current
from panoh.rulebook.feasts import expected_feasts
from panoh.statistics.definitions import ACCOUNTS
from tests.papers.conftest import certificate, picture
from tests.procedures.stories import Story
from tests.registry.families import five, person
from tests.registry.workbooks import HOUSES, PEOPLE, make_workbook
from tests.scheduling.rides import Ride
from tests.world import SINCE, World


@dataclass
class Operation:
    world: World
    open: RegisteredHousehold  # with photo, need, consent, papers; its case waits for the interview
    decided: RegisteredHousehold  # its case was decided in the sitting that is still open
    pending: RegisteredHousehold  # its case is on the agenda, with a proposal put
    mandate: RegisteredHousehold
    closed: RegisteredHousehold
    foreign: RegisteredHousehold  # in the custody of another authority that has no agreement with anybody
    cases: dict[str, Any]
    sitting: Any
    prepared: Any
    issued: Any
    neighbour: Member
    brought: Any  # a workbook that waits for a decision
    batch: Any  # households that a workbook brought
    incident: str  # number of an open incident with a file and an intervention
    intervention: str
    referrals: list[str]  # one that waits for an answer, one taken on, one that came back
    mission: str  # number of a round of interviews whose plan waits for a person

    def starts(self) -> list[str]:
        """Where the links begin: what a member would find by search, whatever the member's role."""
        homes = (self.open, self.decided, self.closed)
        return [
            *(
                "/",
                "/start",
                "/search?q=%D9%86%D8%AC%DB%8C%D8%A8",
                "/statistics",
                f"/statistics/figure?table={ACCOUNTS[0].code}&column={ACCOUNTS[0].increases[0]}",
            ),
            *(f"/households/{home.household.number}" for home in homes),
            f"/persons/{self.open.persons[1].number}",  # has a photo
            *(f"/cases/{self.cases[name].number}" for name in ("decided", "pending", "open", "mandate")),
            f"/sittings/{self.sitting.number}",
            *(f"/papers/{paper.number}" for paper in (self.prepared, self.issued)),
            f"/imports/files/{self.brought.pk}",
            f"/imports/{self.batch.pk}",
            f"/emergencies/open?number={self.foreign.household.number}",
            "/incidents/report",
            f"/incidents/{self.incident}",
            f"/interventions/{self.intervention}",
            *(f"/referrals/{number}" for number in self.referrals),
            f"/missions/{self.mission}",
        ]


def family(world: World, clerk: Any, given: str, **more: Any) -> RegisteredHousehold:
    registration = five(world.offices["panji_poyon"].pk, **more)
    father, *others = registration.persons
    name = replace(father.names[0], given=given)
    return register_household(
        by=clerk, registration=replace(registration, persons=(replace(father, names=(name,)), *others))
    )


def make_operation(world: World) -> Operation:
    today = timezone.localdate()
    with world.as_role("registration_clerk") as clerk:
        homes = {
            name: family(world, clerk, given)
            for name, given in (
                ("open", "نجیب"),
                ("decided", "عبدالغفور"),
                ("pending", "میر احمد"),
                ("mandate", "زلمی"),
            )
        }
        alone = five(
            world.offices["panji_poyon"].pk,
            persons=(person("داود", birth=BirthDate.from_parts("solar_hijri", 1362)),),
        )
        homes["closed"] = register_household(by=clerk, registration=alone)
    live_on(world, homes["open"], today)
    with world.as_role("registration_supervisor") as supervisor:
        close_household(
            by=supervisor, household=homes["closed"].household, reason="SPONTANEOUS_RETURN", closed_on=today
        )
        judge_duplicate(
            by=supervisor, person=homes["open"].persons[1], other=homes["decided"].persons[1], verdict="unsure"
        )
    cases, sitting = sit(world, homes)
    with world.as_role("registration_supervisor") as supervisor:
        receive_stock(by=supervisor, kind="ASYLUM_SEEKER_CERTIFICATE", first=1, last=40, received_on=today)
    with world.as_role("registration_clerk") as clerk:
        prepared = certificate(clerk, homes["open"].persons[1])
        issued = certificate(clerk, homes["open"].persons[0])
    with world.as_role("registration_supervisor") as supervisor:
        issued = confirm_paper(by=supervisor, paper=issued)
    with world.as_role("commission_secretary") as keeper:
        record_barrier(by=keeper, kind="OFFICE_CLOSED", from_on=today - timedelta(days=3), reason="flood")
        feast = expected_feasts(current())[-1].on
        propose_feast(by=keeper, expected_on=feast, on=feast, source="Council of Ulems, no. 4")
    with world.as_role("register_officer") as officer:
        taken = take_kept(by=officer, file=bring(officer, HOUSES[:1], PEOPLE[:2]))
        brought = bring(officer, HOUSES, PEOPLE[:2])
    neighbour = add_neighbour(world)
    with acting(actor_of(neighbour)) as away:
        foreign = register_household(by=away, registration=replace(alone, office_id=neighbour.office_id))
    with world.as_role("protection_officer") as officer:
        open_in_emergency(
            by=officer, household_id=foreign.household.pk, reason="a child is in danger of being sent back"
        )
    with world.as_role("protection_officer") as officer:
        assign_file(by=officer, household=homes["open"].household, member=world.members["lawyer"])
    incident, intervention = protect(world, homes["open"], today)
    ride = plan_interviews(world)
    return Operation(
        world,
        incident=incident,
        intervention=intervention,
        referrals=refer(world, homes["open"]),
        mission=ride.mission.number,
        **homes,
        foreign=foreign,
        cases=cases,
        sitting=sitting,
        prepared=prepared,
        issued=issued,
        neighbour=neighbour,
        brought=brought,
        batch=taken.batch,
    )


def protect(world: World, home: RegisteredHousehold, today: date) -> tuple[str, str]:
    """A bribe at the border, told by the protection officer, and the letter about it."""
    with world.as_role("protection_officer") as officer:
        told = Report(
            kind="BRIBE",
            occurred_on=today,
            narrative="Two men in uniform asked for money.",
            place="3507223",
            institution="BORDER_TROOPS",
            accused_office_id=world.offices["panji_poyon"].pk,
            numbers=(home.household.number,),
        )
        files = [File("paper.pdf", b"%PDF-1.7 a paper")]
        number = report_incident(by=officer, report=told, files=files).number
        letter = Sent("LETTER", "MIGRATION", "A bribe", "We ask you to look into it.", today, incidents=(number,))
        return number, send_intervention(by=officer, sent=letter).number


def refer(world: World, home: RegisteredHousehold) -> list[str]:
    """Three of the family referred to the lawyers: each referral at another place of its way."""
    receiver = world.organisations["ngo"].pk
    with world.as_role("protection_officer") as officer:
        sent = [
            send_referral(
                by=officer,
                household=home.household,
                asked=Asked("LEGAL_AID", receiver, [person.pk], "SOON", "Nobody speaks for them.", ("contact",)),
            )
            for person in home.persons[:3]
        ]
    with world.as_role("lawyer") as lawyer:
        accept_referral(by=lawyer, referral=sent[1], expected_version=1)
        decline_referral(by=lawyer, referral=sent[2], expected_version=1, outcome="NO_CAPACITY", text="Nobody is free.")
    return [one.number for one in sent]


def plan_interviews(world: World) -> Ride:
    """A round of interviews with the family whose interview is due."""
    ride = Ride(world)
    ride.make()
    ride.list_all()
    ride.plan()
    return ride


def bring(officer: Any, houses: Any, people: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        content = make_workbook(Path(folder) / "families.xlsx", houses, people).read_bytes()
    return keep_workbook(by=officer, file_name="families.xlsx", content=content, office_id=officer.office_id)


def actor_of(member: Member) -> Any:
    from panoh.access.queries import actor_for

    return actor_for(member)


def live_on(world: World, home: RegisteredHousehold, today: date) -> None:
    undp = world.organisations["undp"].pk
    with world.as_role("registration_clerk") as clerk:
        set_photo(by=clerk, person=home.persons[1], image=picture())
        add_need(by=clerk, person=home.persons[1], need=NeedEntry("CR-NE", today))
        consent = ConsentEntry("assistance", undp, "oral", "PRS", today)
        give_consent(by=clerk, household=home.household, consent=consent)
        lawyers = ConsentEntry("legal_aid", world.organisations["ngo"].pk, "oral", "PRS", today)
        give_consent(by=clerk, household=home.household, consent=lawyers)


def sit(world: World, homes: dict[str, RegisteredHousehold]) -> tuple[dict[str, Any], Any]:
    """Cases of four families; two of them before one sitting, where one is decided and one is being voted on."""
    stories = {}
    for name in ("open", "decided", "pending", "mandate"):
        story = stories[name] = Story(world, homes[name].household, list(homes[name].persons))
        if name == "mandate":
            story.open("asylum", "mandate", "mandate_officer")
            continue
        story.open("asylum", "government", "registration_clerk")
        story.take("register", "eligibility_officer")
        if name != "open":
            for action in ("interview", "record_assessment", "refer_to_commission"):
                story.take(action, "eligibility_officer")
    keeper = stories["decided"]
    keeper.convene()
    keeper.open_sitting()
    stories["pending"].sitting = keeper.sitting
    for name in ("decided", "pending"):
        stories[name].move("decide", {"outcome": "recognised", "grounds": ["POLITICAL"]})
    keeper.vote("for")
    keeper.count_and_decide()
    return {name: story.case for name, story in stories.items()}, keeper.sitting


def add_neighbour(world: World) -> Member:
    """A clerk of another country's authority: holds the verbs, sees nothing of this one's files."""
    owner = world.organisations["neighbour"]
    with acting_as_system("an office of a test", records=["test.office.made"]):
        world.offices["neighbour"] = Office.objects.create(
            organisation=owner,
            code="neighbour",
            prefix="901",
            titles=dict.fromkeys(("en", "ru", "tg", "prs"), "Neighbour"),
            place="3501263",
            valid_from=SINCE,
        )
        record(
            by=None, kind="test.office.made", subjects=[world.offices["neighbour"].pk], payload={}, occurred_on=SINCE
        )
    return world.add_member("registration_supervisor", "neighbour", office="neighbour")
