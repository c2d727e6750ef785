"""Names, births and papers as the forms of several events ask for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import NAME_PARTS, PersonName, script_of
from panoh.kernel.problems import Problem
from panoh.registry.choices import PART_TITLES
from panoh.registry.events.event import EventForm, Part, choices, day_field
from panoh.registry.registration import PaperEntry
from panoh.registry.sheet import read_birth

BIRTH_FIELDS = ("birth_calendar", "birth_year", "birth_month", "birth_day")
PAPER_FIELDS = ("kind", "number", "country", "issued_on", "expires_on")
SEVERAL_NAMES = _("The same name in another script, as the person writes it")


def named(parts: dict[str, str]) -> PersonName:
    """The form of a name in the script that most of its letters have."""
    return PersonName(script_of(" ".join(parts.values())) or "Latn", **parts)


def part_field(part: str, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=PART_TITLES[part], max_length=100, required=required)


class NameFields(forms.Form):
    """A name in all its parts and a birth as told."""

    given = part_field("given", required=True)
    father = part_field("father")
    grandfather = part_field("grandfather")
    family = part_field("family")
    patronymic = part_field("patronymic")
    tribal = part_field("tribal")
    birth_calendar = forms.ChoiceField(
        label=_("Calendar"), choices=[("solar_hijri", _("Solar Hijri")), ("gregorian", _("Gregorian"))]
    )
    birth_year = forms.CharField(label=_("Year of birth"), max_length=4, required=False)
    birth_month = forms.CharField(label=_("Month"), max_length=2, required=False)
    birth_day = forms.CharField(label=_("Day"), max_length=2, required=False)

    def told_name(self, prefix: str = "") -> PersonName:
        return named({part: self.cleaned_data[prefix + part] for part in NAME_PARTS})

    def told_birth(self, on: date) -> BirthDate:
        wrong: list[Problem] = []
        birth = read_birth(self.cleaned_data, on, "", wrong)
        if wrong:
            raise wrong[0].on_field("birth_year")
        return birth


def paper_fields(prefix: str, before: PaperEntry | None = None) -> dict[str, forms.Field]:
    """A paper that somebody holds: what stands on it."""
    issued = choices("paper_kinds", issued_by_panoh="yes")
    kinds = [choice for choice in choices("paper_kinds") if choice not in issued]
    countries = choices("countries")
    shown: dict[str, forms.Field] = {
        "kind": forms.ChoiceField(label=_("Paper"), choices=[("", _("choose")), *kinds], required=False),
        "number": forms.CharField(label=_("Number of the paper"), max_length=40, required=False),
        "country": forms.ChoiceField(label=_("Issued by"), choices=[("", _("choose")), *countries], required=False),
        "issued_on": day_field(_("Issued on"), initial=None, required=False),
        "expires_on": day_field(_("Valid until"), initial=None, required=False),
    }
    for name, field in shown.items():
        field.initial = getattr(before, name) if before else None
    return {prefix + name: field for name, field in shown.items()}


class NewPersonForm(NameFields, EventForm):
    """Somebody who comes into the file: the name in parts, perhaps in a second script and with a paper, and the birth."""

    sex: forms.ChoiceField

    def prepare(self) -> None:
        self.fields |= {f"other_{part}": part_field(part) for part in NAME_PARTS}
        self.fields |= paper_fields("paper_")

    @property
    def parts(self) -> list[Part]:
        name = self.part(_("Name"), ("given", "father", "grandfather", "family"))
        birth = self.part(_("Birth"), BIRTH_FIELDS)
        folded = [
            self.part(_("More parts of the name"), ("patronymic", "tribal"), folded=True),
            self.part(SEVERAL_NAMES, [f"other_{part}" for part in NAME_PARTS], folded=True),
            self.part(_("A paper"), [f"paper_{field}" for field in PAPER_FIELDS], folded=True),
        ]
        return [name, birth, self.rest(name, birth, *folded), *folded]

    def field_of(self, path: str) -> str:
        for place, prefix in (("names.1.", "other_"), ("papers.0.", "paper_")):
            if path.startswith(place):
                return prefix + path.removeprefix(place)
        return super().field_of(path)

    def told_names(self) -> tuple[PersonName, ...]:
        names = self.told_name(), self.told_name("other_")
        return tuple(name for name in names if name.parts())

    def told_papers(self) -> tuple[PaperEntry, ...]:
        return told_papers(self.cleaned_data, ["paper_"])


def told_papers(given: dict[str, Any], prefixes: list[str]) -> tuple[PaperEntry, ...]:
    """The papers of which anything was told."""
    papers = [PaperEntry(**{name: given[prefix + name] for name in PAPER_FIELDS}) for prefix in prefixes]
    return tuple(paper for paper in papers if paper.kind or paper.number)
