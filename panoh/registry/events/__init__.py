"""What can change in a household's or a person's life, as the pages offer it: one form and one operation each.

`HOUSEHOLD_EVENTS` and `PERSON_EVENTS` are all there is; the page of a file lists those that the actor may do, and
`views.events` shows the form and carries it out.
"""

from panoh.registry.events.event import Event
from panoh.registry.events.households import HOUSEHOLD_EVENTS
from panoh.registry.events.persons import PERSON_EVENTS

__all__ = ["HOUSEHOLD_EVENTS", "PERSON_EVENTS", "Event"]
