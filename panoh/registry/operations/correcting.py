"""Putting right what is written of a person, and what changes in the course of time: photo, address, needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.identity.proposing import own_spellings
from panoh.kernel.problems import Problem
from panoh.registry.models import (
    Facts,
    Household,
    Location,
    Name,
    Need,
    PaperHeld,
    Person,
    Photo,
    Profile,
    Residence,
    Suggestion,
)
from panoh.registry.models.duplicates import ENTRY
from panoh.registry.nameindex import index_rows
from panoh.registry.operations.composition import check_members
from panoh.registry.operations.frame import Act, Done, begin, event_day, refuse, region, require_open
from panoh.registry.operations.rows import (
    end_residence,
    facts_row,
    location_row,
    name_rows,
    own_names,
    paper_row,
    save_rows,
)
from panoh.registry.operations.suggestions import Confirm, Findings, as_it_is
from panoh.registry.queries.candidates import Candidate, find_candidates_of
from panoh.registry.registration import NeedEntry, PersonEntry
from panoh.registry.rules import clean_photo
from panoh.registry.rules.persons import clean_person, need_problems, person_problems
from panoh.registry.rules.relationships import PRINCIPAL
from panoh.registry.rules.values import clean_phone, text_problems
from panoh.registry.snapshots import need_snapshot, profile_snapshot, residence_snapshot
from panoh.rulebook import current

PLAIN = (
    "sex",
    "nationality",
    "origin_place",
    "marital",
    "education",
    "occupation",
    "phone",
    "relationship",
    "arrived_on",
)
PROFILE = ("religion", "ethnicity", "languages")
FIELDS = frozenset([*PLAIN, *PROFILE, "birth", "names", "aliases", "papers"])
COUNTED = frozenset(["sex", "birth", "nationality"])
IDENTIFYING = frozenset(["names", "aliases", "birth", "sex", "papers"])


@transaction.atomic
def correct_person(
    *,
    by: Actor,
    person: Person,
    corrections: Mapping[str, Any],
    evidence: str,
    confirm: Confirm = as_it_is,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Correct what is written of a person. `corrections` has the fields of `PersonEntry` that change; `evidence` says why.

    A name that is replaced stays as an alias: papers of others bear it. Who the principal applicant is changes by an
    act of its own. `confirm` is asked as `register_household` asks it: under the right name, or with a paper, somebody
    may prove to be registered already.
    """
    unknown = set(corrections) - FIELDS
    if unknown:
        raise ValueError(f"{sorted(unknown)} cannot be corrected by this act")
    act = begin(
        by=by,
        verb="registry.person.correct",
        household=person.household_id,
        base=base,
        submission_id=submission_id,
        content=[person.pk, dict(corrections), evidence],
    )
    if act.earlier:
        return act.earlier
    row = act.member(person)
    if not corrections:
        raise Problem("registry.correction.nothing")
    if len(evidence.strip()) < 3:
        raise Problem("registry.value.missing", field="evidence")
    if any(name in corrections for name in PROFILE) and not by.reads("religion_ethnicity"):
        raise Problem("access.verb.refused_class", field_class="religion_ethnicity")
    changed_relationship = corrections.get("relationship", row.relationship)
    if PRINCIPAL in (row.relationship, changed_relationship) and changed_relationship != row.relationship:
        raise Problem("registry.household.change_by_act", field="relationship")
    names = list(Name.objects.filter(person=row).order_by("-is_primary", "id"))
    papers = list(PaperHeld.objects.filter(person=row))
    entry = replace(_as_entry(row, names), **corrections)
    refuse(
        [
            *person_problems(entry, act.on, current().codes, "", region=region()),
            *text_problems(evidence, "evidence"),
        ]
    )
    entry = clean_person(entry)
    candidates = _others_like(by, row, entry) if IDENTIFYING & corrections.keys() else ()
    confirm(candidates)
    for name in PLAIN:
        if name in corrections:
            value = getattr(entry, name)
            setattr(row, name, clean_phone(value, region()) if name == "phone" and value.strip() else value)
    if "birth" in corrections:
        row.birth_earliest, row.birth_latest = entry.birth.earliest, entry.birth.latest
        row.birth_precision, row.birth_calendar = entry.birth.precision, entry.birth.calendar
        row.birth_estimated = entry.birth.estimated
    if row.status == "open":
        check_members([row, *(member for member in act.open_members() if member.pk != row.pk)])
    if "names" in corrections or "aliases" in corrections:
        _replace_names(row, names, entry, corrections)
    if "papers" in corrections:
        _replace_papers(row, papers, entry)
    if any(name in corrections for name in PROFILE):
        _save_profile(act, row, corrections)
    alike = Findings(ENTRY).of([row], candidates)
    done = act.finish(
        kind="registry.person.corrected",
        persons=[row],
        payload={"fields": sorted(corrections)},
        detail={"evidence": evidence.strip()},
        also=alike.ids(),
    )
    alike.save()
    if {"names", "aliases", "birth"} & corrections.keys():  # the index holds the years of birth as well
        forms = [name.as_person_name() for name in row.names.all() if name.role != Name.PROPOSED]
        save_rows({"name_index": index_rows([(row.pk, forms)])})
    if COUNTED & corrections.keys():
        Facts.objects.bulk_create([facts_row(row, recorded_at=done.entry.recorded_at, entry_id=done.entry.id)])
    return done


