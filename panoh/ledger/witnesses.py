"""Hands each checkpoint to those who keep it outside: a directory, partner organisations by mail, a printed line.

A checkpoint is worth as much as the copies that the one who runs the database cannot reach. A witness that cannot be
reached never stops the ledger: it is logged, and gets the next one.
"""

from __future__ import annotations

import base64
import logging
import os
from pathlib import Path

from django.core.mail import send_mail
from django.utils.translation import gettext

from panoh.ledger import configuration
from panoh.ledger.models import Checkpoint

logger = logging.getLogger(__name__)


def publish(checkpoint: Checkpoint) -> None:
    """Give the checkpoint to every witness that is set."""
    directory = configuration.witness_directory()
    if directory is not None:
        try:
            write_file(checkpoint, directory)
        except OSError as error:
            logger.error(
                "The checkpoint of %s entries could not be written to %s: %s", checkpoint.size, directory, error
            )
    addresses = configuration.witness_addresses()
    if addresses and is_first_of_its_day(checkpoint):
        try:
            send_mail(
                subject=gettext("Checkpoint of the ledger %(origin)s: %(size)s entries")
                % {"origin": configuration.origin(), "size": checkpoint.size},
                message=mail_text(checkpoint),
                from_email=None,
                recipient_list=addresses,
            )
        except OSError as error:  # smtplib's errors are OSErrors
            logger.error("The checkpoint of %s entries could not be mailed: %s", checkpoint.size, error)


def is_first_of_its_day(checkpoint: Checkpoint) -> bool:
    """People get one mail a day, not one for each checkpoint."""
    before = Checkpoint.objects.filter(size__lt=checkpoint.size).order_by("-size").first()
    return before is None or before.signed_at.date() < checkpoint.signed_at.date()


def write_file(checkpoint: Checkpoint, directory: Path) -> Path:
    """One file for each checkpoint, named by size, whole or not there at all; `latest.txt` is the newest."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"checkpoint-{checkpoint.size:012d}.txt"
    for target in (path, directory / "latest.txt"):
        pending = target.with_name(f".{target.name}.{os.getpid()}")
        with open(pending, "w", encoding="utf-8") as file:
            file.write(checkpoint.note)
            file.flush()
            os.fsync(file.fileno())
        pending.replace(target)
    return path


def mail_text(checkpoint: Checkpoint) -> str:
    return (
        gettext(
            "Please keep this text unchanged, where the sender cannot reach it. It proves later that no entry of the "
            "register was altered, removed or slipped in before this moment. To check the register against it: "
            "panoh ledger verify --against FILE"
        )
        + "\n\n"
        + checkpoint.note
    )


def printed_line(checkpoint: Checkpoint) -> str:
    """Short enough for the foot of a page, long enough that no other ledger has it: size, time, start of the root."""
    root = base64.b32encode(bytes(checkpoint.root)).decode()[:26]
    groups = " ".join(root[i : i + 5] for i in range(0, len(root), 5))
    return f"{checkpoint.size} · {checkpoint.signed_at:%Y-%m-%d %H:%M} UTC · {groups}"
