"""No form of the site breaks, whoever sends whatever: forms are found on the pages, so a new one is tried as well.

In the suite hypothesis tries a few sendings, others each time; `--hostile-minutes N` goes on for so long and tells all it found.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panoh.access.roles import ROLES
from panoh.web.reader import LANGUAGES
from tests.hostile.judging import Sending, send
from tests.hostile.operation import Operation, make_operation
from tests.hostile.site import Explored, Form, explore, patterns, place_of
from tests.hostile.values import FILES, HOSTILE, hostile_value
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

OPEN_TO_ALL = ("/account/login/", "/check", "/ledger/receipt", "/welcome", "/help", "/look")
# Between them they reach every form; the sweep of all roles is tests/meta/test_every_page.py, the long run here.
FEW = (
    "registration_supervisor",
    "protection_officer",
    "commission_secretary",
    "administrator",
    "auditor",
    "register_officer",
    "lawyer",
    "eligibility_officer",
)
EXAMPLES = 25  # for each of the groups below: finding the forms takes longer than that already
LEAST_SENT = 40  # of the long run, where it is given no time
GROUPS = (
    ("registration_supervisor", "eligibility_officer"),
    ("protection_officer", "auditor", "lawyer"),
    ("commission_secretary", "register_officer", "administrator", ""),
)

# Pages that no link leads to with what the operation holds; each is reached by its own test.
REACHED_ELSEWHERE = {
    "demo_enter",  # the demo's alone; tests/demo
    "check_standing", "check_manifest", "check_worker", "check_keys",  # asked by scripts; tests/papers/test_check.py
    "robots",
    "health",  # asked by what watches the machine; tests/setup/test_rulebook_in_force.py
    "household_alike",  # asked by the sheet while it is typed; tests/registry/test_typing.py
    "api_persons", "api_problem",  # asked by programs; tests/api
    "item_act", "sitting_act", "notice_seen", "duplicate_undo", "duplicate_confirm", "import_undo", "import_put_away", "paper_confirm", "case_paper", "case_code", "case_code_revoke", "case_code_send", "case_contact_add", "case_contact_end", "own_case_slip",  # take forms only
    "mission_act", "mission_came", "mission_remove", "mission_route",  # … and of missions
    "choose_language", "choose_calendar", "choose_purpose", "choose_membership", "token_end",  # … and these
    "sitting_agenda",  # until a sitting opens; tests/procedures/test_browser.py
    "incident_evidence_add", "incident_reopen", "incident_export",  # of an incident, of which none is here; tests/protection
    "case_letter",  # of acts that write one, of which none is done here; tests/procedures/test_every_page.py
    "rulebook_draft",  # where a draft is set; tests/procedures/test_comparison.py
    "case_move", "moves_make",  # where a later version takes cases; tests/procedures/test_moves.py
    "step_file",  # a file handed in with a step; tests/procedures
    "ledger_checkpoint", "ledger_latest_checkpoint",  # nothing is signed yet here; tests/journeys/test_ledger_pages.py
    "receipt",  # its address is written on the answer of an act; tests/papers/test_pages.py
    "library_document", "library_paragraph", "library_settle", "library_withdraw", "library_redact", "library_cite", "library_claim", "library_keep",  # of a source, of which none is here; tests/library
    "library_sources", "library_bundle", "library_citation_end", "library_figure", "library_claim_withdraw", "library_shelf", "library_shelf_bundle", "library_search_save", "library_search_forget",  # … and of what hangs on one
    "library_intake", "library_intake_retry", "library_intake_undo",  # of files that were brought; tests/library/test_intakes.py
    "library_unsettled", "library_wanted",  # where something is unsettled; tests/library
    "home", "start", "welcome",  # lead on at once
}  # fmt: skip


@pytest.fixture
def operation(world) -> Operation:
    return make_operation(world)


def client_for(operation: Operation, role: str) -> Client:
    client = client_of(operation.world.members[role]) if role else Client()
    client.raise_request_exception = True
    return client


def forms_of(operation: Operation, role: str) -> tuple[Client, Explored]:
    client = client_for(operation, role)
    return client, explore(client, operation.starts() if role else OPEN_TO_ALL)


def test_links_lead_to_every_page(operation) -> None:
    """What the fuzz does not reach it cannot try: a page that nothing leads to needs a link or a line above."""
    reached = {place[0] for role in FEW for place in forms_of(operation, role)[1].opened}
    reached |= {place[0] for place in forms_of(operation, "")[1].opened}
    ours = {pattern.name for _route, pattern in patterns() if pattern.callback.__module__.startswith("panoh.")}
    unreached = sorted(ours - reached - REACHED_ELSEWHERE)
    assert not unreached, " ".join(unreached)


@st.composite
def sendings(draw: Any, forms: list[tuple[Client, Form]]) -> tuple[Client, Sending]:
    """A form with some of its fields hostile, missing, repeated or chosen, and the rest as it stands."""
    client, form = draw(st.sampled_from(forms))
    kept: list[tuple[str, str]] = []
    touched = draw(st.sets(st.sampled_from(form.names()), max_size=4)) if form.names() else set()
    kept = [pair for pair in form.sent() if pair[0] not in touched]
    for name in sorted(touched):
        options = [value for one in form.fields if one.name == name for value in (*one.options, one.value) if value]
        value = st.one_of(hostile_value(), st.sampled_from(options)) if options else hostile_value()
        kept += [(name, draw(value)) for _ in range(draw(st.sampled_from((0, 1, 1, 1, 1, 3))))]
    files = [(name, *draw(st.sampled_from(FILES))) for name in form.files() if draw(st.booleans())]
    return client, Sending(form, kept, files, draw(st.sampled_from(sorted(LANGUAGES))))


@pytest.mark.parametrize("roles", GROUPS, ids=lambda roles: "+".join(role or "nobody" for role in roles))
def test_no_form_breaks_or_loses_what_was_typed(operation, roles: tuple[str, ...]) -> None:
    forms: dict[tuple[Any, ...], tuple[Client, Form]] = {}
    for role in roles:
        client, found = forms_of(operation, role)
        assert not found.faults
        for shape, form in found.forms.items():
            forms.setdefault(shape, (client, form))
    assert len(forms) > 30

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), report_multiple_bugs=True)
    @given(sendings(list(forms.values())))
    def try_one(drawn: tuple[Client, Sending]) -> None:
        client, sending = drawn
        _answer, wrong = send(client, sending)
        assert not wrong, (sending.form.action, wrong)

    try_one()


def test_every_field_of_every_form_with_every_value(operation, request) -> None:
    """The long run: all roles, each form empty, each form all hostile, then at random until the time is over."""
    minutes = request.config.getoption("--hostile-minutes")
    chosen = random.Random(request.config.getoption("--hostile-seed"))
    forms = [
        (role, client, form)
        for role in (*(sorted(ROLES) if minutes else ()), "")
        for client, found in [forms_of(operation, role)]
        for form in found.forms.values()
    ]
    found: Counter[tuple[Any, ...]] = Counter()
    example: dict[tuple[Any, ...], object] = {}
    until, sent = time.monotonic() + 60 * minutes, 0
    for role, client, sending in systematic(forms, chosen):
        if sent >= LEAST_SENT and time.monotonic() > until:
            break
        sent += 1
        for wrong in send(client, sending)[1]:
            key = (place_of(sending.form.action), wrong[:160])
            found[key] += 1
            touched = [(name, value[:40]) for name, value in sending.pairs if name in sending.changed()]
            example.setdefault(
                key, (role, sending.form.action, sending.language, touched, [f[1] for f in sending.files])
            )
    report = "\n".join(f"{count} × {key}\n    {example[key]}" for key, count in found.most_common())
    print(f"{sent} sendings of {len(forms)} forms")
    assert not found, report


def systematic(forms: list[tuple[str, Client, Form]], chosen: random.Random) -> Any:
    chosen.shuffle(forms)
    languages = sorted(LANGUAGES)
    for role, client, form in forms:
        yield role, client, Sending(form, form.sent(), [], "prs")
        yield role, client, Sending(form, [], [], "ru")
    while True:
        role, client, form = chosen.choice(forms)
        language = chosen.choice(languages)
        if chosen.random() < 0.2:
            value = chosen.choice(HOSTILE)
            yield role, client, Sending(form, [(name, value) for name in form.names()], [], language)
            continue
        pairs = form.sent()
        buttons = [one for one in form.fields if one.kind == "submit"]
        if buttons and chosen.random() < 0.5:
            button = chosen.choice(buttons)
            pairs.append((button.name, button.value))
        for one in form.fields:
            if one.options and chosen.random() < 0.5:
                pairs = [pair for pair in pairs if pair[0] != one.name] + [(one.name, chosen.choice(one.options))]
        names = form.names()
        for name in chosen.sample(names, min(len(names), chosen.choice((0, 1, 1, 1, 2, 3, 8)))):
            pairs = [pair for pair in pairs if pair[0] != name]
            pairs += [(name, chosen.choice(HOSTILE)) for _ in range(chosen.choice((0, 1, 1, 1, 1, 3)))]
        files = [(name, *chosen.choice(FILES)) for name in form.files() if chosen.random() < 0.6]
        yield role, client, Sending(form, pairs, files, language)
