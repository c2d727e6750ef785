"""`panoh import`: take in a workbook of another system, look into it first, or take it back."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from panoh.registry import household_commands, identity_commands, link_commands, search_commands

if TYPE_CHECKING:
    from panoh.access.actor import Actor
    from panoh.registry.importing.households import Reading

SHOWN = 200


def register(subparsers: Any) -> None:
    household_commands.register(subparsers)
    identity_commands.register(subparsers)
    link_commands.register(subparsers)
    search_commands.register(subparsers)
    importing = subparsers.add_parser("import", help="take in a workbook of another system, or take one back")
    acts = importing.add_subparsers(title="acts", metavar="ACT")

    registrations = acts.add_parser(
        "registrations", help="register the households of a workbook (sheets Households, Individuals, Choices)"
    )
    registrations.add_argument("file", type=Path, metavar="FILE.xlsx")
    registrations.add_argument("--preview", action="store_true", help="say what would happen, and change nothing")
    registrations.add_argument("--as", dest="login", metavar="LOGIN", help="the account that acts (a register officer)")
    registrations.add_argument("--office", metavar="CODE", help="the office that the households belong to")
    registrations.add_argument("--format", choices=["text", "json"], default="text")
    registrations.set_defaults(run=run_registrations)

    undo = acts.add_parser("undo", help="close the households of a batch as registered in error")
    undo.add_argument("batch", type=UUID, metavar="BATCH")
    undo.add_argument("--as", dest="login", metavar="LOGIN", help="the account that acts (a register officer)")
    undo.set_defaults(run=run_undo)

    keep = acts.add_parser("keep", help="do what pages asked for, for as long as it runs; `panoh serve` runs it")
    keep.add_argument("--pause", type=float, default=1.0, metavar="SECONDS", help="between looks at what waits")
    keep.set_defaults(run=run_keep)

    batches = acts.add_parser("list", help="the batches that were taken in")
    batches.add_argument("--as", dest="login", metavar="LOGIN", help="the account that acts (a register officer)")
    batches.set_defaults(run=run_list)


def run_registrations(arguments: argparse.Namespace) -> int:
    from panoh.access.context import acting
    from panoh.ledger.guard import refusals
    from panoh.registry.command_actor import actor_of_command
    from panoh.registry.importing.batches import preview_workbook, take_workbook
    from panoh.registry.importing.households import WANTED
    from panoh.registry.importing.workbook import read_workbook

    workbook = read_workbook(arguments.file, wanted=WANTED)
    actor = actor_of_command(
        arguments.login, "registry.import.preview" if arguments.preview else "registry.import.take"
    )
    with refusals(), acting(actor):
        office_id = find_office(actor, arguments.office)
        if arguments.preview:
            reading = preview_workbook(by=actor, workbook=workbook, office_id=office_id)
            summary = {"preview": True, "households": len(reading.accepted), "refused": len(reading.refused)}
        else:
            taken = take_workbook(by=actor, workbook=workbook, office_id=office_id, progress=show_progress)
            reading = taken.reading
            summary = {
                "batch": str(taken.batch.pk),
                "households": taken.batch.households,
                "persons": taken.batch.persons,
                "refused": taken.batch.refused_rows,
                "numbers": list(taken.numbers),
                "entry": str(taken.entry.id),
                "receipt": taken.receipt.text,
            }
    if arguments.format == "json":
        print(json.dumps(summary | {"findings": list(findings_as_json(reading))}, ensure_ascii=False))
    else:
        print_reading(reading)
        print_summary(summary)
    return 0


def run_undo(arguments: argparse.Namespace) -> int:
    from panoh.access.context import acting
    from panoh.ledger.guard import refusals
    from panoh.registry.command_actor import actor_of_command
    from panoh.registry.importing.batches import undo_import

    actor = actor_of_command(arguments.login, "registry.import.undo")
    with refusals(), acting(actor):
        entry = undo_import(by=actor, batch_id=arguments.batch)
    print(
        f"{entry.payload['households']} households were closed as registered in error. Their numbers are not used again."
    )
    return 0


def run_keep(arguments: argparse.Namespace) -> int:
    from panoh.access.keeping import keep
    from panoh.registry.importing.jobs import carry_out_waiting

    keep(carry_out_waiting, arguments.pause)
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from panoh.access.context import acting
    from panoh.registry.command_actor import actor_of_command
    from panoh.registry.models import ImportBatch

    actor = actor_of_command(arguments.login, "registry.import.preview")
    with acting(actor):
        for batch in ImportBatch.objects.filter(organisation_id=actor.organisation_id).order_by("imported_at"):
            state = f"undone {timezone.localtime(batch.undone_at):%Y-%m-%d %H:%M}" if batch.undone_at else "in force"
            print(
                f"{batch.pk}  {timezone.localtime(batch.imported_at):%Y-%m-%d %H:%M}  {batch.households:>6} households"
                f"  {batch.persons:>6} persons  {batch.refused_rows:>5} refused  {state}  {batch.file_name}"
            )
    return 0


def find_office(actor: Actor, code: str | None) -> UUID:
    from panoh.access.models import Office
    from panoh.kernel.problems import Problem

    offices = Office.objects.filter(organisation_id=actor.organisation_id)
    if code:
        office = offices.filter(code=code).first()
        if office is None:
            known = ", ".join(offices.order_by("code").values_list("code", flat=True))
            raise Problem("registry.import.no_office", code=code, known=known)
        return office.pk
    if actor.office_id is None:
        raise Problem("registry.import.no_office", code="", known=", ".join(offices.values_list("code", flat=True)))
    return actor.office_id


def show_progress(done: int, of: int) -> None:
    if sys.stderr.isatty() and (done == of or done % 20 == 0):
        print(f"\r{100 * done // of} %", end="\n" if done == of else "", file=sys.stderr, flush=True)


def findings_as_json(reading: Reading):
    for finding in [*reading.findings, *(f for household in reading.households for f in household.findings)]:
        text = finding.rendered()
        yield finding.as_json() | {"what": text.happened, "why": text.why, "next": text.next}


def print_reading(reading: Reading) -> None:
    """Errors first, row by row; then warnings, alike ones together."""
    from panoh.registry.importing.telling import tell

    told = tell([*reading.findings, *(finding for household in reading.households for finding in household.findings)])
    for finding in told.errors[:SHOWN]:
        text = finding.rendered()
        print(f"{finding.sheet}, row {finding.row}, column {finding.column}: {text.happened} {text.why} {text.next}")
    if len(told.errors) > SHOWN:
        print(f"… and {len(told.errors) - SHOWN} more errors.")
    for sheet, columns in told.left.items():
        print(f"\n{sheet}: the register has no place for {len(columns)} filled columns: {', '.join(columns)}.")
    if told.alike:
        print("\nTo look at again (nothing of this refuses a household):")
    for one in told.alike:
        where = f"row {one.rows[0]}" if len(one.rows) == 1 else f"{len(one.rows)} rows, the first of them {one.rows[0]}"
        print(f"  {one.sheet}, column {one.column}, {where}: {one.text.happened} {one.text.next}")


def print_summary(summary: dict[str, Any]) -> None:
    print()
    if summary.get("preview"):
        print(
            f"Would be taken in: {summary['households']} households. Refused: {summary['refused']}. Nothing was changed."
        )
        return
    print(
        f"Taken in: {summary['households']} households with {summary['persons']} persons. Refused: {summary['refused']}.\n"
        f"Batch {summary['batch']}; to take it back: panoh import undo {summary['batch']}\n"
        f"Numbers {summary['numbers'][0]} to {summary['numbers'][-1]}."
    )
