"""Forms drawn from the rulebook's own definition of an act.

A form here draws fields and keeps what was typed; it judges nothing. Every answer is checked by the rules when the operation is
called, so that the page, an import and a test are refused for the same reasons, and all reasons are shown at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panoh.access.days import DayField, DayInput, typed_day
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.procedures.models import CasePerson
from panoh.procedures.queries.moves import Prospect
from panoh.procedures.rules.answers import KeptFile, choices_of
from panoh.procedures.rules.guards import person_field
from panoh.rulebook.model import Action, Field, Rulebook

RADIO_UP_TO = 5


class KeepingForm(forms.Form):
    """A form that keeps every value as it came in; whoever is called with them judges them."""

    use_required_attribute = False

    def _clean_fields(self) -> None:
        for name, bound in self._bound_items():
            self.cleaned_data[name] = bound.data


@dataclass(frozen=True, slots=True)
class PersonGroup:
    """The fields about one person, under the person's name."""

    line: CasePerson
    fields: tuple[Any, ...]


class ActionForm(KeepingForm):
    """The form of one act: the day, the fields of the case, and those of each person."""

    def __init__(
        self,
        *args: Any,
        action: Action,
        book: Rulebook,
        language: str,
        lines: Sequence[CasePerson] = (),
        colleagues: Iterable[tuple[str, str]] = (),
        offices: Iterable[tuple[str, str]] = (),
        on: date,
        version: int | None = None,
        with_day: bool = True,
        whole: Action | None = None,
        settled: Mapping[str, Mapping[str, Any]] | None = None,
        **more: Any,
    ) -> None:
        """`action` may be a part of the `whole` act; `settled` holds, by person id, answers that are given already."""
        super().__init__(*args, **more)
        self.action, self.lines = action, list(lines)
        self.settled = settled or {}
        drawing = _Drawing(book, language, on, list(colleagues), list(offices), whole or action)
        if with_day:
            self.fields["occurred_on"] = DayField(
                label=_("Done on"),
                widget=DayInput({"max": on.isoformat()}),
                initial=on.isoformat(),
                help_text=_("The day on which it was done, not the day on which it is written down."),
            )
        for one in action.form:
            self.fields[one.name] = drawing.field(one)
        for line in self.lines:
            for one in self._asked(line):
                self.fields[person_field(line.position, one.name)] = drawing.field(one)
        if version is not None:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version)
        self.fields["submission_id"] = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)

    def _asked(self, line: CasePerson) -> list[Field]:
        """The fields about a person that are still open: one that depends on a settled answer is asked only if it holds."""
        known = self.settled.get(str(line.person_id), {})
        return [
            one
            for one in self.action.per_person
            if one.shown_when is None or one.shown_when.field not in known or one.shown_when.holds(known)
        ]

    def case_fields(self) -> list[Any]:
        names = ("occurred_on", *(one.name for one in self.action.form))
        return [self[name] for name in names if name in self.fields]

    def groups(self) -> list[PersonGroup]:
        return [
            PersonGroup(line, tuple(self[person_field(line.position, one.name)] for one in self._asked(line)))
            for line in self.lines
            if self._asked(line)
        ]

    # -- what was typed, for the operation ---------------------------------------------------------------------------

    def facts(self) -> dict[str, Any]:
        return {one.name: _given(self.cleaned_data.get(one.name)) for one in self.action.form}

    def persons_facts(self) -> dict[UUID, dict[str, Any]]:
        return {
            line.person_id: {
                one.name: _given(self.cleaned_data.get(person_field(line.position, one.name)))
                for one in self._asked(line)
            }
            for line in self.lines
            if self._asked(line)
        }

    def day(self) -> date:
        return read_day(self.cleaned_data.get("occurred_on"), "occurred_on")

    def expected_version(self) -> int:
        """The step that was seen; a page that does not say has seen none, and is told that the case has moved."""
        return read_version(self.cleaned_data.get("version"))

    def submission_id(self) -> UUID | None:
        return read_id(self.cleaned_data.get("submission_id"))


