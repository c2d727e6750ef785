"""Events of a household."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panoh import rulebook
from panoh.access.forms import TitledChoice
from panoh.access.models import Office
from panoh.access.queries import in_force
from panoh.kernel.problems import Problem
from panoh.registry import operations, queries
from panoh.registry.events.assigning import AssignmentForm, TakeBackForm, anything
from panoh.registry.events.event import (
    Event,
    EventForm,
    code_field,
    day_field,
    evidence_field,
    member_choices,
)
from panoh.registry.events.members import BirthForm, MemberForm
from panoh.registry.models import Consent, Household, Person
from panoh.registry.offers import list_offers
from panoh.registry.registration import ConsentEntry


class PrincipalForm(EventForm):
    lead = _("Tell for every other member how she or he stands to the new principal applicant.")
    principal = forms.ChoiceField(label=_("New principal applicant"))
    changed_on = day_field(_("From"))

    def prepare(self) -> None:
        self.fields["principal"].choices = member_choices(m for m in self.members if m.relationship != "PA")
        self.ask_relationships(self.members)

    def carry_out(self) -> Any:
        principal = self.member(self.cleaned_data["principal"])
        return operations.change_principal_applicant(
            household=self.household,
            new_principal=principal,
            relationships=self.told_relationships(without=[principal.pk]),
            changed_on=self.cleaned_data["changed_on"],
            **self.frame,
        )


class SplitForm(EventForm):
    lead = _(
        "Those who leave get a file and a number of their own; the others keep this one. Everybody keeps the own number."
    )
    leaving = forms.MultipleChoiceField(label=_("Who leaves"), widget=forms.CheckboxSelectMultiple)
    principal = forms.ChoiceField(label=_("Principal applicant of those who leave"))
    remaining_principal = forms.ChoiceField(
        label=_("Principal applicant of those who stay, if it changes"), required=False
    )
    split_on = day_field(_("On"))

    def prepare(self) -> None:
        people = member_choices(self.members)
        self.fields["leaving"].choices = people
        self.fields["principal"].choices = people
        self.fields["remaining_principal"].choices = [("", _("does not change")), *people]
        self.ask_relationships(self.members)

    def carry_out(self) -> Any:
        given = self.cleaned_data
        leaving = [m for m in self.members if str(m.pk) in given["leaving"]]
        principal, remaining = self.member(given["principal"]), self.member(given["remaining_principal"])
        gone = {m.pk for m in leaving}
        told = self.told_relationships()
        staying = {
            key: code for key, code in told.items() if key not in gone and (not remaining or key != remaining.pk)
        }
        return operations.split_household(
            household=self.household,
            leaving=leaving,
            principal=principal,
            relationships={key: code for key, code in told.items() if key in gone and key != principal.pk},
            remaining_principal=remaining,
            remaining_relationships=staying if remaining else None,
            split_on=given["split_on"],
            **self.frame,
        )


class JoinForm(EventForm):
    lead = _("All members of the other household come into this one. Its file is closed and its number stays taken.")
    number = forms.CharField(label=_("Number of the household that joins"), max_length=30)
    joined_on = day_field(_("On"))
    joining: Household | None = None

    def prepare(self) -> None:
        # The members of the other file can be asked about only once its number was typed.
        number = (self.data.get("number") or "").strip() if self.is_bound else ""
        if number:
            try:
                self.joining = queries.obtain_household(self.by, number, route="join")
            except Problem:
                return
            self.ask_relationships(queries.list_members(self.joining, closed_too=False))

    def carry_out(self) -> Any:
        if self.joining is None:
            raise Problem("access.thing.not_found", field="number")
        return operations.join_household(
            household=self.household,
            joining=self.joining,
            relationships=self.told_relationships(),
            joined_on=self.cleaned_data["joined_on"],
            **self.frame,
        )


class ResidenceForm(EventForm):
    lead = _("Addresses are closed to most roles. Who writes one down need not be able to read it again.")
    place = forms.ChoiceField(label=_("District"))
    detail = forms.CharField(label=_("Street, house, with whom"), max_length=200, required=False)
    moved_on = day_field(_("Since"))

    def prepare(self) -> None:
        book, language = rulebook.current(), get_language() or "en"
        home = book.country.iso3
        self.fields["place"].choices = [("", _("choose"))] + [
            (
                book.text(region.titles, language),
                [(p.code, book.text(p.titles, language)) for p in book.places.children(region.code)],
            )
            for region in book.places.of_country(home, "1")
        ]

    def carry_out(self) -> Any:
        given = self.cleaned_data
        return operations.change_residence(
            household=self.household,
            place=given["place"],
            detail=given["detail"],
            moved_on=given["moved_on"],
            **self.frame,
        )


class ArrivalForm(EventForm):
    lead = _("Who arrived with the household arrived on the corrected day as well.")
    arrived_on = day_field(_("Arrived in the country on"), initial=None)
    entry_point = code_field(_("Entered at"), "entry_points", required=False)
    phone = forms.CharField(label=_("Telephone of the household"), max_length=40, required=False)
    evidence = evidence_field()

    def prepare(self) -> None:
        if not self.by.reads("contact"):
            del self.fields["phone"]
        self.initial = {name: getattr(self.household, name) for name in ARRIVAL if name in self.fields} | self.initial

    def carry_out(self) -> Any:
        told = {name: self.cleaned_data[name] for name in ARRIVAL if name in self.fields}
        corrections = {name: value for name, value in told.items() if value != getattr(self.household, name)}
        return operations.correct_household(
            household=self.household, corrections=corrections, evidence=self.cleaned_data["evidence"], **self.frame
        )


class TransferForm(EventForm):
    lead = _("The other office sees the file at once and goes on with it; clerks of the present one see it no more.")
    office = TitledChoice(Office.objects.none(), label=_("Office that keeps it from now on"))
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}), max_length=300)

    def prepare(self) -> None:
        offices = Office.objects.filter(in_force(timezone.localdate()), organisation_id=self.household.custodian_id)
        self.fields["office"].queryset = offices.exclude(pk=self.household.office_id).order_by("code")

    def carry_out(self) -> Any:
        return operations.transfer_household(
            household=self.household,
            office=self.cleaned_data["office"],
            reason=self.cleaned_data["reason"],
            **self.frame,
        )


ARRIVAL = ("arrived_on", "entry_point", "phone")


class ConsentForm(EventForm):
    lead = _("Read it to the family. Help does not depend on the answer, and consent can be withdrawn at any time.")
    agreement = forms.ChoiceField(label=_("Who may see the file, and for what"))
    person = forms.ChoiceField(
        label=_("Who agrees"),
        required=False,
        help_text=_("The consent of one person is that person’s alone: it does not open the file of the family."),
    )
    method = code_field(_("How consent was given"), "consent_methods")
    language = code_field(_("In which language it was read to them"), "languages")
    given_on = day_field(_("On"))

    def prepare(self) -> None:
        self.offered = {one.key: one for one in list_offers(self.household.custodian_id)}
        self.fields["agreement"].choices = [(key, offer.title) for key, offer in self.offered.items()]
        self.fields["person"].choices = [("", _("the whole household")), *member_choices(self.members)]

    def carry_out(self) -> Any:
        given = self.cleaned_data
        offer = self.offered[given["agreement"]]
        consent = ConsentEntry(offer.purpose, offer.receiver_id, given["method"], given["language"], given["given_on"])
        return operations.give_consent(
            household=self.household, consent=consent, person=self.member(given["person"]), **self.frame
        )


class WithdrawalForm(EventForm):
    lead = _("From this moment the organisation no longer sees the file.")
    consent = forms.ChoiceField(label=_("Which consent"))
    withdrawn_on = day_field(_("On"))

    def prepare(self) -> None:
        book, language = rulebook.current(), get_language() or "en"
        standing = [c for c in queries.list_consents(self.household) if c.withdrawn_on is None]
        self.standing = {str(c.pk): c for c in standing}
        self.fields["consent"].choices = [
            (key, _consent_title(c, book.text(c.recipient.titles, language), language))
            for key, c in self.standing.items()
        ]

    def carry_out(self) -> Any:
        return operations.withdraw_consent(
            consent=self.standing[self.cleaned_data["consent"]],
            withdrawn_on=self.cleaned_data["withdrawn_on"],
            **self.frame,
        )


def _consent_title(consent: Consent, recipient: str, language: str) -> str:
    title = f"{recipient}: {rulebook.current().codes['purposes'].title(consent.purpose, language)}"
    return f"{title} ({consent.person.number})" if consent.person else title


class ClosureForm(EventForm):
    lead = _("All members are closed for this reason. A deportation is entered as a deportation, never as a departure.")
    reason = code_field(_("Reason"), "closure_reasons")
    closed_on = day_field(_("On"))

    def carry_out(self) -> Any:
        return operations.close_household(
            household=self.household,
            reason=self.cleaned_data["reason"],
            closed_on=self.cleaned_data["closed_on"],
            **self.frame,
        )


class ReopeningForm(EventForm):
    lead = _("The household keeps its old number. Tell who is back.")
    persons = forms.MultipleChoiceField(label=_("Who is back"), widget=forms.CheckboxSelectMultiple)
    principal = forms.ChoiceField(label=_("Principal applicant"))
    reopened_on = day_field(_("On"))
    explanation = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    restore_status = forms.BooleanField(label=_("The closure was a mistake: take back what it entered"), required=False)

    def prepare(self) -> None:
        self.everybody = queries.list_members(self.household)
        people = member_choices(self.everybody)
        self.fields["persons"].choices = people
        self.fields["principal"].choices = people
        self.ask_relationships(self.everybody)

    def carry_out(self) -> Any:
        given = self.cleaned_data
        back: list[Person] = [p for p in self.everybody if str(p.pk) in given["persons"]]
        principal = next(p for p in self.everybody if str(p.pk) == given["principal"])
        return operations.reopen_household(
            household=self.household,
            persons=back,
            principal=principal,
            relationships={
                key: code
                for key, code in self.told_relationships(without=[principal.pk]).items()
                if key in {p.pk for p in back}
            },
            reopened_on=given["reopened_on"],
            explanation=given["explanation"],
            restore_status=given["restore_status"],
            **self.frame,
        )


def is_closed(thing: Any) -> bool:
    return thing.status == "closed"


HOUSEHOLD_EVENTS = (
    Event("birth", _("A child was born"), "registry.birth.record", BirthForm),
    Event("member", _("Somebody joined the family"), "registry.household.add_member", MemberForm),
    Event("residence", _("They live elsewhere"), "registry.residence.change", ResidenceForm),
    Event("arrival", _("Arrival or telephone put right"), "registry.household.correct", ArrivalForm),
    Event("transfer", _("Another office keeps the file"), "registry.household.transfer", TransferForm),
    Event("principal", _("Another principal applicant"), "registry.household.change_principal", PrincipalForm),
    Event("split", _("Some leave the household"), "registry.household.split", SplitForm),
    Event("join", _("Another household joins"), "registry.household.join", JoinForm),
    Event("consent", _("Consent is given"), "registry.consent.give", ConsentForm),
    Event("withdrawal", _("Consent is withdrawn"), "registry.consent.withdraw", WithdrawalForm),
    Event("assignment", _("Give the file to a lawyer or programme officer"), "access.file.assign", AssignmentForm),
    Event("assignment-end", _("Take the file back"), "access.file.assign", TakeBackForm, anything),
    Event("closure", _("Close the household"), "registry.household.close", ClosureForm),
    Event("reopening", _("Open the household again"), "registry.household.reopen", ReopeningForm, is_closed),
)
