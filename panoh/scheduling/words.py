"""The reasons of a plan in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from panoh.scheduling.explaining import Reason

SENTENCES: Mapping[str, Any] = {
    "days_there": _("The mission is in %(site)s on %(days)s days on which the family can come."),
    "speaks_language": _("Officer %(officer)s speaks the language (%(language)s) and needs no interpreter."),
    "interprets": _("%(interpreter)s interprets from %(language)s."),
    "officer_sex_kept": _("The wish for the sex of the officer is kept: %(sex)s."),
    "interpreter_sex_kept": _("The wish for the sex of the interpreter is kept: %(sex)s."),
    "same_day_as": _("Relatives come on the same day: %(families)s."),
    "urgency": _("The case is more urgent than usual: %(urgency)s."),
    "earlier_days_taken": _("Earlier days went to these interviews: %(by_urgency)s."),
    "never_there": _("The mission does not go to %(site)s."),
    "cannot_come_then": _("The family cannot come on any day on which the mission is in %(site)s."),
    "longer_than_a_session": _("The interview needs %(minutes)s minutes; the longest session has %(longest)s."),
    "nobody_able": _("No officer and interpreter who are there speak %(language)s and are of the sex asked for."),
    "together_or_not_at_all": _("The group %(group)s is seen on one day as a whole, or not at all."),
    "time_taken": _("The time of all who could interview the family is taken by others: %(by_urgency)s."),
}


Title = Callable[[str, str], str]
"""Gives a code its title in the reader's language: `title("language", "PRS")`."""


def in_words(reasons: Iterable[Reason], title: Title = lambda _name, code: code) -> Iterator[str]:
    for code, values in reasons:
        yield str(SENTENCES[code]) % {name: _value(name, value, title) for name, value in values.items()}


def _value(name: str, value: Any, title: Title) -> str:
    if name == "by_urgency":
        parts = [
            gettext("%(count)s %(urgency)s") % {"count": title("count", str(count)), "urgency": urgency_title(one)}
            for one, count in value.items()
        ]
        return ", ".join(parts) or gettext("none")
    if name == "urgency":
        return urgency_title(value)
    if name in ("sex", "officer_sex", "interpreter_sex"):
        return sex_title(value)
    if name == "families":
        return ", ".join(title("family", one) for one in value)
    return title(name, str(value))


def sex_title(code: str) -> str:
    return pgettext("officer or interpreter", "woman") if code == "F" else pgettext("officer or interpreter", "man")


def urgency_title(code: str) -> str:
    titles = {
        "emergency": pgettext("interview", "emergency"),
        "urgent": pgettext("interview", "urgent"),
        "priority": pgettext("interview", "priority"),
        "normal": pgettext("interview", "normal"),
    }
    return titles[code]
