"""Putting right what is written of a person, and adding what she shows or tells later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panoh.kernel.names import NAME_PARTS, PersonName
from panoh.kernel.problems import Problem
from panoh.registry import operations, queries
from panoh.registry.events.event import EventForm, Part, choices, code_field, day_field, evidence_field
from panoh.registry.events.naming import (
    BIRTH_FIELDS,
    PAPER_FIELDS,
    SEVERAL_NAMES,
    NameFields,
    named,
    paper_fields,
    part_field,
    told_papers,
)
from panoh.registry.models import Name
from panoh.registry.origins import origin_choices, typed_origin
from panoh.registry.registration import PaperEntry
from panoh.registry.rules.persons import paper_warnings
from panoh.rulebook import current

SCRIPTS = ("Arab", "Cyrl", "Latn")


class CorrectingForm(EventForm):
    """Ends in one correction of the person, asked once where she may prove to be somebody who is registered already."""

    evidence = evidence_field()

    def rest(self, *parts: Part) -> Part:
        """The evidence comes last: it is what everything above it was corrected on."""
        rest = super().rest(*parts)
        return replace(rest, fields=sorted(rest.fields, key=lambda field: field.name == "evidence"))

    def correct(self, corrections: dict[str, Any], warnings: Iterable[Problem] = ()) -> Any:
        return operations.correct_person(
            person=self.thing,
            corrections=corrections,
            evidence=self.cleaned_data["evidence"],
            confirm=self.ask_once([self.thing.pk, corrections], warnings),
            **self.frame,
        )


class CorrectionForm(NameFields, CorrectingForm):
    lead = _("A name that is replaced stays in the record: papers of others bear it. Leave unchanged what is right.")
    sex = code_field(_("Sex"), "sex")
    nationality = code_field(_("Nationality"), "countries")
    marital = code_field(_("Marital status"), "marital", required=False)

    def prepare(self) -> None:
        birth = self.thing.birth
        year, month, day = birth.parts()
        before = {
            "birth_calendar": birth.calendar,
            "birth_year": year or "",
            "birth_month": month or "",
            "birth_day": day or "",
            "sex": self.thing.sex,
            "nationality": self.thing.nationality,
            "marital": self.thing.marital,
        }
        # Each of the person's own forms, whole: a part or a script that is not asked for would be taken for given up.
        self.own = [name.as_person_name() for name in self.thing.names.all() if name.role == Name.OWN]
        many = max(len(self.own), min(len(self.own) + 1, len(SCRIPTS)))
        self.prefixes = ["", *(f"form{place}_" for place in range(1, many))]
        for prefix in self.prefixes[1:]:
            self.fields |= {prefix + part: part_field(part) for part in NAME_PARTS}
        for prefix, name in zip(self.prefixes, self.own, strict=False):
            before |= {prefix + part: text for part, text in name.parts()}
        self.initial = {**before, **self.initial}

    @property
    def parts(self) -> list[Part]:
        names = [
            self.part(
                SEVERAL_NAMES if place else _("The person’s own name"),
                [prefix + part for part in NAME_PARTS],
                folded=place >= len(self.own),
            )
            for place, prefix in enumerate(self.prefixes)
        ]
        birth = self.part(_("Birth"), BIRTH_FIELDS)
        return [*names, birth, self.rest(*names, birth)]

    def told_names(self) -> list[tuple[str, PersonName]]:
        """(prefix of its fields, form): what was emptied is given up."""
        told = [(prefix, self.told_name(prefix)) for prefix in self.prefixes]
        return [(prefix, name) for prefix, name in told if name.parts()]

    def field_of(self, path: str) -> str:
        if path.startswith("names."):
            _names, place, *part = path.split(".")
            return self.told_names()[int(place)][0] + (part[0] if part else "given")
        return super().field_of(path)

    def carry_out(self) -> Any:
        given = self.cleaned_data
        corrections: dict[str, Any] = {
            name: given[name] for name in ("sex", "nationality", "marital") if given[name] != getattr(self.thing, name)
        }
        told = [name for _prefix, name in self.told_names()]
        if told != self.own:
            corrections["names"] = tuple(told)
        if any(str(given[name]) != str(self.initial.get(name) or "") for name in BIRTH_FIELDS):
            corrections["birth"] = self.told_birth(timezone.localdate())
        return self.correct(corrections)


class PapersForm(CorrectingForm):
    lead = _("A paper that has expired stays, with its last day. Only one that was noted by mistake is taken off.")

    def prepare(self) -> None:
        rows = sorted(self.thing.papers_held.all(), key=lambda paper: paper.pk)
        self.held = [PaperEntry(*(getattr(paper, name) for name in PAPER_FIELDS)) for paper in rows]
        self.prefixes = [f"paper{place}_" for place in range(len(self.held) + 1)]
        for place, prefix in enumerate(self.prefixes):
            known = self.held[place] if place < len(self.held) else None
            self.fields |= paper_fields(prefix, known)
            if known:
                self.fields[f"{prefix}off"] = forms.BooleanField(
                    label=_("Noted by mistake: take it off"), required=False
                )

    @property
    def parts(self) -> list[Part]:
        titles = dict(choices("paper_kinds"))
        papers = [
            self.part(
                _("Another paper") if place == len(self.held) else titles.get(self.held[place].kind, _("Paper")),
                [prefix + name for name in (*PAPER_FIELDS, "off")],
            )
            for place, prefix in enumerate(self.prefixes)
        ]
        return [*papers, self.rest(*papers)]

    def told(self) -> list[str]:
        given = self.cleaned_data
        return [
            prefix
            for prefix in self.prefixes
            if not given.get(f"{prefix}off") and (given[f"{prefix}kind"] or given[f"{prefix}number"])
        ]

    def field_of(self, path: str) -> str:
        if path.startswith("papers."):
            _papers, place, name = path.split(".")
            return self.told()[int(place)] + name
        return path

    def carry_out(self) -> Any:
        papers = told_papers(self.cleaned_data, self.told())
        fresh = tuple(paper for paper in papers if paper not in self.held)
        warnings = list(paper_warnings(fresh, timezone.localdate(), current().codes, ""))
        return self.correct({"papers": papers} if papers != tuple(self.held) else {}, warnings)


class DetailsForm(CorrectingForm):
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    relationship = code_field(_("Relationship to the principal applicant"), "relationship")
    arrived_on = day_field(_("Arrived in the country on"), initial=None)
    origin_place = forms.CharField(label=_("Place of origin"), max_length=100, required=False)
    education = code_field(_("Education"), "education", required=False)
    occupation = forms.CharField(label=_("Occupation"), max_length=100, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"), required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )
    religion = code_field(_("Religion"), "religion", required=False)
    ethnicity = code_field(_("Ethnicity"), "ethnicity", required=False)

    def prepare(self) -> None:
        person, language = self.thing, get_language() or "en"
        self.before = {name: getattr(person, name) for name in PLAIN_DETAILS}
        if person.relationship == "PA":
            del self.fields["relationship"]
        self.fields["origin_place"].widget = forms.TextInput(attrs={"list": "suggested"})
        provinces = origin_choices(language, timezone.localdate())
        self.suggested = [title for _country, places in provinces for _code, title in places]
        if self.by.reads("religion_ethnicity"):
            profile = queries.find_profile(self.by, person)
            for name in PROFILE_DETAILS:
                self.before[name] = getattr(profile, name) if profile else ([] if name == "languages" else "")
            self.fields["languages"].choices = choices("languages")
        else:
            for name in PROFILE_DETAILS:
                del self.fields[name]
        if not self.by.reads("contact"):
            del self.fields["phone"]
        self.fields |= {f"alias_{part}": part_field(part) for part in NAME_PARTS}
        book, origin = current(), self.before["origin_place"]
        shown = book.text(book.places[origin].titles, language) if origin in book.places else origin
        self.initial = {**self.before, "origin_place": shown, **self.initial}

    @property
    def parts(self) -> list[Part]:
        alias = self.part(
            _("Another name by which she or he is known"), [f"alias_{part}" for part in NAME_PARTS], folded=True
        )
        rest = self.rest(alias)
        *fields, evidence = rest.fields
        return [replace(rest, fields=fields), alias, Part("", [evidence])]

    def field_of(self, path: str) -> str:
        return "alias_" + path.rpartition(".")[2] if path.startswith("aliases.") else path

    def carry_out(self) -> Any:
        told = {name: self.cleaned_data[name] for name in self.before if name in self.fields}
        if "origin_place" in self.changed_data:  # else it stays what it is, also where its title means two places
            told["origin_place"] = typed_origin(told["origin_place"])
        else:
            told["origin_place"] = self.before["origin_place"]
        corrections = {name: value for name, value in told.items() if value != self.before[name]}
        alias = self.told_alias()
        if alias is not None:
            known = [name.as_person_name() for name in self.thing.names.all() if name.role == Name.ALIAS]
            corrections["aliases"] = (alias, *known)
        return self.correct(corrections)

    def told_alias(self) -> PersonName | None:
        parts = {part: self.cleaned_data[f"alias_{part}"] for part in NAME_PARTS}
        return named(parts) if any(parts.values()) else None


PLAIN_DETAILS = ("phone", "relationship", "arrived_on", "origin_place", "education", "occupation")
PROFILE_DETAILS = ("languages", "religion", "ethnicity")
