"""Who works in the demo operation: organisations, offices, and members that are roles, not people.

Every text a visitor reads about them is here. The page "step into this role" (`views`) and the loader both read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SINCE = date(2010, 1, 1)
PASSWORD = "step into the role"  # noqa: S105 - printed for whoever looks at the demo; synthetic people only

AUTHORITY, UNHCR, LEGAL_AID, UNDP, IOM = "prs-mia", "unhcr", "legal-aid", "undp", "iom"


@dataclass(frozen=True)
class DemoOrganisation:
    code: str
    kind: str
    country: str
    titles: dict[str, str]


@dataclass(frozen=True)
class DemoOffice:
    code: str
    organisation: str
    prefix: str
    place: str
    titles: dict[str, str]
    parent: str | None = None


@dataclass(frozen=True)
class DemoMember:
    """`username` signs in; `shown` members have a card on the first page and a line in `panoh demo logins`.

    `lands` is the page on which the card's press arrives: the one on which what it says to try is done.
    """

    username: str
    role: str
    organisation: str
    office: str
    name: str
    tries: Promise | str = ""
    lands: str = "start"

    @property
    def shown(self) -> bool:
        return bool(self.tries)


ORGANISATIONS = (
    DemoOrganisation(
        AUTHORITY, "authority", "TJK",
        {
            "en": "Department for refugees, Passport and Registration Service",
            "ru": "Отдел по делам беженцев, Паспортно-регистрационная служба",
            "tg": "Шуъбаи кор бо гурезагон, Хадамоти шиносномавию бақайдгирӣ",
            "prs": "بخش امور پناهندگان، خدمات پاسپورت و ثبت",
        },
    ),
    DemoOrganisation(
        UNHCR, "un", "",
        {"en": "UNHCR Tajikistan", "ru": "УВКБ ООН в Таджикистане", "tg": "КОГ СММ дар Тоҷикистон", "prs": "کمیساریای عالی ملل متحد در امور پناهندگان، تاجیکستان"},
    ),
    DemoOrganisation(
        LEGAL_AID, "ngo", "",
        {"en": "Legal aid for refugees", "ru": "Правовая помощь беженцам", "tg": "Кӯмаки ҳуқуқӣ ба гурезагон", "prs": "کمک حقوقی برای پناهندگان"},
    ),
    DemoOrganisation(UNDP, "partner", "", {"en": "UNDP Tajikistan", "ru": "ПРООН в Таджикистане", "tg": "БРСММ дар Тоҷикистон", "prs": "برنامهٔ انکشافی ملل متحد، تاجیکستان"}),
    DemoOrganisation(IOM, "partner", "", {"en": "IOM Tajikistan", "ru": "МОМ в Таджикистане", "tg": "СБМ дар Тоҷикистон", "prs": "سازمان بین‌المللی مهاجرت، تاجیکستان"}),
)  # fmt: skip

OFFICES = (
    DemoOffice("dushanbe", AUTHORITY, "TJ1", "3501000", {"en": "Dushanbe", "ru": "Душанбе", "tg": "Душанбе", "prs": "دوشنبه"}),
    DemoOffice("panji-poyon", AUTHORITY, "TJ2", "3507223", {"en": "Panji Poyon border post", "ru": "Пост Нижний Пяндж", "tg": "Гузаргоҳи Панҷи Поён", "prs": "پوستهٔ سرحدی پنج پایان"}, "dushanbe"),
    DemoOffice("khorugh", AUTHORITY, "TJ3", "3590401", {"en": "Khorugh", "ru": "Хорог", "tg": "Хоруғ", "prs": "خاروغ"}, "dushanbe"),
    DemoOffice("khujand", AUTHORITY, "TJ4", "3505401", {"en": "Khujand", "ru": "Худжанд", "tg": "Хуҷанд", "prs": "خجند"}, "dushanbe"),
    DemoOffice("vahdat", AUTHORITY, "TJ5", "3509018", {"en": "Vahdat", "ru": "Вахдат", "tg": "Ваҳдат", "prs": "وحدت"}, "dushanbe"),
    DemoOffice("unhcr-dushanbe", UNHCR, "UN1", "3501000", {"en": "UNHCR Dushanbe", "ru": "УВКБ ООН, Душанбе", "tg": "КОГ СММ, Душанбе", "prs": "کمیساریا، دوشنبه"}),
    DemoOffice("legal-aid", LEGAL_AID, "LA1", "3501000", {"en": "Legal aid centre", "ru": "Центр правовой помощи", "tg": "Маркази кӯмаки ҳуқуқӣ", "prs": "مرکز کمک حقوقی"}),
    DemoOffice("undp-dushanbe", UNDP, "DP1", "3501000", {"en": "UNDP Dushanbe", "ru": "ПРООН, Душанбе", "tg": "БРСММ, Душанбе", "prs": "برنامهٔ انکشافی، دوشنبه"}),
    DemoOffice("iom-dushanbe", IOM, "IO1", "3501000", {"en": "IOM Dushanbe", "ru": "МОМ, Душанбе", "tg": "СБМ, Душанбе", "prs": "سازمان مهاجرت، دوشنبه"}),
)  # fmt: skip

MEMBERS = (
    DemoMember(
        "clerk", "registration_clerk", AUTHORITY, "panji-poyon", "Registration clerk, Panji Poyon",
        _("Register a family that has just crossed the border, and see who may be registered already."), "household_register",
    ),
    DemoMember(
        "supervisor", "registration_supervisor", AUTHORITY, "dushanbe", "Registration supervisor",
        _("Confirm a certificate that a colleague prepared, and judge two records that may be one person."), "papers_to_confirm",
    ),
    DemoMember(
        "eligibility", "eligibility_officer", AUTHORITY, "dushanbe", "Eligibility officer",
        _("Open what is due today and read, line by line, why it is due on that day."),
    ),
    DemoMember(
        "secretary", "commission_secretary", AUTHORITY, "dushanbe", "Secretary of the commission",
        _("Convene the commission, put cases on its agenda and close the sitting with its minutes."), "sittings",
    ),
    DemoMember(
        "commission", "commission_member", AUTHORITY, "dushanbe", "Member of the commission",
        _("Read a case on the agenda and vote on it."), "sittings",
    ),
    DemoMember(
        "head", "head_of_office", AUTHORITY, "dushanbe", "Head of office",
        _("See how each office kept the safeguards, month by month, without seeing a single file."), "supervision",
    ),
    DemoMember(
        "protection", "protection_officer", UNHCR, "unhcr-dushanbe", "Protection officer",
        _("Act on the most pressing incident, and see where and why the alarm for bribes rings."), "incidents",
    ),
    DemoMember(
        "mandate", "mandate_officer", UNHCR, "unhcr-dushanbe", "Mandate status officer",
        _("Decide a claim on the mandate track, beside that of the government."),
    ),
    DemoMember(
        "register", "register_officer", UNHCR, "unhcr-dushanbe", "Register and data officer",
        _("Look through possible duplicates with their reasons, and take in a workbook of another system."), "duplicates",
    ),
    DemoMember(
        "lawyer", "lawyer", LEGAL_AID, "legal-aid", "Lawyer",
        _("Look through your files: only families that agreed to legal aid are there, and their cases open."), "files",
    ),
    DemoMember(
        "undp", "programme_officer", UNDP, "undp-dushanbe", "Programme officer, UNDP",
        _("Look through your files: only families that agreed to share theirs for assistance are there."), "files",
    ),
    DemoMember(
        "iom", "programme_officer", IOM, "iom-dushanbe", "Programme officer, IOM",
        _("Look for your files: an organisation whose agreement has ended has none."), "files",
    ),
    DemoMember(
        "administrator", "administrator", AUTHORITY, "dushanbe", "Administrator",
        _("Add a member, and look at the agreements under which files are shared."), "members",
    ),
    DemoMember(
        "auditor", "auditor", UNHCR, "unhcr-dushanbe", "Auditor",
        _("See who read which file, and follow an entry of the ledger to its signed checkpoint."), "readings",
    ),
    # Colleagues without a card: another clerk in each office, and the bodies that sit in the commission.
    DemoMember("clerk-dushanbe", "registration_clerk", AUTHORITY, "dushanbe", "Registration clerk, Dushanbe"),
    DemoMember("clerk-vahdat", "registration_clerk", AUTHORITY, "vahdat", "Registration clerk, Vahdat"),
    DemoMember("clerk-khujand", "registration_clerk", AUTHORITY, "khujand", "Registration clerk, Khujand"),
    DemoMember("clerk-khorugh", "registration_clerk", AUTHORITY, "khorugh", "Registration clerk, Khorugh"),
    DemoMember("eligibility-2", "eligibility_officer", AUTHORITY, "dushanbe", "Eligibility officer, second"),
    DemoMember("commission-security", "commission_member", AUTHORITY, "dushanbe", "Member for national security"),
    DemoMember("commission-foreign", "commission_member", AUTHORITY, "dushanbe", "Member for foreign affairs"),
    DemoMember("commission-justice", "commission_member", AUTHORITY, "dushanbe", "Member for justice"),
    DemoMember("commission-labour", "commission_member", AUTHORITY, "dushanbe", "Member for labour"),
    DemoMember("commission-border", "commission_member", AUTHORITY, "dushanbe", "Member for the border service"),
    DemoMember("commission-ombudsman", "commission_member", AUTHORITY, "dushanbe", "Member for the Ombudsman"),
    DemoMember("mandate-2", "mandate_officer", UNHCR, "unhcr-dushanbe", "Mandate status officer, second"),
)  # fmt: skip


@dataclass(frozen=True)
class DemoAgreement:
    giver: str
    receiver: str
    reference: str
    purposes: tuple[str, ...]
    field_classes: tuple[str, ...]
    needs_consent: bool
    valid_from: date
    valid_to: date | None = None


AGREEMENTS = (
    DemoAgreement(
        AUTHORITY, UNHCR, "Cooperation agreement (demo)", ("protection", "statistics"),
        ("open", "identity", "contact", "residence", "religion_ethnicity", "narrative", "needs", "needs_restricted", "protection"),
        needs_consent=False, valid_from=date(2014, 1, 1),
    ),
    DemoAgreement(
        UNHCR, AUTHORITY, "Mandate cases known to the authority (demo)", ("asylum",), ("open", "identity"),
        needs_consent=False, valid_from=date(2022, 1, 1),
    ),
    DemoAgreement(
        AUTHORITY, LEGAL_AID, "Legal aid by consent (demo)", ("legal_aid",),
        ("open", "identity", "contact", "narrative", "needs"), needs_consent=True, valid_from=date(2016, 1, 1),
    ),
    DemoAgreement(
        AUTHORITY, UNDP, "Livelihoods by consent (demo)", ("assistance",), ("open", "identity", "contact", "residence"),
        needs_consent=True, valid_from=date(2018, 1, 1), valid_to=date(2028, 1, 1),
    ),
    DemoAgreement(
        AUTHORITY, IOM, "Onward movement by consent (demo)", ("assistance",), ("open", "identity"),
        needs_consent=True, valid_from=date(2019, 1, 1), valid_to=date(2024, 1, 1),
    ),
)  # fmt: skip
