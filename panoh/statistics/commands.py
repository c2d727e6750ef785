"""`panoh statistics --year 2025 --format csv`: the annual table on the command line."""

import argparse
import sys
from datetime import date
from pathlib import Path


def register(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser("statistics", help="the annual table of a year as known on a day")
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--known", type=read_day, metavar="DAY", help="as known at the end of this day (today)")
    parser.add_argument(
        "--method",
        choices=["suppress", "round5", "true"],
        default="suppress",
        help="disclosure control; “true” shows small numbers and is not for publication",
    )
    parser.add_argument("--format", choices=["csv", "json", "xlsx"], default="csv")
    parser.add_argument("--output", type=Path, help="file to write; the screen by default (needed for xlsx)")
    parser.set_defaults(run=run)


def read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day such as 2026-01-31") from None


def run(arguments: argparse.Namespace) -> int:
    from panoh.statistics import export
    from panoh.statistics.annual import annual_table

    if arguments.format == "xlsx" and arguments.output is None:
        print("A workbook needs --output FILE.", file=sys.stderr)
        return 2
    table = annual_table(arguments.year, arguments.known, arguments.method)
    if arguments.format == "xlsx":
        arguments.output.write_bytes(export.write_xlsx(table))
    else:
        text = export.write_csv(table) if arguments.format == "csv" else export.write_json(table) + "\n"
        if arguments.output is None:
            sys.stdout.write(text)
        else:
            arguments.output.write_text(text, encoding="utf-8", newline="")
    if not table.balanced:
        print(
            f"{table.unexplained} persons are unexplained: opening and movements do not give the closing.",
            file=sys.stderr,
        )
    return 0
