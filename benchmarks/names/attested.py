"""Other real forms of a name part, from pairs.csv.gz: how duplicates are planted and accidental namesakes recognised.

A part is one to three words that the source lists as one name (شاه گل, Abdul Qadir). Only pairs that the source does not
suspect and whose letters agree are used: a duplicate planted with a wrong pair would be no duplicate.
"""

from __future__ import annotations

import csv
import gzip
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

Group = tuple[str, str, str]  # named after one of its forms: (group of the source, script, form)
LONGEST_PART = 3
LEAST_AGREEMENT = 60
SAME_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و", "ئ": "ی"})


def folded(text: str) -> str:
    """Equal for forms that differ in case, accents, hyphens and keyboard (Arabic ي beside Persian ی) only."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(SAME_LETTERS))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter) and letter not in "'`ʿʾ’‘")
    return " ".join(kept.replace("-", " ").replace("\u200c", " ").split())


def _head(heads: dict[Group, Group], form: Group) -> Group:
    while heads.setdefault(form, form) != form:
        form = heads[form]
    return form


class AttestedForms:
    """Forms grouped by name: what each can be written as in each script."""

    def __init__(self, pairs: Path) -> None:
        heads: dict[Group, Group] = {}  # union of forms joined by a good pair
        rows: Counter[Group] = Counter()
        with gzip.open(pairs, "rt", newline="") as file:
            for row in csv.DictReader(file):
                if row["kind"] == "token" and row["suspect"] == "0" and int(row["agree"] or 0) >= LEAST_AGREEMENT:
                    one, other = (
                        (row["group"], row["script_a"], row["form_a"]),
                        (row["group"], row["script_b"], row["form_b"]),
                    )
                    heads[_head(heads, other)] = _head(heads, one)
                    rows.update((one, other))
        self._forms: dict[Group, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._groups: dict[str, Group] = {}
        # A form that stands under several names (Mohammad also as the M. of a list) belongs where it stands most often.
        for form, _ in sorted(rows.items(), key=lambda found: (-found[1], found[0])):
            _, script, text = form
            group = self._groups.setdefault(folded(text), _head(heads, form))
            if group == _head(heads, form):
                self._forms[group][script].append(text)

    def parts(self, name: str) -> list[tuple[str, Group | None]]:
        """The name cut into parts, the longest known ones first, each with its group (None where none is known)."""
        words = folded(name).split()
        found: list[tuple[str, Group | None]] = []
        place = 0
        while place < len(words):
            for length in range(min(LONGEST_PART, len(words) - place), 0, -1):
                part = " ".join(words[place : place + length])
                group = self._groups.get(part)
                if group or length == 1:
                    found.append((part, group))
                    place += length
                    break
        return found

    def identity(self, name: str) -> tuple[object, ...]:
        """Equal for names that are one name by the attested forms, in any script and order."""
        return tuple(sorted(group or (part, "", "") for part, group in self.parts(name)))

    def written_in(self, name: str, script: str, chance: Random) -> list[str] | None:
        """The parts in other attested forms of that script, as unlike as they come; None where one has no such form."""
        written = []
        for part, group in self.parts(name):
            forms = self._forms[group].get(script, []) if group else []
            others = [form for form in forms if folded(form) != part] or forms
            if not others:
                return None
            form = chance.choice(others)
            written.append(form if script == "Arab" else form.title())
        return written
