"""Gives the members of a family names, birth dates as people know them, and what a register asks about a person.

Deterministic for a family: its random numbers come from the seed and its key alone, so that a family looks the same
whatever else is made, and a second record of a person (`duplicates`) can be written without keeping everybody in memory.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from panoh.demo.kinship import Member
from panoh.demo.naming import NOTHING, FullName, Word, family_name, feminine, given_name, tajik_patronymic
from panoh.kernel.births import BirthDate
from panoh.kernel.names import PersonName
from panoh.kernel.solar_hijri import to_solar_hijri

LAST_DAY = date(2025, 12, 31)
NATIONALITY = {"UNK": "XXX"}
# Home provinces of Afghans (p-codes); the north-east lies nearest. Weights are invented.
PROVINCES = {
    "AF01": 22, "AF03": 6, "AF08": 7, "AF09": 7, "AF10": 3, "AF11": 5, "AF17": 12, "AF18": 10, "AF19": 10, "AF21": 8,
    "AF06": 3, "AF32": 3, "AF24": 2, "AF29": 1, "AF27": 1,
}  # fmt: skip
HAZARA, TAJIK, PASHTUN, UZBEK = "079", "031", "030", "383"
DARI, PASHTO, TAJIKI, PERSIAN, URDU = "PRS", "PBT", "PET", "PES", "URD"


@dataclass(slots=True)
class Life:
    """One person as she will stand in the register, and the days on which her life there turns."""

    member: Member
    full_name: FullName
    names: tuple[PersonName, ...]
    birth: BirthDate
    born_on: date
    nationality: str
    joined_on: date
    born_here: bool = False
    dies_on: date | None = None
    splits_on: date | None = None
    marital: str = ""
    education: str = ""
    origin_place: str = ""
    religion: str = ""
    ethnicity: str = ""
    languages: tuple[str, ...] = ()
    papers: tuple[tuple[str, str, str], ...] = ()
    needs: list[tuple[str, date, date | None, str]] = field(default_factory=list)
    copy_of: tuple[int, int] | None = None


@dataclass(slots=True)
class Kin:
    """The names that run through one family."""

    family: Word
    tribal: Word
    head: Word
    father: Word
    grandfather: Word
    husband: Word
    husbands_father: Word
    province: str
    ethnicity: str


def draw_kin(origin: str, head: Member, rng: random.Random) -> Kin:
    family, tribal = family_name(origin, rng)
    names = [given_name(origin, "M", rng) for _ in range(4)]
    province = rng.choices(list(PROVINCES), list(PROVINCES.values()))[0] if origin == "AFG" else ""
    return Kin(
        family=family,
        tribal=tribal,
        head=given_name(origin, head.sex, rng),
        father=names[0],
        grandfather=names[1],
        husband=names[2],
        husbands_father=names[3],
        province=province,
        ethnicity=_ethnicity(origin, province, tribal, rng),
    )


def _ethnicity(origin: str, province: str, tribal: Word, rng: random.Random) -> str:
    if origin != "AFG":
        return TAJIK if origin == "XXA" else ""
    if tribal is not NOTHING:
        return PASHTUN
    if province in ("AF10", "AF24") or (province == "AF11" and rng.random() < 0.6):
        return HAZARA
    return rng.choices((TAJIK, HAZARA, UZBEK, PASHTUN), (66, 14, 8, 12))[0]


def full_name(member: Member, head: Member, kin: Kin, rng: random.Random) -> FullName:
    """Given name, father's and grandfather's: each by how the person stands to the principal applicant."""
    sex, origin = member.sex, member.nationality
    own = kin.head if member is head else given_name(origin, sex, rng)
    relationship = member.relationship
    if relationship == "PA" or relationship in ("SBM", "SBF"):
        father, grandfather = kin.father, kin.grandfather
    elif relationship in ("SON", "DAU"):
        father, grandfather = (kin.head, kin.father) if head.sex == "M" else (kin.husband, kin.husbands_father)
    elif relationship in ("NEP", "NCE"):
        father, grandfather = given_name(origin, "M", rng), kin.father
    elif relationship == "PRM":
        own, father, grandfather = kin.father, kin.grandfather, given_name(origin, "M", rng)
    elif relationship == "HUS":
        own, father, grandfather = kin.husband, kin.husbands_father, given_name(origin, "M", rng)
    elif relationship == "UNC":
        father, grandfather = kin.grandfather, given_name(origin, "M", rng)
    else:
        father, grandfather = given_name(origin, "M", rng), given_name(origin, "M", rng)
    family = kin.family
    if origin == "XXA":
        patronymic = tajik_patronymic(father, sex, rng)
        family = feminine(family) if sex == "F" else family
        return FullName(own, NOTHING if patronymic else father, NOTHING, family, NOTHING, patronymic)
    # Women are often recorded without the family's name.
    if sex == "F" and relationship not in ("DAU", "PA") and rng.random() < 0.4:
        family = NOTHING
    return FullName(own, father, grandfather if rng.random() < 0.8 else NOTHING, family, kin.tribal)


def written_forms(name: FullName, nationality: str, rng: random.Random) -> tuple[PersonName, ...]:
    """The scripts a name is held in: one's own first; a Latin or Cyrillic form where a paper or a clerk gave one."""
    spelling = rng.randrange(4)
    own = "Cyrl" if nationality == "XXA" else "Arab"
    forms = [name.written(own, spelling)]
    if rng.random() < 0.45:
        forms.append(name.written("Latn", spelling, with_grandfather=False))
    if own == "Arab" and rng.random() < 0.3:
        forms.append(name.written("Cyrl", spelling, with_grandfather=False))
    return tuple(forms)


