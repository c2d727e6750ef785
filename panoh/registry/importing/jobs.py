"""Workbooks are looked into and taken in after the request that asked for it: what waits, who does it, and how far it is.

The page puts a job down and shows how far it is; `panoh import keep`, which `panoh serve` runs, carries it out in the name of
whoever asked. Each job is one transaction: killed in the middle, nothing of it is there, and it begins anew. One worker or
several: an advisory lock of the file's own lets one of them in.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.context import acting
from panoh.access.keeping import MOST_TRIES, whoever_asked
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.guard import refusals
from panoh.registry.importing import files
from panoh.registry.importing.looking import look_into
from panoh.registry.models import ImportFile, ImportJob

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_TELLINGS = 1.0
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that nobody has done yet, as far as the worker knows it before it acts for anybody."""

    file_id: UUID
    member_id: UUID
    purpose: str
    act: str
    tries: int


# -- asking -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for(act: str, *, by: Actor, file: ImportFile) -> ImportJob:
    """Put the job down, in the place of an earlier one of the file. Asked again while it waits, it is the one that is there."""
    check(by, "registry.import.take" if act == ImportJob.TAKE else "registry.import.preview")
    there = ImportJob.objects.filter(file_id=file.pk).first()
    if there is not None and there.state == ImportJob.WAITS and there.act == act:
        return there
    result = there.result if there is not None else None
    ImportJob.objects.filter(file_id=file.pk).delete()
    return ImportJob.objects.create(
        file_id=file.pk, act=act, member_id=by.member_id, purpose=by.purpose, result=result, asked_at=timezone.now()
    )


def find_job(file: ImportFile) -> ImportJob | None:
    return ImportJob.objects.filter(file_id=file.pk).first()


def refusal_of(job: ImportJob) -> Problem | None:
    return Problem(job.refusal["code"], **job.refusal["params"]) if job.refusal else None


# -- doing ------------------------------------------------------------------------------------------------------------


def carry_out_waiting() -> int:
    """Do every job that waits, the oldest first; how many were done."""
    done = 0
    for waiting in list_waiting():
        done += carry_out(waiting)
    return done


def list_waiting() -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT file_id, member_id, purpose, act, tries FROM registry_waiting_imports()")
        return [Waiting(*row) for row in cursor.fetchall()]


def carry_out(waiting: Waiting) -> bool:
    """Do one job, or say why it cannot be done. False where another worker is at it."""
    actor, gone = whoever_asked(waiting.member_id, waiting.purpose)
    if gone:
        with acting(actor):
            _give_up(waiting, gone)
        return True
    with acting(actor):
        if waiting.tries >= MOST_TRIES:
            _give_up(waiting, Problem("registry.import.given_up", tries=waiting.tries))
            return True
        ImportJob.objects.filter(file_id=waiting.file_id).update(tries=F("tries") + 1, done=0, total=0)
    teller = Teller(actor, waiting.file_id)
    try:
        with refusals(), acting(actor):
            if not _is_mine(waiting.file_id):
                return False
            _do(waiting, actor, teller)
    except Problem as problem:
        with acting(actor):
            _give_up(waiting, problem)
    finally:
        teller.stop()
    return True


def _is_mine(file_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {file_id}"])
        return bool(cursor.fetchone()[0])


def _do(waiting: Waiting, actor: Actor, teller: Teller) -> None:
    job = ImportJob.objects.filter(file_id=waiting.file_id, state=ImportJob.WAITS, act=waiting.act).first()
    if job is None:  # done or taken back since the list was read
        return
    file = files.obtain_file(actor, waiting.file_id)
    if waiting.act == ImportJob.TAKE:
        files.take_kept(by=actor, file=file, progress=teller)
        teller.stop()
        ImportJob.objects.filter(file_id=file.pk).delete()
        return
    looked = look_into(by=actor, file=file, progress=teller)
    teller.stop()
    ImportJob.objects.filter(file_id=file.pk).update(state=ImportJob.DONE, result=looked)


def _give_up(waiting: Waiting, problem: Problem) -> None:
    one = problem.each()[0]
    params = {name: value if isinstance(value, int) else str(value) for name, value in one.params.items()}
    logger.info("import job of file %s refused: %s", waiting.file_id, one.code)
    ImportJob.objects.filter(file_id=waiting.file_id).update(
        state=ImportJob.REFUSED, refusal={"code": one.code, "params": params}
    )


class Teller:
    """Writes how far the job is, from a thread and connection of its own: the job's transaction shows nothing before its end."""

    def __init__(self, actor: Actor, file_id: UUID) -> None:
        self.actor, self.file_id = actor, file_id
        self.latest: tuple[int, int] | None = None
        self.finished = threading.Event()
        self.thread = threading.Thread(target=self._tell, name="import-teller", daemon=True)
        self.thread.start()

    def __call__(self, done: int, total: int) -> None:
        self.latest = (done, total)

    def stop(self) -> None:
        self.finished.set()
        if self.thread.is_alive():
            self.thread.join()

    def _tell(self) -> None:
        told = None
        while not self.finished.wait(SECONDS_BETWEEN_TELLINGS):
            if self.latest == told:
                continue
            told = self.latest
            if told is not None:
                with acting(self.actor):
                    ImportJob.objects.filter(file_id=self.file_id).update(done=told[0], total=told[1])
        connection.close()
