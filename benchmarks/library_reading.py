"""How well cables are read: each field beside the field of a catalogue that was not made from the text.

    python benchmarks/library_reading.py ../shared/data/cables/cables.jsonl.gz [--show]

Three ways to hand a cable over: its lines alone, the same in a file named by its reference, and the page of an archive round it.
Three columns: letter for letter as the catalogue has it; of those where the catalogue has anything at all; and without the
catalogue's own defects, which are counted by kind: nothing where the text prints tags or a subject, a field that runs on into the
first paragraph or the next line, a subject cut short by a page (IN...). --show prints each difference.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from panoh.library.reading.cable import read_cable  # noqa: E402 - the repository comes first

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


def defect(name: str, told: str, read: str) -> str:
    """What is wrong with the catalogue where it differs from the text; "" where the reader is at fault."""
    if name not in ("tags", "subject") or not read:
        return ""
    if not told:
        return "empty"
    if told.endswith("...") and read.startswith(told[:-3]):
        return "cut short"
    return "runs on" if told.lstrip(": ").startswith(read[:60]) and len(told) > len(read) else ""


def misses(right: int, faults: dict[str, int], many: int) -> float:
    """The share that the reader, not the catalogue, has wrong."""
    return (many - right - sum(faults.values())) / many


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
        filled: Counter[str] = Counter()
        right_of_filled: Counter[str] = Counter()
        defects: Counter[tuple[str, str]] = Counter()
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
                filled[name] += bool(wanted)
                if got[name] == wanted:
                    right[name] += 1
                    right_of_filled[name] += bool(wanted)
                elif why := defect(name, wanted, got[name]):
                    defects[name, why] += 1
                if got[name] != wanted and arguments.show:
                    print(f"  {record['refid']} {name}: catalogue {wanted[:90]!r}, read {got[name][:90]!r}")
        spent = time.process_time() - started
        print(f"{way}: {len(asked)} cables, {len(asked) / spent:.0f} a second")
        for name in FIELDS:
            faults = {why: many for (of, why), many in defects.items() if of == name}
            shares = (
                right[name] / len(asked),
                right_of_filled[name] / filled[name],
                1 - misses(right[name], faults, len(asked)),
            )
            print(
                f"  {name:15}"
                + "".join(f"{share:9.2%}" for share in shares)
                + "   "
                + ", ".join(f"{many} {why}" for why, many in faults.items())
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