def _as_entry(row: Person, names: list[Name]) -> PersonEntry:
    """The person as it stands, in the form that the rules judge; papers and profile stand for themselves."""
    return PersonEntry(
        names=tuple(name.as_person_name() for name in names if name.role == Name.OWN),
        aliases=tuple(name.as_person_name() for name in names if name.role == Name.ALIAS),
        sex=row.sex,
        birth=row.birth,
        nationality=row.nationality,
        relationship=row.relationship,
        marital=row.marital,
        education=row.education,
        origin_place=row.origin_place,
        occupation=row.occupation,
        phone=row.phone,
        arrived_on=row.arrived_on if row.birth_earliest <= row.arrived_on else None,
    )


def _others_like(by: Actor, row: Person, entry: PersonEntry) -> tuple[Candidate, ...]:
    """Who may be the same person, but for pairs that somebody was told of before."""
    told = Suggestion.objects.filter(Q(person_a=row) | Q(person_b=row)).values_list(
        "person_a__number", "person_b__number"
    )
    known = {row.number, *(number for pair in told for number in pair)}
    return tuple(one for one in find_candidates_of(by, (entry,)) if one.number not in known)


def _replace_names(row: Person, old: list[Name], entry: PersonEntry, corrections: Mapping[str, Any]) -> None:
    """The forms as they are told now. One that stays keeps its row and who gave it; an own form that goes is an alias."""
    given = [name for name in old if name.role != Name.PROPOSED]
    own = [name.as_person_name() for name in given if name.role == Name.OWN]
    replaced = [name for name in own if name not in entry.names] if "names" in corrections else []
    aliases = [alias for alias in dict.fromkeys([*entry.aliases, *replaced]) if alias not in entry.names]
    others = own_names(row.household_id, without=row.pk)
    rows = name_rows(row, entry.names, aliases, spelt=own_spellings([entry.names, *others]))
    known = {name.as_person_name(): name for name in reversed(given)}
    staying, made = [], []
    for form in rows:
        before = known.pop(form.as_person_name(), None) if form.role != Name.PROPOSED else None
        if before is None:
            made.append(form)
        else:
            before.role, before.is_primary = form.role, form.is_primary
            staying.append(before)
    forms = Name.objects.filter(person=row)
    forms.exclude(pk__in=[name.pk for name in staying]).delete()
    forms.filter(is_primary=True).update(is_primary=False)  # one primary form at a time, also between two statements
    Name.objects.bulk_update(staying, ["role", "is_primary"])
    Name.objects.bulk_create(made)


def _replace_papers(row: Person, old: list[PaperHeld], entry: PersonEntry) -> None:
    wanted = {
        (paper.kind, paper.number.strip(), paper.country, paper.issued_on, paper.expires_on): paper
        for paper in entry.papers
    }
    for paper in old:
        if wanted.pop((paper.kind, paper.number, paper.country, paper.issued_on, paper.expires_on), None) is None:
            paper.delete()
    PaperHeld.objects.bulk_create(paper_row(row, paper) for paper in wanted.values())


def _save_profile(act: Act, row: Person, corrections: Mapping[str, Any]) -> None:
    profile = Profile.objects.filter(person=row).first() or Profile(person=row)
    for name in PROFILE:
        if name in corrections:
            setattr(profile, name, list(corrections[name]) if name == "languages" else corrections[name])
    profile.save()
    act.digests[profile.pk] = profile_snapshot(profile)


