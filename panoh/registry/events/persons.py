"""Events of a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from panoh.registry import operations, queries
from panoh.registry.events.corrections import CorrectionForm, DetailsForm, PapersForm
from panoh.registry.events.event import (
    Event,
    EventForm,
    choices,
    code_field,
    day_field,
    member_choices,
    others_than_principal,
)
from panoh.registry.registration import NeedEntry


class SuccessionForm(EventForm):
    """Where a principal applicant leaves others behind, one of them follows."""

    def prepare(self) -> None:
        others = [m for m in self.members if m.pk != self.thing.pk]
        if self.thing.relationship == "PA" and others:
            self.fields["new_principal"] = forms.ChoiceField(
                label=_("New principal applicant"), choices=member_choices(others)
            )
            if len(others) > 1:
                self.ask_relationships(others)

    def succession(self) -> dict[str, Any]:
        successor = self.member(self.cleaned_data.get("new_principal", ""))
        if successor is None:
            return {}
        return {"new_principal": successor, "relationships": self.told_relationships(without=[successor.pk])}


class DeathForm(SuccessionForm):
    died_on = day_field(_("Died on"))

    def carry_out(self) -> Any:
        return operations.record_death(
            person=self.thing, died_on=self.cleaned_data["died_on"], **self.succession(), **self.frame
        )


class PersonClosureForm(SuccessionForm):
    lead = _("A deportation is entered as a deportation, never as a departure.")
    reason = code_field(_("Reason"), "closure_reasons")
    closed_on = day_field(_("On"))

    def carry_out(self) -> Any:
        return operations.close_person(
            person=self.thing,
            reason=self.cleaned_data["reason"],
            closed_on=self.cleaned_data["closed_on"],
            **self.succession(),
            **self.frame,
        )


class MarriageForm(EventForm):
    lead = _("Both stay in their households; joining them is an act of its own.")
    spouse = forms.CharField(label=_("Number of the husband or wife"), max_length=30)
    married_on = day_field(_("Married on"))
    relationship = code_field(
        _("Relationship to the principal applicant, where it changes"), "relationship", required=False
    )

    def carry_out(self) -> Any:
        given = self.cleaned_data
        return operations.record_marriage(
            person=self.thing,
            spouse=queries.obtain_person(self.by, given["spouse"], route="marriage"),
            married_on=given["married_on"],
            relationship=given["relationship"],
            **self.frame,
        )


class DivorceForm(EventForm):
    former_spouse = forms.ChoiceField(label=_("Former husband or wife in this household"), required=False)
    divorced_on = day_field(_("Divorced on"))

    def prepare(self) -> None:
        others = member_choices(m for m in self.members if m.pk != self.thing.pk)
        self.fields["former_spouse"].choices = [("", _("not in this household")), *others]

    def carry_out(self) -> Any:
        return operations.record_divorce(
            person=self.thing,
            divorced_on=self.cleaned_data["divorced_on"],
            former_spouse=self.member(self.cleaned_data["former_spouse"]),
            **self.frame,
        )


SOURCES = [
    ("self", _("told by the person")),
    ("observed", _("observed")),
    ("assessed", _("assessed by a specialist")),
]


class NeedForm(EventForm):
    lead = _("Needs of violence, torture and illness are seen by protection staff only, also when you write them down.")
    code = forms.ChoiceField(label=_("Specific need"))
    since = day_field(_("Since"))
    source = forms.ChoiceField(label=_("How it is known"), choices=SOURCES)

    def prepare(self) -> None:
        self.fields["code"].choices = [("", _("choose")), *choices("needs", legacy="no")]

    def carry_out(self) -> Any:
        given = self.cleaned_data
        return operations.add_need(
            person=self.thing, need=NeedEntry(given["code"], given["since"], given["source"]), **self.frame
        )


class NeedEndForm(EventForm):
    need = forms.ChoiceField(label=_("Which need"))
    until = day_field(_("Ended on"))

    def prepare(self) -> None:
        standing = [n for n in queries.list_needs(self.by, [self.thing])[self.thing.pk] if n.until is None]
        titles = dict(choices("needs"))
        self.standing = {str(need.pk): need for need in standing}
        self.fields["need"].choices = [(key, titles.get(need.code, need.code)) for key, need in self.standing.items()]

    def carry_out(self) -> Any:
        return operations.end_need(
            need=self.standing[self.cleaned_data["need"]], until=self.cleaned_data["until"], **self.frame
        )


class PhotoForm(EventForm):
    lead = _("Face from the front, nothing but the face. Earlier photos stay, because a paper may bear them.")
    image = forms.FileField(
        label=_("Photo (JPEG or PNG)"), widget=forms.FileInput(attrs={"accept": "image/*", "capture": "user"})
    )

    def carry_out(self) -> Any:
        # Read whole: the operation refuses what is too large or no picture before it decodes anything.
        return operations.set_photo(person=self.thing, image=self.cleaned_data["image"].read(), **self.frame)


class PersonReopeningForm(EventForm):
    lead = _("The person keeps the old number. A death or a departure of somebody else is taken back here.")
    relationship = code_field(_("Relationship to the principal applicant"), "relationship")
    reopened_on = day_field(_("On"))
    explanation = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    restore_status = forms.BooleanField(label=_("The closure was a mistake: take back what it entered"), required=False)

    def prepare(self) -> None:
        if self.thing.relationship == "PA":  # somebody else took over
            self.fields["relationship"].choices = [("", _("choose")), *others_than_principal()]
        else:
            self.initial = {"relationship": self.thing.relationship, **self.initial}

    def carry_out(self) -> Any:
        given = self.cleaned_data
        return operations.reopen_person(
            person=self.thing,
            relationship=given["relationship"],
            reopened_on=given["reopened_on"],
            explanation=given["explanation"],
            restore_status=given["restore_status"],
            **self.frame,
        )


def closed_in_open_household(person: Any) -> bool:
    return person.status == "closed" and person.household.status == "open"


PERSON_EVENTS = (
    Event("correction", _("Correct the data"), "registry.person.correct", CorrectionForm),
    Event("papers", _("Papers shown or put right"), "registry.person.correct", PapersForm),
    Event("details", _("Telephone, origin, education and more"), "registry.person.correct", DetailsForm),
    Event("photo", _("Take a photo"), "registry.photo.set", PhotoForm),
    Event("need", _("A specific need"), "registry.need.add", NeedForm),
    Event("need-end", _("A specific need has ended"), "registry.need.end", NeedEndForm),
    Event("marriage", _("Marriage"), "registry.marriage.record", MarriageForm),
    Event("divorce", _("Divorce"), "registry.divorce.record", DivorceForm),
    Event("death", _("Death"), "registry.death.record", DeathForm),
    Event("closure", _("Close the record"), "registry.person.close", PersonClosureForm),
    Event(
        "reopening", _("Open the record again"), "registry.person.reopen", PersonReopeningForm, closed_in_open_household
    ),
)
