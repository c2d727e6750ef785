"""What the annual table counts: its sections, their columns, and which movement of a person goes into which.

Source: data points of UNHCR's Population Statistics Reference database (DOMAIN §10.1). A person moves from one group to
another on a day for a reason; seen from the group she enters it is an increase, from the group she leaves a decrease.
Someone recognised leaves the asylum-seekers through ASYREC-CV and enters the refugees through ARR-IND on the same day.
"""

from dataclasses import dataclass

OPENING, CLOSING, UNEXPLAINED = "OPENING", "CLOSING", "UNEXPLAINED"


@dataclass(frozen=True)
class Account:
    """One section with opening, increases, decreases and closing. `others` take reasons that have no column of their own."""

    code: str
    group: str
    increases: tuple[str, ...]
    decreases: tuple[str, ...]
    other_increase: str
    other_decrease: str
    synonyms_in: tuple[tuple[str, str], ...] = ()
    synonyms_out: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (OPENING, *self.increases, *self.decreases, CLOSING, UNEXPLAINED)

    def column_in(self, reason: str) -> str:
        reason = dict(self.synonyms_in).get(reason, reason)
        return reason if reason in self.increases else self.other_increase

    def column_out(self, reason: str) -> str:
        reason = dict(self.synonyms_out).get(reason, reason)
        return reason if reason in self.decreases else self.other_decrease


REFUGEE = Account(
    "REFUGEE",
    "REF",
    ("ARR-GRP", "ARR-TMP", "ARR-IND", "ARR-RESTL", "BIRTH", "REFOTHINC"),
    ("VOLREP", "RESTL", "CESSATION", "NATURLZN", "DEATH", "REFOTHDEC"),
    "REFOTHINC",
    "REFOTHDEC",
    synonyms_in=(("ASYREC-CV", "ARR-IND"), ("ASYREC-CP", "ARR-IND")),
)
# A child born to an applicant joins the claim: an application. An applicant who dies or leaves: otherwise closed.
RSD = Account(
    "RSD",
    "ASY",
    ("ASYAPP",),
    ("ASYREC-CV", "ASYREC-CP", "ASYREJ", "ASYOTHCL"),
    "ASYAPP",
    "ASYOTHCL",
    synonyms_out=(("ARR-IND", "ASYREC-CV"),),
)
STATELESS = Account("STATELESS", "STA", ("NATLOSS", "STAOTHINC"), ("NATACQ", "STAOTHDEC"), "STAOTHINC", "STAOTHDEC")
OOC = Account("OOC", "OOC", ("OOCARR", "OOCOTHINC"), ("OOCRTN", "OOCOTHDEC"), "OOCOTHINC", "OOCOTHDEC")
# Other people in need of international protection: a group since 2022 that the reference database does not split further.
OIP = Account("OIP", "OIP", ("OIPINC",), ("OIPDEC",), "OIPINC", "OIPDEC")

ACCOUNTS: tuple[Account, ...] = (REFUGEE, RSD, STATELESS, OIP, OOC)

# First-instance work by procedure type, as UNHCR publishes it: persons decided upon, whatever became of them later.
DECISIONS = "DECISIONS"
DECISION_COLUMNS = ("ASYAPP", "ASYREC-CV", "ASYREC-CP", "ASYREJ", "ASYOTHCL", "TOTAL")

DEMOGRAPHY = "DEMOGR"
AGE_BANDS = ("0-4", "5-11", "12-17", "18-59", "60+", "unknown")
DEMOGRAPHY_COLUMNS = (
    *(f"F {band}" for band in AGE_BANDS),
    "F",
    *(f"M {band}" for band in AGE_BANDS),
    "M",
    "U",
    "TOTAL",
)

METHODS = ("suppress", "round5", "true")
