"""Somebody comes into the file of a household: a child that was born, a member who came later."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import Problem
from panoh.registry import operations
from panoh.registry.events.event import code_field, day_field, member_choices
from panoh.registry.events.naming import NewPersonForm
from panoh.registry.registration import PersonEntry
from panoh.registry.rules import Member, newcomer_warnings
from panoh.rulebook import current


class BirthForm(NewPersonForm):
    lead = _("The child enters the same population group as the parent; the status follows the family’s.")
    sex = code_field(_("Sex"), "sex")
    relationship = code_field(_("Relationship to the principal applicant"), "relationship")
    parent = forms.ChoiceField(label=_("Mother or father in this household"), required=False)

    def prepare(self) -> None:
        super().prepare()
        self.fields["parent"].choices = [("", _("choose")), *member_choices(self.members)]

    def carry_out(self) -> Any:
        given = self.cleaned_data
        principal = next((m for m in self.members if m.relationship == "PA"), self.members[0])
        parent = self.member(given["parent"])
        child = PersonEntry(
            names=self.told_names(),
            sex=given["sex"],
            birth=self.told_birth(timezone.localdate()),
            nationality=(parent or principal).nationality,
            relationship=given["relationship"],
            papers=self.told_papers(),
        )
        return operations.record_birth(
            household=self.household, child=child, parent=parent, confirm=self.ask_once(child), **self.frame
        )


class MemberForm(NewPersonForm):
    lead = _("Somebody of the family who came later. A status does not come with it: that is for a procedure to give.")
    sex = code_field(_("Sex"), "sex")
    relationship = code_field(_("Relationship to the principal applicant"), "relationship")
    nationality = code_field(_("Nationality"), "countries")
    marital = code_field(_("Marital status"), "marital", required=False)
    arrived_on = day_field(_("Arrived on"))

    def prepare(self) -> None:
        super().prepare()
        if self.members:
            self.fields["nationality"].initial = self.members[0].nationality

    def carry_out(self) -> Any:
        given = self.cleaned_data
        person = PersonEntry(
            names=self.told_names(),
            sex=given["sex"],
            birth=self.told_birth(timezone.localdate()),
            nationality=given["nationality"],
            relationship=given["relationship"],
            marital=given["marital"],
            papers=self.told_papers(),
            arrived_on=given["arrived_on"],
        )
        return operations.add_member(
            household=self.household, person=person, confirm=self.ask_once(person, self.warnings(person)), **self.frame
        )

    def warnings(self, person: PersonEntry) -> list[Problem]:
        family = [Member(one.relationship, one.sex, one.birth) for one in self.members]
        return newcomer_warnings(person, family, timezone.localdate(), current().codes)
