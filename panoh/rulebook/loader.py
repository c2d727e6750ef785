"""Loads a country: reads every file under `countries/<code>/` and checks it whole.

Nothing is half loaded: either there is a `Rulebook` in which every reference was checked, or a `RulebookError` with every error found.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from panoh.rulebook.book import Country, Rulebook
from panoh.rulebook.faults import Faults
from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import Amount
from panoh.rulebook.load_law import LawRead, check_law, holiday_days, read_law
from panoh.rulebook.load_procedure import read_procedure
from panoh.rulebook.load_reference import CountryRead, check_places, read_codes, read_country, read_places
from panoh.rulebook.load_steps import Steps
from panoh.rulebook.load_versions import arrange_versions, check_clocks_alike
from panoh.rulebook.procedure import Procedure
from panoh.rulebook.reference import CodeList, Place, Places
from panoh.rulebook.references import References
from panoh.rulebook.workdays import WorkCalendar
from panoh.rulebook.yaml_source import Item, read_yaml

COUNTRIES = Path(__file__).resolve().parents[2] / "countries"

_CODE_REFERENCES = {
    "paper_kind": "paper_kinds",
    "barrier_kind": "barrier_kinds",
    "population_group": "population_groups",
    "status_change": "status_changes",
    "closure_reason": "closure_reasons",
}
"""Kinds of words in laws and procedures that are codes of a list."""


def directory_of(country: str | Path) -> Path:
    """The directory of a country's data, from its code ("tj") or from a path."""
    if isinstance(country, Path) or os.sep in country:
        return Path(country)
    return Path(os.environ.get("PANOH_COUNTRIES") or COUNTRIES) / country


def country_in_use() -> str:
    """The country this process works for."""
    return os.environ.get("PANOH_COUNTRY") or "tj"


def load(country: str | Path | None = None) -> Rulebook:
    """Reads and checks a country's data (of PANOH_COUNTRY if none is named). Raises RulebookError with all that is wrong."""
    directory = directory_of(country or country_in_use())
    faults = Faults()
    references = References(faults)
    if not (directory / "country.yaml").is_file():
        faults.add(
            f"{directory.name}/country.yaml",
            1,
            "the file is missing",
            f"a country is a directory like {COUNTRIES / 'tj'}",
        )
        faults.raise_if_any()
    law, read_procedures, lists, places = _read_files(directory, faults, references)
    country_read = _read_country(directory, faults)
    check_places(places, faults)
    check_law(law)
    if law.holidays_cover is None:
        faults.add("country.yaml", 1, "no file under law/ lists holidays", "without them no time limit can be computed")
    procedures = arrange_versions(read_procedures, references)
    check_clocks_alike(read_procedures)
    references.known = {
        "act": law.acts,
        "provision": law.provisions,
        "value": law.values,
        "length": [id for id, versions in law.values.items() if all(isinstance(one.value, Amount) for one in versions)],
        "number": [id for id, versions in law.values.items() if all(type(one.value) is int for one in versions)],
        "role": country_read.roles if country_read else (),
        "code_list": lists,
        "procedure": procedures,
        **{kind: lists.get(name, CodeList(name, ())) for kind, name in _CODE_REFERENCES.items()},
    }
    references.check()
    faults.raise_if_any()
    assert country_read is not None and law.holidays_cover is not None  # noqa: S101 - else there were faults
    days, unconfirmed = holiday_days(law.holidays)
    return Rulebook(
        directory=str(directory),
        fingerprint=fingerprint_of(directory),
        country=Country(
            code=country_read.code,
            iso3=country_read.iso3,
            titles=country_read.titles,
            time_zone=country_read.time_zone,
            languages=country_read.languages,
            official_language=country_read.official_language,
            calendars=country_read.calendars,
            weekend=country_read.weekend,
            holidays=tuple(sorted(law.holidays, key=lambda holiday: holiday.on)),
            work_calendar=WorkCalendar(country_read.weekend, days, law.holidays_cover, unconfirmed),
            roles=FrozenMap(country_read.roles),
        ),
        acts=FrozenMap(law.acts),
        codes=FrozenMap(lists),
        places=Places(place for place, _file, _line in places.values()),
        known_barriers=tuple(sorted(law.known_barriers, key=lambda barrier: barrier.from_on)),
        provisions=FrozenMap(law.provisions),
        values=FrozenMap(law.values),
        procedures=procedures,
    )


def _read_country(directory: Path, faults: Faults) -> CountryRead | None:
    root = read_yaml(directory / "country.yaml", "country.yaml", faults)
    return read_country(root) if root else None


def _read_files(
    directory: Path, faults: Faults, references: References
) -> tuple[LawRead, list[tuple[Item, Procedure]], dict[str, CodeList], dict[str, tuple[Place, str, int]]]:
    law = LawRead()
    lists: dict[str, CodeList] = {}
    places: dict[str, tuple[Place, str, int]] = {}
    procedures: list[tuple[Item, Procedure]] = []
    steps = Steps(faults)
    for path in files_of(directory):
        file = path.relative_to(directory).as_posix()
        match path.parent.name:
            case "codes":
                lists[path.stem] = read_codes(path, file, faults)
            case "places":
                read_places(path, file, faults, places)
            case "law":
                root = read_yaml(path, file, faults)
                if root:
                    read_law(root, law, references)
            case "steps":
                steps.read(path, file)
            case "procedures":
                root = read_yaml(path, file, faults)
                own_law = root.find("law") if root else None
                if own_law:
                    read_law(own_law, law, references)
                if root:
                    steps.include_into(root)
                    procedures.append((root, read_procedure(root, references)))
    steps.check_used()
    return law, procedures, lists, places


def files_of(directory: Path) -> list[Path]:
    """The files that make up a rulebook, always in the same order."""
    patterns = ("country.yaml", "law/*.yaml", "codes/*.csv", "places/*.csv", "steps/*.yaml", "procedures/*.yaml")
    return [path for pattern in patterns for path in sorted(directory.glob(pattern))]


def fingerprint_of(directory: Path) -> str:
    """SHA-256 over all files of a rulebook and their names."""
    digest = hashlib.sha256()
    for path in files_of(directory):
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
