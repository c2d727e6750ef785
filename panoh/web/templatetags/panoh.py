"""Filters and tags for every page: `{% load panoh %}`. Each shows one kind of value in the reader's language and direction.

Days, numbers, names, codes and places never reach a page raw: a name of another script or a number in the middle of Dari text
turns the line round unless it is isolated, and a code means nothing to a reader. Listed with examples on the page /look.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from panoh.access.days import parts_of, typed_day
from panoh.kernel import problems
from panoh.kernel.births import BirthDate, format_birth
from panoh.kernel.solar_hijri import to_solar_hijri
from panoh.kernel.written_days import AFGHAN_MONTHS, GREGORIAN_MONTHS, ascii_digits, format_day, persian_digits
from panoh.web import frame, icons, reader, titles
from panoh.web.numbers import write_number

register = template.Library()


# -- days ---------------------------------------------------------------------------------------------------------------


@register.filter
def day(value: date | None, how: str = "") -> str:
    """A day in words, in the reader's calendar: `{{ d|day }}`; `{{ d|day:"both" }}` adds the other calendar in brackets."""
    if not value:
        return ""
    legal_day = _legal_day(value)
    now = reader.current()
    other = reader.GREGORIAN if now.calendar == reader.SOLAR_HIJRI else reader.SOLAR_HIJRI
    shown = format_day(legal_day, now.language, now.calendar)
    aside = format_day(legal_day, now.language, other)
    if how == "both":
        return format_html('<time datetime="{}">{} ({})</time>', legal_day.isoformat(), shown, aside)
    return format_html('<time datetime="{}" title="{}">{}</time>', legal_day.isoformat(), aside, shown)


@register.filter
def moment(value: datetime | None) -> str:
    """An instant as day and time of day in the country's time zone: `{{ entry.recorded_at|moment }}`."""
    if not value:
        return ""
    local = timezone.localtime(value)
    now = reader.current()
    clock = digits(f"{local:%H:%M}")
    return format_html(
        '<time datetime="{}">{}, {}</time>',
        local.isoformat(timespec="seconds"),
        format_day(local.date(), now.language, now.calendar),
        clock,
    )


@register.filter
def birth(value: BirthDate | None) -> str:
    """A birth date as it is known, in the calendar in which it was stated: year alone, month and year, or the day."""
    written = format_birth(value, reader.current_language()) if value is not None else ""
    return format_html("<bdi>{}</bdi>", written) if written else ""


@register.filter
def days_left(value: date | int | None, today: date | None = None) -> str:
    """The chip that says how long is left until a day: `{{ due.due_on|days_left:today }}`. A plain number of days works too.

    Saffron within a week, on the day and after it. Lateness of an office is never red: red is danger to a person.
    """
    if value is None or value == "":
        return ""
    left = value if isinstance(value, int) else (_legal_day(value) - (today or timezone.localdate())).days
    return format_html('<span class="badge{}">{}</span>', " badge-due" if left <= 7 else "", _days_left_in_words(left))


def _days_left_in_words(left: int) -> str:
    if left == 0:
        return gettext("due today")
    if left > 0:
        return ngettext("%(number)s day left", "%(number)s days left", left) % {"number": write_number(left)}
    return ngettext("%(number)s day late", "%(number)s days late", -left) % {"number": write_number(-left)}


def _legal_day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


# -- numbers and texts ------------------------------------------------------------------------------------------------------


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """A number with the reader's digits and grouping, isolated: `{{ count|number }}`; `{{ mean|number:1 }}` rounds it."""
    if value is None or value == "":
        return ""
    if decimals is not None:
        value = round(float(value), decimals)
    return format_html('<bdi class="number">{}</bdi>', write_number(value))


@register.filter
def digits(value: Any) -> str:
    """The reader's digits without grouping: years, ages, versions."""
    return persian_digits(str(value)) if reader.current_language() == "prs" else str(value)


@register.filter
def bdi(value: Any) -> str:
    """Isolates a text whose direction may differ from the page's: numbers of files, serials, addresses typed by people."""
    return format_html("<bdi>{}</bdi>", value) if value not in (None, "") else ""


