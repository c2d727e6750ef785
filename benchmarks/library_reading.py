"""How well cables are read: each field beside the field of a catalogue that was not made from the text.

    python benchmarks/library_reading.py ../shared/data/cables/cables.jsonl.gz [--show]

Three ways to hand a cable over: its lines alone, the same in a file named by its reference, and the page of an archive round it.
The catalogue has defects of its own (no tags or no subject where the text prints them; a subject that runs on into REF or the first
paragraph): the second column counts without those, and each is shown with --show.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from pathlib import Path

from panoh.library.reading.cable import read_cable

FIELDS = ("refid", "created", "classification", "origin", "tags", "subject")
WAYS = ("lines", "named", "page")


def handed_over(record: dict[str, str], way: str) -> tuple[str, str]:
    text = f"{record['header']}\n{record['text']}"
    if way == "lines":
        return text, ""
    if way == "named":
        return text, f"{record['refid']}.txt"
    row = " ".join(record[name] for name in ("refid", "created", "released", "classification", "origin"))
    return f"Reference ID Created Released Classification Origin\n{row}\n{text}", ""


def squeezed(text: str) -> str:
    return " ".join(text.replace(",", " ").split())


def defect(name: str, told: str, read: str) -> bool:
    """Whether the catalogue, not the reader, is at fault: nothing where the text prints it, or more than the field."""
    return (
        name in ("tags", "subject")
        and bool(read)
        and (not told or (told.lstrip(": ").startswith(read[:60]) and len(told) > len(read)))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cables", type=Path)
    parser.add_argument("--show", action="store_true", help="each difference")
    arguments = parser.parse_args()
    with gzip.open(arguments.cables, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for way in WAYS:
        # Without transmission lines and without its name or page, a cable tells no year: those are not asked for it.
        asked = [one for one in records if way != "lines" or "FM " in one["header"]]
        right: Counter[str] = Counter()
        blameless: Counter[str] = Counter()
        started = time.process_time()
        for record in asked:
            read = read_cable(*handed_over(record, way))
            got = {
                "refid": read.refid,
                "created": f"{read.created:%Y-%m-%d}" if read.created else "",
                "classification": read.classification,
                "origin": read.origin,
                "tags": " ".join(read.tags),
                "subject": squeezed(read.subject),
            }
            told = {**record, "created": record["created"][:10]}
            for name in FIELDS:
                wanted = squeezed(told[name])
                if got[name] == wanted:
                    right[name] += 1
                elif defect(name, wanted, got[name]):
                    blameless[name] += 1
                if got[name] != wanted and arguments.show:
                    print(f"  {record['refid']} {name}: catalogue {wanted[:90]!r}, read {got[name][:90]!r}")
        spent = time.process_time() - started
        print(f"{way}: {len(asked)} cables, {len(asked) / spent:.0f} a second")
        for name in FIELDS:
            both = right[name] + blameless[name]
            print(
                f"  {name:15} {right[name] / len(asked):7.2%}   without defects of the catalogue {both / len(asked):7.2%}"
            )
    print(f"paragraphs begin where a number is marked: {marked_numbers(records):.2%}")


def marked_numbers(records: list[dict[str, str]]) -> float:
    """The share of ¶ numbers in the text that begin a paragraph of that label."""
    marked = found = 0
    for record in records:
        read = Counter(one.label for one in read_cable(record["text"]).paragraphs)
        wanted = Counter(re.findall(r"(?m)^[ \t]*¶(\d{1,2})\.", record["text"]))
        marked += sum(wanted.values())
        found += sum(min(many, read[label]) for label, many in wanted.items())
    return found / marked


if __name__ == "__main__":
    main()
