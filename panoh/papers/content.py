"""What is printed on a paper, put together once and kept: the same words come out of every later print.

Only what stands here can ever be on a paper. No address, religion, ethnicity, need or narrative is read from the register;
a test holds that. Values that people read stand in every language, so that a letter can set two side by side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from panoh.identity.proposing import propose
from panoh.kernel.births import format_birth
from panoh.kernel.names import PersonName
from panoh.kernel.written_days import format_day
from panoh.ledger.canonical import canonical_bytes
from panoh.registry.models import Name, Person
from panoh.rulebook import current
from panoh.rulebook.law import LANGUAGES

Texts = dict[str, str]

# In which scripts a reader of a language can read a name, the best first.
SCRIPTS = {"tg": ("Cyrl", "Latn"), "ru": ("Cyrl", "Latn"), "en": ("Latn",), "prs": ("Arab", "Latn")}
# Forms of a name: as the person spells it, in whichever script the reader can read, before what a rule proposed; an alias
# never stands on a paper.
ROLES = (Name.OWN, Name.PROPOSED)


def paper_content(
    *,
    template: str,
    title: Mapping[str, str],
    person: Person,
    members: Sequence[Person],
    authority: Mapping[str, str],
    language: str,
    valid_from: date,
    valid_until: date | None,
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """All that is printed but what only confirmation settles: number, day of issue, square."""
    book = current()
    return {
        "template": template,
        "title": title[book.country.official_language],
        "language": language,
        "official": book.country.official_language,
        "authority": in_all_languages(authority),
        "household": person.household.number,
        "person": {
            "name": name_texts(person),
            "father": father_texts(person),
            "birth": birth_texts(person),
            "sex": code_texts("sex", person.sex),
            "nationality": code_texts("countries", person.nationality),
            "number": person.number,
        },
        "members": [
            {
                "name": name_texts(member),
                "relationship": code_texts("relationship", member.relationship),
                "birth": birth_texts(member),
                "number": member.number,
            }
            for member in members
        ],
        "valid_from": day_texts(valid_from),
        "valid_until": day_texts(valid_until) if valid_until else None,
        "facts": dict(facts),
    }


def content_hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


# -- values in every language -----------------------------------------------------------------------------------------------


def in_all_languages(titles: Mapping[str, str]) -> Texts:
    return {language: titles.get(language) or titles["en"] for language in LANGUAGES}


def code_texts(list_name: str, code: str) -> Texts:
    return {language: current().codes[list_name].title(code, language) for language in LANGUAGES}


def day_texts(day: date) -> Texts:
    """A day in each language in its own calendar; `other` holds it in the other one; `iso` as machines write it."""
    texts = {language: format_day(day, language) for language in LANGUAGES}
    texts["iso"] = day.isoformat()
    for language in LANGUAGES:
        other = "gregorian" if language == "prs" else "solar_hijri"
        texts[f"other_{language}"] = format_day(day, language, other)
    return texts


def birth_texts(person: Person) -> Texts:
    return {language: format_birth(person.birth, language) or "—" for language in LANGUAGES}


def name_texts(person: Person) -> Texts:
    forms = _forms(person)
    return {language: name_in(forms, language).display("given") for language in LANGUAGES}


def father_texts(person: Person) -> Texts:
    """The father's name, by which papers of the region tell people of one name apart."""
    forms = _forms(person)
    named = [name for name in forms if name[1].father] or forms
    return {language: name_in(named, language).father or "—" for language in LANGUAGES}


Form = tuple[str, PersonName]


def _forms(person: Person) -> list[Form]:
    """Forms of the name with their roles, the person's own and primary first. Persons of old have no Cyrillic form yet."""
    rows = [row for row in person.names.all() if row.role in ROLES]
    rows.sort(key=lambda row: (ROLES.index(row.role), not row.is_primary, str(row.pk)))
    forms = [(row.role, row.as_person_name()) for row in rows]
    scripts = {name.script for _role, name in forms}
    own = [name for role, name in forms if role == Name.OWN]
    return forms + [(Name.PROPOSED, made.name) for made in propose(own, {}) if made.name.script not in scripts]


def name_in(forms: Sequence[Form], language: str) -> PersonName:
    """The form for a reader of the language: her own spelling where he can read it, else a proposed one, else what there is."""
    for wanted in ROLES:
        for script in SCRIPTS[language]:
            for role, name in forms:
                if role == wanted and name.script == script:
                    return name
    if not forms:
        raise LookupError("a person without a name")
    return forms[0][1]


def outcome_facts(
    *,
    case_number: str,
    decided_on: date,
    outcomes: Iterable[tuple[Person, Mapping[str, str], Mapping[str, str]]],
    reasons: Mapping[str, str],
    provisions: Sequence[str],
    appeal_until: date | None,
) -> dict[str, Any]:
    """The facts of a decision letter. `outcomes`: person, what was decided, on which ground (both as titles)."""
    book = current()
    return {
        "case_number": case_number,
        "decided_on": day_texts(decided_on),
        "outcomes": [
            {"name": name_texts(person), "outcome": in_all_languages(outcome), "ground": in_all_languages(ground)}
            for person, outcome, ground in outcomes
        ],
        "reasons": {language: reasons.get(language, "") for language in LANGUAGES},
        "law": {language: [book.cite(id, language, decided_on) for id in provisions] for language in LANGUAGES},
        "appeal_until": day_texts(appeal_until) if appeal_until else None,
    }