def birth_as_known(born_on: date, told_on: date, nationality: str, rng: random.Random) -> BirthDate:
    """As the person or the paper gives it: to the day, a month, a Solar Hijri year alone, an age.

    Whatever is known must put the person into the same age band by the interval's midpoint as the true day does at the
    end of 2025; where it would not, the day itself is known.
    """
    choice = rng.random()
    child = told_on.year - born_on.year < 8
    if nationality in ("AFG",):
        limits = (0.62, 0.68, 0.84, 0.90, 1.0) if child else (0.30, 0.36, 0.78, 0.84, 1.0)
    else:
        limits = (0.85, 0.88, 0.89, 0.96, 1.0)
    if choice < limits[0]:
        calendar = "solar_hijri" if nationality == "AFG" and rng.random() < 0.5 else "gregorian"
        return BirthDate(born_on, born_on, "day", calendar)
    try:
        birth = _vague_birth(choice, limits, born_on, told_on)
    except ValueError:
        birth = None
    if (
        birth is None
        or birth.latest > max(told_on, born_on)
        or birth.age_band_on(LAST_DAY) != BirthDate(born_on, born_on, "day").age_band_on(LAST_DAY)
    ):
        return BirthDate(born_on, born_on, "day")
    return birth


def _vague_birth(choice: float, limits: tuple[float, ...], born_on: date, told_on: date) -> BirthDate:
    if choice < limits[1]:
        return BirthDate.from_parts("gregorian", born_on.year, born_on.month)
    if choice < limits[2]:
        return BirthDate.from_parts("solar_hijri", to_solar_hijri(born_on)[0])
    if choice < limits[3]:
        return BirthDate.from_parts("gregorian", born_on.year, estimated=True)
    return BirthDate.from_age(told_on.year - born_on.year - (0 if birthday_passed(born_on, told_on) else 1), told_on)


def birthday_passed(born_on: date, told_on: date) -> bool:
    """Whether this year's birthday has passed on the day the age was told."""
    return (told_on.month, told_on.day) >= (born_on.month, born_on.day)


