"""`panoh translations`: what translators and the release need. No database is touched."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def register(subparsers: Any) -> None:
    translations = subparsers.add_parser("translations", help="the texts of the pages in Russian, Tajik and Dari")
    acts = translations.add_subparsers(title="acts", metavar="ACT", required=True)
    extract = acts.add_parser("extract", help="bring locale/*/LC_MESSAGES/django.po in step with the sources")
    extract.set_defaults(run=run_extract, needs_database=False)
    check = acts.add_parser(
        "check", help="list what is untranslated, fuzzy or has lost a placeholder; 1 if anything is"
    )
    check.add_argument("--most", type=int, default=40, metavar="N", help="how many faults to list (default: 40)")
    check.set_defaults(run=run_check, needs_database=False)


def run_extract(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from panoh.web import catalogues

    for language, lacking in catalogues.update(settings.BASE_DIR).items():
        sys.stdout.write(f"{language}: {lacking} to translate or to read over\n")
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from panoh.web import catalogues

    faults = catalogues.check(settings.BASE_DIR)
    for fault in faults[: arguments.most]:
        sys.stdout.write(f"{fault}\n")
    if len(faults) > arguments.most:
        sys.stdout.write(f"… and {len(faults) - arguments.most} more\n")
    sys.stdout.write("The catalogues are whole.\n" if not faults else f"{len(faults)} faults.\n")
    return 1 if faults else 0
