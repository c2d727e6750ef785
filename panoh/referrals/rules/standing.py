"""Where a referral stands, who has to act next, and until when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from panoh.rulebook.workdays import WorkCalendar

STATES = ("sent", "accepted", "declined", "returned", "closed", "withdrawn")
RUNNING = ("sent", "accepted")
"""While the receiver sees whom it is about."""
ANSWERED = ("declined", "returned")
"""Back with the sender, who tells the person and closes it."""
SHAREABLE = ("contact", "residence", "needs")
"""Classes of fields that a referral can show beside who the persons are. Restricted needs and narratives never."""

FROM = {
    "accepted": ("sent",),
    "declined": ("sent",),
    "noted": RUNNING,
    "returned": ("accepted",),
    "withdrawn": RUNNING,
    "closed": ANSWERED,
}
"""From which states each act leads on."""
BY_RECEIVER = frozenset({"accepted", "declined", "returned"})
BY_SENDER = frozenset({"withdrawn", "closed"})


@dataclass(frozen=True, slots=True)
class NextStep:
    """What has to happen next: a code, whose turn it is, and until when."""

    code: str
    by_sender: bool
    until: date | None

    def is_late(self, today: date) -> bool:
        return self.until is not None and self.until < today


def next_step(state: str, due_on: date | None, today: date) -> NextStep | None:
    """The next step of a referral; None once it has ended. A silent receiver makes it the caseworker's turn again."""
    late = due_on is not None and due_on < today
    match state:
        case "sent":
            return NextStep("ask_again" if late else "answer", late, due_on)
        case "accepted":
            return NextStep("ask_for_result" if late else "report", late, due_on)
        case "declined":
            return NextStep("refer_elsewhere", True, due_on)
        case "returned":
            return NextStep("tell_and_close", True, due_on)
    return None


def due_after(state: str, on: date, urgency: Mapping[str, str], calendar: WorkCalendar) -> date | None:
    """Until when the step after this state is to be taken: answers in working days, reports in calendar days."""
    match state:
        case "sent":
            return calendar.add_working_days(on, int(urgency["reply_days"]))
        case "accepted":
            return calendar.first_working_day_from(on + timedelta(days=int(urgency["report_days"])))
        case "declined" | "returned":
            return calendar.add_working_days(on, int(urgency["closing_days"]))
    return None
