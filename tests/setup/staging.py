"""Run inside another installation: `make` builds the world there with sessions to use, `held` says what is in the
register, `run` carries out commands.

A session made here stands for a person who has signed in with both factors; signing in is tested in tests/web.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
import time
import traceback


def make(sessions: int) -> dict[str, object]:
    from django.conf import settings

    from tests.world import make_world

    engine = importlib.import_module(settings.SESSION_ENGINE)

    member = make_world().members["registration_clerk"]
    keys = []
    for _ in range(sessions):
        session = engine.SessionStore()
        session.update(
            {
                "_auth_user_id": str(member.account.pk),
                "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[-1],
                "_auth_user_hash": member.account.get_session_auth_hash(),
                "member_id": str(member.pk),
                "seen_at": int(time.time()),
                "second_factor": True,
            }
        )
        session.create()
        keys.append(session.session_key)
    return {"sessions": keys}


def held() -> dict[str, object]:
    """Every registration as register and ledger have it, and whether a receipt made from it can be read offline."""
    from panoh.access.context import acting_as_system
    from panoh.ledger import configuration, receipt
    from panoh.ledger.models import Entry
    from panoh.ledger.operations import sign_receipt
    from panoh.registry.models import Household, Person

    with acting_as_system("looking what is there after a crash"):
        households = list(Household.objects.values_list("number", flat=True))
        persons = Person.objects.count()
        found = []
        for entry in Entry.objects.filter(kind="registry.household.registered"):
            signed = sign_receipt(entry)
            read = receipt.read(signed.text, configuration.receipt_verifiers())
            found.append([str(entry.id), str(entry.submission_id), entry.leaf_hash.hex(), read.leaf_hash.hex()])
    return {"households": households, "persons": persons, "entries": found}


def run_commands(wanted: list[list[str]]) -> list[dict[str, object]]:
    """Each command as `panoh` would run it, with what it printed; one process for all, for starting one takes seconds."""
    from panoh.__main__ import main as panoh

    found = []
    for arguments in wanted:
        printed, told = io.StringIO(), io.StringIO()
        fault = ""
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
            try:
                code = panoh(arguments)
            except SystemExit as end:
                code = end.code
            except BaseException:
                code, fault = None, traceback.format_exc()
        found.append(
            {"code": code, "printed": printed.getvalue()[:2000], "told": told.getvalue()[:2000], "fault": fault}
        )
    return found


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from panoh.project import database

    lease = database.obtain_lease(settings.DATABASE_TARGET)
    try:
        match sys.argv[1]:
            case "make":
                found: object = make(int(sys.argv[2]))
            case "held":
                found = held()
            case "run":
                found = run_commands(json.load(sys.stdin))
        print(json.dumps(found))
    finally:
        connections.close_all()
        if lease is not None:
            lease.give_back()


if __name__ == "__main__":
    main()
