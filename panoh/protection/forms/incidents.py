"""Forms of incidents: report, referral, follow-up, closing, filters."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from panoh.access.days import DayField
from panoh.protection.forms import choices
from panoh.protection.queries.incidents import Wanted
from panoh.protection.rules.reports import LONGEST_NARRATIVE, Report

YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]


def day_field(label: Any, **more: Any) -> forms.DateField:
    return DayField(label=label, **more)


def text_area(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **more)


class ReportForm(forms.Form):
    """What happened, to whom, where, by whom. One page, from top to bottom by keyboard."""

    kind = forms.ChoiceField(label=_("What happened"))
    occurred_on = day_field(_("On which day"), initial=timezone.localdate)
    narrative = text_area(
        _("What was told"),
        6,
        max_length=LONGEST_NARRATIVE,
        help_text=_(
            "In the words of whoever told. Write no name of the person who told: Panoh makes up a word for her."
        ),
    )
    numbers = text_area(
        _("Registered people"),
        2,
        required=False,
        max_length=2000,
        help_text=_("Numbers of persons or of whole families, one after another."),
    )
    others = forms.IntegerField(label=_("How many others"), required=False, min_value=0)
    others_description = forms.CharField(
        label=_("Who they are"),
        required=False,
        max_length=500,
        help_text=_("For example: two men and a boy of about ten."),
    )
    place = forms.ChoiceField(label=_("District"), required=False)
    institution = forms.ChoiceField(label=_("Who did it"), required=False)
    accused = forms.ChoiceField(
        label=_("If it was an office that works in Panoh"),
        required=False,
        help_text=_(
            "Its whole organisation will never see this report. If it is your own, your name is kept nowhere, and you will not see the report again."
        ),
    )
    amount = forms.DecimalField(
        label=_("Money demanded"),
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=0,
        help_text=_("Only for bribes."),
    )
    currency = forms.CharField(label=_("Currency"), required=False, min_length=3, max_length=3, initial="TJS")
    paid = forms.ChoiceField(label=_("Was it paid"), required=False, choices=YES_NO)
    order_days = forms.IntegerField(
        label=_("Days given to leave"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=_("Only for orders to leave."),
    )
    source = forms.ChoiceField(label=_("Who told you"), required=False)
    severity = forms.ChoiceField(label=_("How urgent"), required=False)
    file = forms.FileField(
        label=_("Picture or paper"),
        required=False,
        help_text=_("JPEG, PNG or PDF. If the form comes back, choose the file again."),
    )
    submission_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = choices.kinds_by_category()
        self.fields["place"].choices = choices.places()
        self.fields["institution"].choices = choices.listed("institutions")
        self.fields["accused"].choices = choices.accused()
        self.fields["source"].choices = choices.listed("incident_sources")
        self.fields["severity"].choices = choices.listed(
            "incident_severities", first=("", _("as usual for what happened"))
        )

    def report(self) -> Report:
        given = self.cleaned_data
        what, _colon, id = given["accused"].partition(":")
        return Report(
            kind=given["kind"],
            occurred_on=given["occurred_on"],
            narrative=given["narrative"],
            place=given["place"],
            institution=given["institution"],
            accused_organisation_id=UUID(id) if what == "organisation" else None,
            accused_office_id=UUID(id) if what == "office" else None,
            amount=given["amount"],
            currency=given["currency"].upper() if given["amount"] is not None else "",
            paid={"yes": True, "no": False}.get(given["paid"]),
            order_days=given["order_days"],
            source=given["source"],
            severity=given["severity"],
            others=given["others"] or 0,
            others_description=given["others_description"],
            numbers=tuple(re.split(r"[\s,;]+", given["numbers"].strip())) if given["numbers"].strip() else (),
        )


class ReferralForm(forms.Form):
    service = forms.ChoiceField(label=_("Service"))
    referred_on = day_field(_("On which day"), initial=timezone.localdate)
    submission_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = choices.listed("referral_services", first=("", _("Choose")))


class _OnIncident(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)


class FollowUpForm(_OnIncident):
    note = text_area(_("What was done"), 4, max_length=5000)
    done_on = day_field(_("On which day"), initial=timezone.localdate)
    severity = forms.ChoiceField(label=_("How urgent it is now"), required=False)
    verification = forms.ChoiceField(label=_("How sure it is now"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unchanged = ("", _("unchanged"))
        self.fields["severity"].choices = choices.listed("incident_severities", first=unchanged)
        self.fields["verification"].choices = choices.listed("incident_verifications", first=unchanged)


class CloseForm(_OnIncident):
    outcome = forms.ChoiceField(label=_("How it ended"))
    note = text_area(_("In a few words"), 3, max_length=5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = choices.listed("incident_outcomes", first=("", _("Choose")))


class ReopenForm(_OnIncident):
    note = text_area(_("Why it is opened again"), 3, max_length=5000)


class EvidenceForm(forms.Form):
    file = forms.FileField(label=_("Picture or paper"), help_text=_("JPEG, PNG or PDF."))


class FilterForm(forms.Form):
    """Filters of the list; what cannot be read is left out of the question, not refused."""

    state = forms.ChoiceField(
        label=_("Standing"),
        required=False,
        choices=[("open", pgettext_lazy("incidents", "Open")), ("closed", _("Closed")), ("all", _("All"))],
    )
    severity = forms.ChoiceField(label=_("Urgency"), required=False)
    category = forms.ChoiceField(label=_("Kind"), required=False)
    place = forms.ChoiceField(label=_("Region"), required=False)
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    since = day_field(_("From"), required=False)
    until = day_field(_("Until"), required=False)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        self.fields["severity"].choices = choices.listed("incident_severities", first=everything)
        self.fields["category"].choices = choices.listed("incident_categories", first=everything)
        self.fields["place"].choices = [everything, *choices.regions()]
        self.fields["institution"].choices = choices.listed("institutions", first=everything)

    def wanted(self) -> Wanted:
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        known = {name: given[name] for name in self.fields if given.get(name)}
        return Wanted(**known)
