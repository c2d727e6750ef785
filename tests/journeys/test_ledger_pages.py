"""The ledger's pages: who sees what of it, the proof of an entry, and the check of a receipt by whoever holds one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from panoh.access.roles import ROLES
from panoh.journeys.ledger_pages.policy import WATCHERS
from panoh.kernel.ids import new_id
from panoh.ledger import configuration, note, operations
from panoh.ledger.models import Entry
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.LEDGER_KEYS = tmp_path / "keys"


@pytest.fixture
def record(world):
    def record_one(role: str = "registration_clerk", **given) -> Entry:
        with world.as_role(role) as by:
            return operations.record(
                **{
                    "by": by,
                    "kind": "asylum.lodged",
                    "subjects": [new_id()],
                    "payload": {"place": "TJ-DU", "count": 5},
                    "occurred_on": world_day(),
                }
                | given
            )

    return record_one


def world_day():
    from django.utils import timezone

    return timezone.localdate()


@pytest.fixture
def as_role(world):
    return lambda role: client_of(world.members[role])


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_everyone_sees_the_state_and_only_watchers_the_list(as_role, record, role):
    entry = record()
    checkpoint = operations.checkpoint()
    answer = as_role(role).get(reverse("ledger"))
    assert answer.status_code == 200
    assert reverse("ledger_checkpoint", args=[checkpoint.size]) in text_of(answer)
    assert (reverse("ledger_entry", args=[entry.pk]) in text_of(answer)) == (role in WATCHERS)


@pytest.mark.parametrize(
    ("role", "status"), [("auditor", 200), ("registration_clerk", 200), ("lawyer", 404), ("administrator", 404)]
)
def test_an_entry_is_open_to_its_author_and_to_watchers(as_role, record, role, status):
    entry = record("registration_clerk")
    assert as_role(role).get(reverse("ledger_entry", args=[entry.pk])).status_code == status
    assert as_role(role).get(reverse("ledger_entry", args=[new_id()])).status_code == 404


def test_a_hidden_entry_looks_like_a_missing_one(as_role, record):
    client = as_role("lawyer")
    entry, absent = record().pk, new_id()
    hidden, missing = (text_of(client.get(reverse("ledger_entry", args=[pk]))) for pk in (entry, absent))

    def plain(page: str, pk) -> str:
        return re.sub(r"nonce=\S+|csrf\S+|value=\"[A-Za-z0-9]{32,}\"", "", page.replace(str(pk), "ID"))

    assert plain(hidden, entry) == plain(missing, absent)


def test_nobody_without_an_account_sees_an_entry(record):
    assert Client().get(reverse("ledger_entry", args=[record().pk])).status_code == 302
    assert Client().get(reverse("ledger")).status_code == 302


def test_an_entry_shows_its_proof_once_a_checkpoint_covers_it(as_role, record):
    entry = record(legal_basis=[])
    client, address = as_role("auditor"), reverse("ledger_entry", args=[entry.pk])
    assert "No checkpoint covers this entry yet" in text_of(client.get(address))
    record()
    operations.checkpoint()
    page = text_of(client.get(address))
    assert "computed just now" in page and bytes(entry.leaf_hash).hex() in page
    assert "TJ-DU" in page


def test_an_entry_that_was_altered_says_so(as_role, record, superuser):
    entry = record()
    record()
    operations.checkpoint()
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE ledger_leaf SET leaf_hash = %s WHERE entry_id = %s", [b"\0" * 32, entry.pk])
    assert "The proof does not hold" in text_of(as_role("auditor").get(reverse("ledger_entry", args=[entry.pk])))


def test_the_list_is_paged_and_filtered(as_role, record, django_assert_max_num_queries):
    entries = [record(kind="asylum.lodged" if at % 2 else "asylum.decided") for at in range(120)]
    client, seen, address = as_role("auditor"), [], reverse("ledger") + "?kind=asylum.lodged"
    while address:
        with django_assert_max_num_queries(30):
            page = text_of(client.get(address))
        seen += re.findall(r"/ledger/entries/([0-9a-f-]{36})", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following and reverse("ledger") + following[1].replace("&amp;", "&")
    lodged = [str(entry.pk) for entry in reversed(entries) if entry.kind == "asylum.lodged"]
    assert seen == lodged, "each once, the newest first"
    today, yesterday = world_day(), world_day() - timedelta(days=1)
    assert "/ledger/entries/" in text_of(client.get(reverse("ledger"), {"day": today.isoformat()}))
    assert "No such entries" in text_of(client.get(reverse("ledger"), {"day": yesterday.isoformat()}))


@pytest.mark.parametrize(
    "query",
    ["kind=nothing", "day=9999-12-31", "day=x", "after=x", "after=2020-01-01T00:00:00~x", "after=~", "kind=%00"],
)
def test_odd_addresses_are_no_fault(as_role, record, query):
    record()
    assert as_role("auditor").get(f"{reverse('ledger')}?{query}").status_code in (200, 404, 422)


# -- for anyone -------------------------------------------------------------------------------------------------------


def test_witnesses_fetch_checkpoints_without_an_account(record):
    assert Client().get(reverse("ledger_latest_checkpoint")).status_code == 404
    record()
    checkpoint = operations.checkpoint()
    for address in (reverse("ledger_latest_checkpoint"), reverse("ledger_checkpoint", args=[checkpoint.size])):
        answer = Client().get(address)
        assert answer["Content-Type"].startswith("text/plain")
        assert note.open_note(text_of(answer), [configuration.checkpoint_verifier()]).size == checkpoint.size
    for size in (checkpoint.size + 1, 0, 10**30):
        assert Client().get(reverse("ledger_checkpoint", args=[size])).status_code == 404


def check(text: str):
    return Client(enforce_csrf_checks=True).post(reverse("ledger_receipt"), {"text": text})


def test_a_receipt_is_checked_by_whoever_holds_it(record, superuser):
    entry = record(kind="asylum.lodged")
    text = operations.sign_receipt(entry, office="TJ-DU", number="TJ-2025-000417").text
    assert Client().get(reverse("ledger_receipt")).status_code == 200
    assert "No signed checkpoint covers it yet" in text_of(check(text))
    operations.checkpoint()
    answer = check(text)
    assert answer.status_code == 200
    assert "keeps its promise" in text_of(answer) and "TJ-2025-000417" in text_of(answer)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE ledger_entry SET body = replace(body, 'TJ-DU', 'TJ-SU')")
    assert "the entry was altered since" in text_of(check(text))
    superuser.execute("DELETE FROM ledger_entry")
    assert "the entry is gone" in text_of(check(text))


@pytest.mark.parametrize("text", ["", "PANOH1:", "PANOH1:ABC", "HC1:ABC", "\0", "x" * 20_000, "محمد"])
def test_what_is_no_receipt_is_refused_in_words_and_kept_in_the_form(db, text):
    answer = check(text)
    assert answer.status_code == 422
    if 0 < len(text) < 100 and text != "\0":
        assert text in text_of(answer)
