"""Every table of the house changes only together with an entry of the ledger, or stands here with the reason why not.

What is missing here cannot be bent unseen by a statement injected into a page; what stands here can.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

EXEMPT = {
    # the ledger itself, and what only the owner writes
    **dict.fromkeys(
        (
            f"ledger_{name}"
            for name in ["entry", "subject", "detail", "salt", "pending", "leaf", "node", "checkpoint", "guarded"]
        ),
        "the ledger: the application writes none of it but through its functions",
    ),
    "access_tokenuse": "how often a token was used; written by a function alone",
    "inquiry_attempt": "wrong codes of the last hour; written by a function alone",
    "access_contextkey": "only the owner reads or writes it",
    "auth_group": "not used: what a member may do is the policy's",
    "auth_permission": "not used: what a member may do is the policy's",
    "auth_group_permissions": "not used: what a member may do is the policy's",
    "django_content_type": "names of models, written by migrations",
    # traces of use
    "access_reading": "append-only by itself: who opened which file",
    "library_documentreading": "append-only by itself: who opened which restricted source",
    "library_savedsearch": "a member's own question, asked again; nothing follows from it",
    "protection_incidentreading": "append-only by itself: who opened which incident",
    "django_session": "comes and goes with each sign-in; its content is signed",
    "axes_accessattempt": "failed sign-ins, counted and forgotten",
    "axes_accessattemptexpiration": "failed sign-ins, counted and forgotten",
    "axes_accessfailurelog": "failed sign-ins, counted and forgotten",
    "axes_accesslog": "sign-ins, counted and forgotten",
    "account_emailaddress": "an address alone opens nothing: the password it may renew is recorded",
    "account_emailconfirmation": "an address alone opens nothing",
    # derived
    "registry_nameindex": "derived from names; written by a function alone, inside an act on the person",
    "registry_word": "names nobody; written by a function alone",
    "registry_wordkey": "names nobody; written by a function alone",
    "registry_wordcount": "names nobody; counted by the owner",
    "procedures_due": "a projection of steps, always recomputed whole",
    "registry_importjob": "says what is to be done, in the asker's own name alone; what is done has its entry",
    "library_intake": "says what is to be done, in the asker's own name alone; what is done has its entry",
    "library_intakefile": "files that wait, and how far each is",
    "library_intakeline": "what became of a source; the source has its entry",
    "procedures_notice": "only reminds; nothing follows from it",
}


@pytest.fixture
def guarded(db) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'ledger_require_entry' AND tgenabled = 'O'"
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_table_needs_an_entry_for_each_change_or_is_exempt(guarded):
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables - guarded - set(EXEMPT) == set(), "guard them (RequireEntry), or write down why not"
    assert guarded & set(EXEMPT) == set(), "guarded by now: strike them from the list"
    assert set(EXEMPT) - tables == set(), "no longer there: strike them from the list"
