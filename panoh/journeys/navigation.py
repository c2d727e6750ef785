"""What the pages that cross rooms offer in the header."""

from panoh.journeys.ledger_pages import navigation as of_ledger

ENTRIES = [*of_ledger.ENTRIES]
