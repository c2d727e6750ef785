"""The doors past a member: who works as the system, and which entries are recorded in nobody's name. Written lists.

A new caller has to stand here, with its reason, before this test lets it in.
"""

from __future__ import annotations

import ast

from panoh.access.commands import RECORDED_AT_START
from panoh.access.operations.members import PASSWORD_CHANGED
from panoh.access.operations.second_factors import SECOND_FACTOR_CHANGED
from panoh.library.operations.taking_in import TAKEN_IN
from panoh.protection.operations.reporting import REPORTED_KIND
from tests.meta.sources import python_files, shown

SEES_EVERY_FILE = {
    "panoh/demo/loading/monitoring.py": "loading of synthetic people: of which cases monitors knew something",
    "panoh/demo/loading/other_cases.py": "loading of synthetic people: which of them have cases of other procedures",
    "panoh/demo/loading/incidents.py": "loading of synthetic people: to which of them incidents happen",
    "panoh/library/commands.py": "the operator looks at a source on the command line",
    "panoh/library/replays.py": "verification of the ledger against the register",
    "panoh/demo/loading/referrals.py": "loading of synthetic people: who agreed to be referred",
    "panoh/papers/replays.py": "verification of the ledger against the register",
    "panoh/procedures/commands.py": "a drafted rulebook compared over all open cases, on the command line",
    "panoh/procedures/queries/versions.py": "under which versions cases stand, which tells of nobody, before a rulebook comes into force",
    "panoh/procedures/replay.py": "verification of the ledger against the register",
    "panoh/protection/replays.py": "verification of the ledger against the register",
    "panoh/referrals/replays.py": "verification of the ledger against the register",
    "panoh/registry/identity_commands.py": "the index of names made anew, on the command line",
    "panoh/registry/measured_register.py": "who is who in the table that `identity measure` loaded into a database of its own",
    "panoh/registry/queries/vocabulary.py": "the words of all names, which name nobody, before a process answers",
    "panoh/registry/replays.py": "verification of the ledger against the register",
    "panoh/scheduling/snapshots.py": "verification of the ledger against the register",
    "panoh/procedures/operations/barriers.py": "clocks of cases that whoever records a barrier may not see",
    "panoh/procedures/operations/feasts.py": "clocks of cases that whoever confirms a feast may not see",
}
RECORDS_WITHOUT_A_MEMBER = {
    # Whoever reports her own organisation: her name stands neither in the table nor in the ledger.
    "panoh/protection/operations/reporting.py": (REPORTED_KIND,),
    # The operator takes sources in on the command line: they belong to no organisation, and only such are seen there.
    "panoh/library/commands.py": (TAKEN_IN,),
    # The first administrator, before anybody is a member.
    "panoh/access/commands.py": RECORDED_AT_START,
    # An account acts, which may be several members or none.
    "panoh/access/operations/members.py": (PASSWORD_CHANGED,),
    "panoh/access/operations/second_factors.py": (SECOND_FACTOR_CHANGED,),
}
KINDS = {
    "library.document.taken_in",
    "protection.incident.reported",
    "access.organisation.added",
    "access.account.added",
    "access.member.added",
    "access.account.password_changed",
    "access.account.second_factor_changed",
}


def calls_of(name: str) -> dict[str, list[ast.Call]]:
    found: dict[str, list[ast.Call]] = {}
    for path in python_files("panoh"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
                found.setdefault(shown(path), []).append(node)
    return found


def test_those_who_work_as_the_system_stand_on_the_list():
    calls = calls_of("acting_as_system")
    assert set(calls) == set(SEES_EVERY_FILE)
    assert [path for path, nodes in calls.items() if any(k.arg == "records" for n in nodes for k in n.keywords)] == []


def test_those_who_record_in_nobodys_name_stand_on_the_list():
    assert set(calls_of("acting_without_member")) == set(RECORDS_WITHOUT_A_MEMBER)
    assert {kind for kinds in RECORDS_WITHOUT_A_MEMBER.values() for kind in kinds} == KINDS


def test_nobody_else_signs_facts():
    """`sign` and the key are the locks themselves: only `access.context` turns facts into a context."""
    assert calls_of("context_key").keys() == {"panoh/access/context.py"}
    taking = [
        shown(path)
        for path in python_files("panoh")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "panoh.access.context"
        if {"sign", "padded_key"} & {name.name for name in node.names}
    ]
    assert taking == []