@transaction.atomic
def set_photo(
    *,
    by: Actor,
    person: Person,
    image: bytes,
    taken_on: date | None = None,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Keep a new photo of a person; earlier ones stay, because a paper may bear them."""
    act = begin(
        by=by,
        verb="registry.photo.set",
        household=person.household_id,
        base=base,
        submission_id=submission_id,
        content=[person.pk, image, taken_on],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    row = act.member(person)
    photo = clean_photo(image, "photo")
    on = event_day(taken_on or act.on, household=act.household, today=act.on, field="taken_on")
    Photo.objects.create(person=row, image=photo.image, sha256=photo.sha256, taken_on=on)
    row.photo_sha256 = photo.sha256
    return act.finish(kind="registry.photo.set", persons=[row], payload={"photo_sha256": photo.sha256})


@transaction.atomic
def change_residence(
    *,
    by: Actor,
    household: Household,
    place: str,
    detail: str = "",
    moved_on: date | None = None,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """The household lives elsewhere from a day on. Who writes an address down need not be allowed to read it again."""
    act = begin(
        by=by,
        verb="registry.residence.change",
        household=household,
        base=base,
        submission_id=submission_id,
        content=[household.pk, place, detail, moved_on],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    book = current()
    on = event_day(moved_on or act.on, household=act.household, today=act.on, field="moved_on")
    problems = list(text_problems(detail, "detail"))
    if place not in book.places:
        problems.append(Problem("registry.value.unknown_place", field="place", code=place[:40]))
    refuse(problems)
    end_residence(act.household.pk, on)
    row = Residence(
        household=act.household, place=place, detail=detail.strip(), valid_from=on, recorded_at=timezone.now()
    )
    Residence.objects.bulk_create([row])  # without RETURNING: the row may be closed to who writes it
    act.digests[row.pk] = residence_snapshot(row)
    done = act.finish(kind="registry.residence.changed", payload={"residence": row.pk}, occurred_on=on)
    Location.objects.bulk_create(
        [
            location_row(
                act.household,
                place,
                book,
                valid_from=on,
                recorded_at=done.entry.recorded_at,
                entry_id=done.entry.id,
            )
        ]
    )
    return done


@transaction.atomic
def add_need(
    *,
    by: Actor,
    person: Person,
    need: NeedEntry,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Note a specific need of a person. Restricted ones can be noted by many and read by few."""
    act = begin(
        by=by,
        verb="registry.need.add",
        household=person.household_id,
        base=base,
        submission_id=submission_id,
        content=[person.pk, need],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    codes = current().codes
    refuse(need_problems(need, act.on, codes, ""))
    whose = act.member(person)
    row = Need(
        person=whose,
        code=need.code,
        restricted=codes["needs"][need.code].attributes.get("restricted") == "yes",
        since=need.since or act.on,
        until=need.until,
        source=need.source,
        recorded_by_id=by.member_id,
        recorded_at=timezone.now(),
    )
    # The unique index knows of a restricted need that this actor may not see; it answers without telling more.
    _insert_once(row)
    act.digests[row.pk] = need_snapshot(row)
    return act.finish(kind="registry.need.added", persons=[whose], payload={"need": row.pk})


@transaction.atomic
def end_need(
    *,
    by: Actor,
    need: Need,
    until: date | None = None,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """A specific need has ended. It stays in the record with both dates."""
    act = begin(
        by=by,
        verb="registry.need.end",
        household=need.person.household_id,
        base=base,
        submission_id=submission_id,
        content=[need.pk, until],
    )
    if act.earlier:
        return act.earlier
    row = Need.objects.select_for_update().filter(pk=need.pk, person__household=act.household).first()
    if row is None:
        raise Problem("access.thing.not_found")
    if row.until is not None:
        raise Problem("registry.need.ended", day=row.until)
    row.until = event_day(until or act.on, household=act.household, today=act.on, field="until")
    if row.until < row.since:
        raise Problem("registry.need.ends_before_start", field="until", day=row.since)
    row.save(update_fields=["until"])
    act.digests[row.pk] = need_snapshot(row)
    return act.finish(kind="registry.need.ended", persons=[row.person], payload={"need": row.pk}, occurred_on=row.until)


def _insert_once(row: Need) -> None:
    try:
        with transaction.atomic():
            Need.objects.bulk_create([row])
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != "need_once":
            raise
        raise Problem("registry.need.twice", field="code", code=row.code) from error
