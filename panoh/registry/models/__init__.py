"""The tables of the register. They decide nothing; what is right stands in `rules`, what may be done in `operations`."""

from panoh.registry.models.duplicates import Judgement, Suggestion
from panoh.registry.models.households import Consent, Household, Membership, Residence
from panoh.registry.models.imports import ImportBatch, ImportFile, ImportJob, ImportRow
from panoh.registry.models.naming import NameIndex, Word, WordCount, WordKey
from panoh.registry.models.persons import Name, Need, PaperHeld, Person, Photo, Profile
from panoh.registry.models.population import Facts, Location, StatusChange

__all__ = [
    "Consent",
    "Facts",
    "Household",
    "ImportBatch",
    "ImportFile",
    "ImportJob",
    "ImportRow",
    "Judgement",
    "Location",
    "Membership",
    "Name",
    "NameIndex",
    "Need",
    "PaperHeld",
    "Person",
    "Photo",
    "Profile",
    "Residence",
    "StatusChange",
    "Suggestion",
    "Word",
    "WordCount",
    "WordKey",
]