@register.filter
def name(value: Any, order: str = "given") -> str:
    """A person's name, isolated and marked with its script: `{{ person.primary_name|name }}`, `|name:"full"`."""
    if not value:
        return ""
    written = value.display(order) if hasattr(value, "display") else str(value)
    script = getattr(value, "script", "")
    tag = {"Arab": ' lang="fa" dir="rtl"', "Cyrl": ' lang="tg" dir="ltr"', "Latn": ' dir="ltr"'}.get(script, "")
    return format_html("<bdi{}>{}</bdi>", mark_safe(tag), written)  # noqa: S308 (a constant of the line above)


# -- the rulebook's words ------------------------------------------------------------------------------------------------------


@register.filter
def code(value: str, list_name: str) -> str:
    """The title of a code: `{{ person.sex|code:"sex" }}`. A code outside the list is shown as it is, marked."""
    return _titled(value, titles.code(list_name, value, reader.current_language()) if value else None)


@register.filter
def place(value: str) -> str:
    """The name of a place from its code: `{{ household.entry_point|place }}`."""
    return _titled(value, titles.place(value, reader.current_language()) if value else None)


@register.filter
def provision(value: Any, on: date | None = None) -> str:
    """An article of law as it is cited: `{{ line.provision|provision }}`, `{{ "refugees_law.8"|provision:case.opened_on }}`."""
    if not value:
        return ""
    known = titles.provision(getattr(value, "id", value), on, reader.current_language())
    if known is None:
        return _titled(str(value), None)
    cited, about = known
    return format_html('<cite class="provision" title="{}">{}</cite>', about, cited)


@register.filter
def titled(value: Any) -> str:
    """The reader's title of anything that carries `titles`, or of such a mapping itself: states, actions, organisations."""
    if not value:
        return ""
    return titles.text(getattr(value, "titles", value), reader.current_language())


def _titled(value: str, title: str | None) -> str:
    if not value:
        return ""
    if title is None:
        return format_html('<bdi class="unknown-code">{}</bdi>', value)
    return conditional_escape(title)


# -- components that are more than an include ------------------------------------------------------------------------------------


@register.simple_tag
def icon(which: str, label: str = "") -> SafeString:
    """A sign from `panoh.web.icons`; decorative unless it is given a label."""
    return icons.svg(which, label)


@register.simple_tag(takes_context=True)
def frame_part(context: template.Context, which: str) -> SafeString:
    """A part of the frame that is kept from one request to the next; for base.html."""
    return frame.part(context["request"], which)


@register.inclusion_tag("components/problem.html")
def problem(refusal: problems.Problem) -> dict[str, Any]:
    """What happened, why, and what to do next: `{% problem refusal %}` where a view caught a Problem."""
    return {"problems": problems.render(refusal)}


@register.inclusion_tag("components/form_problems.html")
def form_problems(form: Any) -> dict[str, Any]:
    """At the top of a form that came back: how many answers need another look, with a link to each."""
    wrong = (
        [(form[field], errors) for field, errors in form.errors.items() if field != "__all__"] if form.is_bound else []
    )
    return {"general": form.non_field_errors().as_data() if form.is_bound else (), "wrong": wrong, "many": len(wrong)}


@register.inclusion_tag("components/day_input.html")
def day_input(name: str, value: date | str | None = "", sent: Any = None, **attrs: date | None) -> dict[str, Any]:
    """A day to be typed in the reader's calendar: `{% day_input "arrived_on" typed %}`; read with `access.days.typed_day`.

    `sent` is what a form sent that came back: it stands before `value`. `min` and `max` are days.
    """
    bounds = {key: bound.isoformat() for key, bound in attrs.items() if bound}
    return _day_input(name, (typed_day(sent, name) if sent else "") or value, {"id": name, **bounds})


@register.inclusion_tag("components/day_input.html")
def day_widget(widget: dict[str, Any]) -> dict[str, Any]:
    """The same for the widget of a Django form."""
    return _day_input(widget["name"], widget["value"], widget["attrs"])


