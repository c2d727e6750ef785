"""`panoh ledger`: number entries, sign and hand out checkpoints, verify everything, look at one entry or receipt."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

REDRAW_SECONDS = 0.2


def register(subparsers: Any) -> None:
    ledger = subparsers.add_parser("ledger", help="number and sign the entries; verify that none was bent")
    acts = ledger.add_subparsers(title="acts", metavar="ACT")

    verify = acts.add_parser("verify", help="hold every entry against all that was kept; exit code 1 on any finding")
    verify.add_argument(
        "--against",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a checkpoint that a witness kept, or a directory of them; may be repeated",
    )
    verify.add_argument(
        "--receipt",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="receipts, one a line; may be repeated",
    )
    verify.add_argument(
        "--key", action="append", default=[], metavar="KEY", help="a public key to believe, as text (name+id+key)"
    )
    verify.add_argument("--ledger-only", action="store_true", help="leave out the comparison with the register")
    verify.add_argument("--format", choices=["text", "json"], default="text")
    verify.set_defaults(run=run_verify)

    sequence = acts.add_parser("sequence", help="number the entries that wait")
    sequence.set_defaults(run=run_sequence)

    checkpoint = acts.add_parser("checkpoint", help="sign the root, hand it to the witnesses, and print it")
    checkpoint.set_defaults(run=run_checkpoint)

    keep = acts.add_parser("keep", help="number and sign for as long as it runs; `panoh serve` runs it")
    keep.add_argument("--pause", type=float, default=1.0, metavar="SECONDS", help="between looks at the queue")
    keep.add_argument(
        "--every", type=float, default=10.0, metavar="MINUTES", help="between checkpoints, if entries came"
    )
    keep.add_argument("--grown", type=int, default=10_000, metavar="ENTRIES", help="after so many, sign at once")
    keep.set_defaults(run=run_keep)

    show = acts.add_parser("show", help="size, last checkpoint, the newest entries; or one entry with its proof")
    show.add_argument("entry", nargs="?", type=UUID)
    show.add_argument("--kind", default="", help="only entries whose kind begins so")
    show.add_argument("--limit", type=int, default=20)
    show.set_defaults(run=run_show)

    receipt = acts.add_parser("receipt", help="say what a receipt holds and whether it is genuine; needs no database")
    receipt.add_argument("text", help="the receipt's text, or - to read it from standard input")
    receipt.set_defaults(run=run_receipt, needs_database=False)

    keys = acts.add_parser("keys", help="print the public keys, for witnesses and for those who check papers")
    keys.set_defaults(run=run_keys, needs_database=False)


def run_verify(arguments: argparse.Namespace) -> int:
    from panoh.ledger import verification
    from panoh.ledger.evidence import read_kept_files
    from panoh.ledger.note import NotACheckpoint, VerifierKey

    try:
        kept, receipts = read_kept_files(arguments.against), read_kept_files(arguments.receipt)
        keys = [VerifierKey.parse(text) for text in arguments.key]
    except (OSError, NotACheckpoint) as error:
        print(error, file=sys.stderr)
        return 2
    found = verification.verify(
        against=kept,
        receipts=receipts,
        keys=keys,
        register_too=not arguments.ledger_only,
        progress=ProgressLine() if sys.stderr.isatty() else lambda done, of: None,
    )
    if arguments.format == "json":
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        print_verification(found)
    return 0 if found.fits else 1


class ProgressLine:
    """One line on the terminal that says how far a long reading is."""

    def __init__(self) -> None:
        self.drawn_at = 0.0

    def __call__(self, done: int, of: int) -> None:
        now = time.monotonic()
        if done < of and now - self.drawn_at < REDRAW_SECONDS:
            return
        self.drawn_at = now
        end = "\r" if done < of else "\n"
        print(f"{done:>12,} of {of:,} entries ({done * 100 // of} %)", end=end, file=sys.stderr, flush=True)


def print_verification(found: Any) -> None:
    from django.utils.translation import gettext as _

    for finding in found.findings:
        print(f"• {finding}")
    if found.left_off:
        print(_("… and %(count)s more findings.") % {"count": found.left_off})
    looked_at = {
        "size": found.size,
        "waiting": found.waiting,
        "checkpoints": found.checkpoints,
        "seconds": f"{found.seconds:.1f}",
        "findings": len(found.findings) + found.left_off,
    }
    seen = _("%(size)s numbered entries, %(waiting)s waiting, %(checkpoints)s checkpoints, %(seconds)s s.") % looked_at
    print(seen)
    print(_("Everything fits.") if found.fits else _("%(findings)s findings: the ledger does not fit.") % looked_at)


def run_sequence(arguments: argparse.Namespace) -> int:
    from panoh.ledger import operations, queries

    print(f"{operations.sequence()} entries numbered; the ledger holds {queries.tree_size()}.")
    return 0


def run_checkpoint(arguments: argparse.Namespace) -> int:
    from panoh.ledger import operations, queries

    checkpoint = operations.checkpoint() or queries.find_last_checkpoint()
    if checkpoint is None:
        print("The ledger is empty: there is nothing to sign.", file=sys.stderr)
        return 1
    print(checkpoint.note, end="")
    return 0


def run_keep(arguments: argparse.Namespace) -> int:
    from datetime import timedelta

    from panoh.ledger import sequencer

    sequencer.keep(pause=arguments.pause, every=timedelta(minutes=arguments.every), grown=arguments.grown)
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    from panoh.ledger import queries, witnesses

    if arguments.entry is not None:
        show_entry(arguments.entry)
        return 0
    last = queries.find_last_checkpoint()
    print(f"{queries.tree_size()} numbered entries, {queries.count_pending()} waiting.")
    print(f"Last checkpoint: {witnesses.printed_line(last) if last else 'none yet'}")
    for entry in queries.list_entries(kind=arguments.kind, limit=max(1, arguments.limit)):
        print(f"{entry.recorded_at:%Y-%m-%d %H:%M:%S}  {entry.id}  {entry.kind}")
    return 0


def show_entry(entry_id: UUID) -> None:
    from panoh.kernel.problems import Problem
    from panoh.ledger import queries

    entry = queries.get_entry(entry_id)
    print(json.dumps(entry.facts, ensure_ascii=False, indent=2))
    print(f"hash {bytes(entry.leaf_hash).hex()}")
    try:
        proof = queries.inclusion_proof(entry_id)
    except Problem as problem:
        if problem.code != "ledger.entry.not_sequenced":
            raise
        print("No checkpoint covers it yet.")
        return
    print(f"number {proof.index} of the {proof.checkpoint.size} that this checkpoint speaks for:\n")
    print(proof.checkpoint.note)
    print("proof of inclusion (RFC 9162, section 2.1.3):")
    for hash_ in proof.hashes:
        print(f"  {hash_.hex()}")
    print("The proof holds." if proof.holds() else "THE PROOF DOES NOT HOLD: run panoh ledger verify.")


def run_receipt(arguments: argparse.Namespace) -> int:
    from panoh.kernel.problems import Problem
    from panoh.ledger import configuration, receipt

    text = sys.stdin.read() if arguments.text == "-" else arguments.text
    try:
        held = receipt.read(text, configuration.receipt_verifiers())
    except receipt.NotAReceipt as error:
        raise Problem(f"ledger.receipt.{error.reason}") from error
    for name in ("issuer", "kind", "number", "office", "recorded_at", "issued_at", "entry_id"):
        print(f"{name:12} {getattr(held, name)}")
    print(f"{'hash':12} {held.leaf_hash.hex()}")
    return 0


def run_keys(arguments: argparse.Namespace) -> int:
    from panoh.ledger import configuration, keys

    for purpose, text in keys.list_public_keys(configuration.key_directory(), configuration.origin()).items():
        print(f"{purpose:12} {text}")
    return 0