def write_as_second_record(life: Life, first: Life, rng: random.Random) -> None:
    """The same person told to another clerk: another script first, another spelling, sometimes less of the name."""
    name = first.full_name
    given = name.given
    words = given.arab.split()
    if len(words) > 1 and rng.random() < 0.25 and all(len(form.split()) > 1 for form in (*given.latin, *given.cyrl)):
        given = Word(
            words[-1], tuple(form.split()[-1] for form in given.latin), tuple(form.split()[-1] for form in given.cyrl)
        )
    name = replace(
        name,
        given=given,
        grandfather=name.grandfather if rng.random() < 0.4 else NOTHING,
        family=name.family if rng.random() < 0.7 else NOTHING,
    )
    scripts = ["Latn", "Cyrl", "Arab"]
    first_script = first.names[0].script
    other = [script for script in scripts if script != first_script]
    chosen = rng.choice(other) if rng.random() < 0.85 else first_script
    life.full_name = name
    life.names = (name.written(chosen, rng.randrange(4)),)
    if chosen == "Latn" and rng.random() < 0.3:
        life.names += (name.written("Cyrl", rng.randrange(4)),)
    life.origin_place = first.origin_place
    life.ethnicity, life.religion, life.languages = first.ethnicity, first.religion, first.languages
    life.papers = first.papers if rng.random() < 0.25 else ()


def marital_status(member: Member, members: tuple[Member, ...], age: int, rng: random.Random) -> str:
    if member.born == 0:
        return "U"
    if age < 18:
        return "SN"
    couple = any(other.relationship in ("WIF", "HUS") for other in members)
    if member.relationship in ("WIF", "HUS") or (member.relationship == "PA" and couple):
        return "MA"
    children = any(other.relationship in ("SON", "DAU") for other in members)
    if member.relationship == "PA" and children:
        return "WD" if rng.random() < 0.75 else ("DV" if rng.random() < 0.3 else "MA")
    if member.relationship in ("PRM", "PRF"):
        both = sum(1 for other in members if other.relationship in ("PRM", "PRF")) == 2
        return "MA" if both else "WD"
    return "SN" if age < 33 or rng.random() < 0.4 else "MA"


def education_level(age: int, sex: str, rng: random.Random) -> str:
    if age < 5:
        return ""
    if age < 18:
        return str(max(1, min(12, age - 6 - rng.randint(0, 2)))) if age > 6 and rng.random() < 0.85 else "NE"
    none = 0.42 if sex == "F" else 0.25
    choice = rng.random()
    if choice < none:
        return "NE"
    return rng.choice(("IN", "6", "9", "12", "12", "12", "TC", "UG", "UG", "PG" if rng.random() < 0.2 else "UG"))


def papers_held(member: Member, age: int, rng: random.Random) -> tuple[tuple[str, str, str], ...]:
    """(kind, number, country): tazkira or e-tazkira and passport for Afghans; many have none."""
    if member.nationality != "AFG" or age < 1:
        return ()
    papers = []
    choice = rng.random()
    if choice < 0.45:
        papers.append(("TAZKIRA", f"{rng.randrange(1, 99_999_999):08d}", "AFG"))
    elif choice < 0.66:
        number = f"{rng.randint(1386, 1404)}-{rng.randrange(10_000):04d}-{rng.randrange(100_000):05d}"
        papers.append(("E_TAZKIRA", number, "AFG"))
    if age >= 16 and rng.random() < 0.35:
        papers.append(("PASSPORT", f"P{rng.randrange(10_000_000):08d}", "AFG"))
    return tuple(papers)


def languages_spoken(nationality: str, ethnicity: str, rng: random.Random) -> tuple[str, ...]:
    first = {"AFG": PASHTO if ethnicity == PASHTUN else DARI, "XXA": TAJIKI, "IRN": PERSIAN, "PAK": URDU}.get(
        nationality, ""
    )
    if not first:
        return ()
    spoken = [first]
    if first == PASHTO and rng.random() < 0.6:
        spoken.append(DARI)
    if rng.random() < 0.12:
        spoken.append("RUS")
    if rng.random() < 0.12:
        spoken.append("ENG")
    return tuple(spoken)


def religion(ethnicity: str, province: str, rng: random.Random) -> str:
    if ethnicity == HAZARA:
        return "SIT"
    if province == "AF17" and rng.random() < 0.2:
        return "ISM"
    return "SUN" if rng.random() < 0.8 else "MUS"


def day_in(year: int, rng: random.Random, first: date | None = None, last: date | None = None) -> date:
    """A day of the year, not before `first` and not after `last` where these lie in it."""
    low = max(date(year, 1, 1), first or date.min)
    high = min(date(year, 12, 31), last or date.max)
    return low + timedelta(days=rng.randint(0, max((high - low).days, 0))) if high >= low else low