def read_version(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def read_day(value: Any, field: str) -> date:
    if isinstance(value, date):
        return value
    if not value:
        raise Problem("procedures.answer.missing", field=field)
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise Problem("procedures.answer.not_a_day", field=field, value=str(value).rpartition(":")[2][:60]) from None


def read_id(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _given(value: Any) -> Any:
    """A file as its content; all else as it was typed."""
    if hasattr(value, "read") and hasattr(value, "size"):
        return KeptFile(value.read())
    return value


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Draws the fields of one act in the reader's language."""

    book: Rulebook
    language: str
    on: date
    colleagues: list[tuple[str, str]]
    offices: list[tuple[str, str]]
    action: Action

    def field(self, one: Field) -> forms.Field:
        label, help_text = self.book.text(one.titles, self.language), self._help(one)
        widget = getattr(self, f"_{one.kind}")(one)
        return forms.Field(
            label=label, required=one.required and one.shown_when is None, widget=widget, help_text=help_text
        )

    def _help(self, one: Field) -> str:
        parts = [self.book.text(one.help, self.language)] if one.help else []
        if one.shown_when is not None:
            parts.append(self._only_if(one))
        if one.field_class == "restricted":
            parts.append(_("Only protection staff can read this back."))
        return " ".join(parts)

    def _only_if(self, one: Field) -> str:
        """Pages work without JavaScript, so a field that depends on another says so in words."""
        when = one.shown_when
        assert when is not None  # noqa: S101 - the caller asked
        other = self.action.field(when.field)
        values = [self._value_title(other, value) for value in sorted(when.values)]
        return _("Only if “%(field)s” is %(values)s.") % {
            "field": self.book.text(other.titles, self.language),
            "values": _(" or ").join(values),
        }

    def _value_title(self, other: Field, value: str) -> str:
        if other.kind == "bool":
            return str(_("yes") if value == "true" else _("no"))
        found = choices_of(other, self.book, self.on).get(value)
        return self.book.text(found, self.language) if found else value

    def _choices(self, one: Field) -> list[tuple[str, str]]:
        return [
            (code, self.book.text(titles, self.language))
            for code, titles in choices_of(one, self.book, self.on).items()
        ]

    def _text(self, _one: Field) -> forms.Widget:
        return forms.TextInput(attrs={"maxlength": 500, "dir": "auto"})

    def _number(self, one: Field) -> forms.Widget:
        bounds = {name: bound for name, bound in (("min", one.at_least), ("max", one.at_most)) if bound is not None}
        return forms.NumberInput(attrs={"inputmode": "numeric", **bounds})

    def _case(self, _one: Field) -> forms.Widget:
        return forms.TextInput(attrs={"maxlength": 40, "dir": "ltr"})

    def _office(self, _one: Field) -> forms.Widget:
        return forms.Select(choices=[("", _("Choose")), *self.offices])

    def _long_text(self, _one: Field) -> forms.Widget:
        return forms.Textarea(attrs={"rows": 6, "dir": "auto"})

    def _code(self, one: Field) -> forms.Widget:
        choices = self._choices(one)
        if len(choices) <= RADIO_UP_TO:
            return forms.RadioSelect(choices=choices)
        return forms.Select(choices=[("", _("Choose")), *choices])

    def _codes(self, one: Field) -> forms.Widget:
        return forms.CheckboxSelectMultiple(choices=self._choices(one))

    def _day(self, _one: Field) -> forms.Widget:
        return DayInput()

    def _bool(self, _one: Field) -> forms.Widget:
        return forms.RadioSelect(choices=[("true", _("Yes")), ("false", _("No"))])

    def _member(self, _one: Field) -> forms.Widget:
        return forms.Select(choices=[("", _("Choose")), *self.colleagues])

    def _language(self, one: Field) -> forms.Widget:
        return forms.Select(choices=[("", _("Choose")), *self._choices(one)])

    def _file(self, _one: Field) -> forms.Widget:
        return forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"})


class MoveForm(KeepingForm):
    """What a later version asks of acts that were done before; drawn by the fields of those acts."""

    def __init__(
        self, *args: Any, prospect: Prospect, book: Rulebook, language: str, colleagues: Iterable[tuple[str, str]],
        offices: Iterable[tuple[str, str]], on: date, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.questions = prospect.questions
        acts = {asked.field.name: prospect.later.actions[asked.act] for asked in prospect.rule.asks}
        for one in self.questions:
            drawing = _Drawing(book, language, on, list(colleagues), list(offices), acts[one.name])
            self.fields[one.name] = drawing.field(one)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=prospect.case.version)

    def facts(self) -> dict[str, Any]:
        return {one.name: self.cleaned_data.get(one.name) for one in self.questions}

    def expected_version(self) -> int:
        return read_version(self.cleaned_data.get("version"))


class PersonsForm(KeepingForm):
    """Who is to be in a case that is opened."""

    persons = forms.Field(
        label=gettext_lazy("For whom"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each adult gets an application of his own; children are listed with a parent."),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], one_only: bool = False, **more: Any) -> None:
        """`one_only`: the procedure is about one person, so one is picked and nobody is ticked beforehand."""
        super().__init__(*args, **more)
        persons = self.fields["persons"]
        if one_only:
            persons.widget, persons.help_text = forms.RadioSelect(), ""
            persons.initial = choices[0][0] if len(choices) == 1 else None
        else:
            persons.initial = [value for value, _label in choices]
        persons.widget.choices = choices

    def chosen(self) -> list[UUID]:
        given = self.cleaned_data.get("persons") or []
        given = [given] if isinstance(given, str) else given
        return [found for value in given for found in [read_id(value)] if found]


def typed(data: Mapping[str, Any] | QueryDict, name: str) -> str:
    """One value of a small form that has no Form of its own: a vote, a reason, a day in the reader's calendar."""
    return typed_day(data, name)
