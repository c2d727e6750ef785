"""Forms of referrals: what is asked of whom, and what each side answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panoh.access.actor import Actor
from panoh.access.models import Organisation
from panoh.referrals.operations import Asked
from panoh.referrals.operations.sending import LONGEST_TEXT
from panoh.referrals.queries.referrals import consents_of, list_receivers
from panoh.referrals.rules.standing import SHAREABLE
from panoh.registry.models import Household, Person
from panoh.rulebook import current
from panoh.rulebook.reference import Code

SHARE_TITLES = {
    "contact": _("Telephone numbers"),
    "residence": _("Where the family lives"),
    "needs": _("Specific needs (restricted ones never)"),
}
CHOOSE = ("", _("Choose"))


def text_area(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), max_length=LONGEST_TEXT, **more
    )


def listed(name: str) -> list[Code]:
    return list(current().codes[name].in_force(timezone.localdate()))


def titled(code: Code) -> str:
    return code.titles[get_language() or "en"]


class SendForm(forms.Form):
    """From top to bottom as one would ask it: who, what for, to whom, how soon, and what of them may be seen there."""

    persons = forms.MultipleChoiceField(
        label=_("Whom it is about"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only those who need this. The others stay unknown there."),
    )
    kind = forms.ChoiceField(label=_("What for"))
    receiver = forms.ChoiceField(
        label=_("To which organisation"),
        help_text=_("It must be one to which the person, or the whole family, has agreed for this purpose."),
    )
    urgency = forms.ChoiceField(label=_("How urgent"), help_text=_("The time to answer follows from it."))
    text = text_area(
        _("What is asked"),
        5,
        help_text=_("What they need to know to help, and no more. They can read this only while the referral runs."),
    )
    shares = forms.MultipleChoiceField(
        label=_("What they may see of them"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Names, sex and birth date are shown in any case; of the file nothing else."),
    )
    submission_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, actor: Actor, household: Household, people: list[tuple[Person, str]], *args: Any, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["persons"].choices = [(str(person.pk), name) for person, name in people]
        self.fields["kind"].choices = [
            CHOOSE,
            *((one.code, titled(one)) for one in listed("referral_kinds") if not one.attributes["survivors"]),
        ]
        self.fields["receiver"].choices = [CHOOSE, *receivers(actor, household)]
        self.fields["urgency"].choices = [CHOOSE, *((one.code, urgency_title(one)) for one in listed("referral_urgencies"))]  # fmt: skip
        self.fields["shares"].choices = [(share, SHARE_TITLES[share]) for share in SHAREABLE if actor.reads(share)]

    def asked(self) -> Asked:
        given = self.cleaned_data
        return Asked(
            kind=given["kind"],
            receiver_id=UUID(given["receiver"]),
            persons=[UUID(one) for one in given["persons"]],
            urgency=given["urgency"],
            text=given["text"],
            shares=given["shares"],
        )


def receivers(actor: Actor, household: Household) -> list[tuple[str, str]]:
    """Organisations that receive referrals, each with the purposes to which there is consent."""
    agreed, today = consents_of(household), timezone.localdate()
    found: dict[Organisation, list[str]] = {}
    for purpose in dict.fromkeys(one.attributes["purpose"] for one in listed("referral_kinds")):
        for organisation in list_receivers(actor, purpose, today):
            purposes = found.setdefault(organisation, [])
            if (organisation.pk, purpose) in agreed:
                purposes.append(titled(current().codes["purposes"][purpose]))
    return [(str(organisation.pk), receiver_title(organisation, purposes)) for organisation, purposes in found.items()]


def receiver_title(organisation: Organisation, purposes: list[str]) -> str:
    name = organisation.titles.get(get_language() or "en") or organisation.titles["en"]
    agreed = _("agreed: %(purposes)s") % {"purposes": ", ".join(purposes)} if purposes else _("no consent recorded")
    return f"{name} ({agreed})"


def urgency_title(code: Code) -> str:
    days = _("answer within working days: %(days)s") % {"days": code.attributes["reply_days"]}
    return f"{titled(code)} ({days})"


class ActForm(forms.Form):
    """What one side writes with an act; `version` is what it saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)


class AcceptForm(ActForm):
    text = text_area(_("Message"), required=False, help_text=_("For example where and when the person can come."))


class NoteForm(ActForm):
    text = text_area(_("Message"))


class WithdrawForm(ActForm):
    text = text_area(_("Why it is withdrawn"))


class CloseForm(ActForm):
    text = text_area(_("What the person was told, and what comes next"))


class _OutcomeForm(ActForm):
    of = ""
    outcome = forms.ChoiceField(label=_("What came of it"))
    text = text_area(_("In a few words"))

    field_order = ("outcome", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            CHOOSE,
            *(
                (one.code, titled(one))
                for one in listed("referral_outcomes")
                if self.of in one.attributes["of"].split()
            ),
        ]


class DeclineForm(_OutcomeForm):
    of = "decline"


class ReturnForm(_OutcomeForm):
    of = "return"