def _day_input(name: str, value: date | str | None, attrs: dict[str, Any]) -> dict[str, Any]:
    now = reader.current()
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    typed = parts_of(text)
    if typed is None and now.calendar == reader.GREGORIAN:
        return {"name": name, "native": flatatt({"type": "date", **attrs, "name": name, "value": text})}
    calendar, year, month, day = typed or (reader.SOLAR_HIJRI, *_solar_parts(text))
    months = (GREGORIAN_MONTHS if calendar == reader.GREGORIAN else AFGHAN_MONTHS)[now.language]
    told = {key: attrs[key] for key in ("aria-invalid", "aria-describedby") if key in attrs}
    return {
        "name": name, "id": attrs.get("id", ""), "calendar": calendar, "told": flatatt(told),
        "year": year, "day": day, "month": ascii_digits(month).lstrip("0"),
        "months": [(str(number), title) for number, title in enumerate(months, start=1)],
    }  # fmt: skip


def _solar_parts(text: str) -> tuple[str, str, str]:
    """Year, month and day of an ISO day; a text that is none is shown where one begins to type."""
    try:
        year, month, day = to_solar_hijri(date.fromisoformat(text))
    except (ValueError, problems.Problem):
        return "", "", text
    return digits(year), str(month), digits(day)


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """This page's address with some parameters of its query changed; None takes one away. For pagers and filters."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return "?" + query.urlencode()


@register.simple_block_tag
def card(content: str, title: str = "", level: int = 2, link: str = "", note: Any = "") -> SafeString:
    """`{% card title=… %} … {% endcard %}`: a sheet of paper that belongs together; `link` makes the title one."""
    if not title:
        return format_html('<div class="card">{}</div>', content)
    heading = format_html('<a href="{}">{}</a>', link, title) if link else title
    return format_html(
        '<section class="card"><div class="card-head"><h{0}>{1}</h{0}>{2}</div>{3}</section>',
        int(level), heading, format_html('<span class="soft">{}</span>', note) if note else "", content,
    )  # fmt: skip


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """`{% empty title=… %} what to do {% endempty %}`: an empty page says what to do."""
    return format_html('<div class="empty"><h2>{}</h2>{}</div>', title, content)


@register.simple_block_tag
def notice(content: str, title: str = "", kind: str = "") -> SafeString:
    """`{% notice title=… kind="due" %} … {% endnotice %}`; kind is empty (told), "due" or "danger" (danger to a person)."""
    signs = {"": "told", "due": "due", "danger": "danger"}
    heading = format_html("<h2>{}<span>{}</span></h2>", icons.svg(signs[kind]), title) if title else ""
    return format_html('<div class="notice{}">{}{}</div>', f" notice-{kind}" if kind else "", heading, content)


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """`{% facts %}<dt>…</dt><dd>…</dd>{% endfacts %}`: what is known, label beside value."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.filter
def joined(values: Any, separator: str = ", ") -> SafeString:
    """Values in a row, each isolated."""
    return format_html_join(separator, "<bdi>{}</bdi>", ((value,) for value in values))


@register.filter
def role_title(value: str) -> str:
    """The title of a role, from the country's data."""
    return titles.role(value, reader.current_language()) if value else ""


# -- choices ------------------------------------------------------------------------------------------------------------


@register.simple_tag
def options(choices: Sequence[tuple[str, str]], chosen: str | Sequence[str] = "") -> SafeString:
    """The options of a choice, one or some of them chosen: `{% options choices.sex v.sex %}`. A list of countries is drawn once."""
    drawn = _options(tuple(choices))
    for code in [chosen] if isinstance(chosen, str) else chosen:
        mark = format_html('<option value="{}"', code)
        drawn = drawn.replace(f"{mark}>", f"{mark} selected>", 1)
    return mark_safe(drawn)  # noqa: S308 - escaped below, and what was chosen above


@lru_cache(maxsize=200)
def _options(choices: tuple[tuple[str, str], ...]) -> str:
    return format_html_join("", '<option value="{}">{}</option>', choices)
