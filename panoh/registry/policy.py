"""Who may do what to households and persons: the verbs of the register.

Scope (which files) is `access.scope`; here stand the roles. Verbs that are not `shared` are for the organisation that
keeps the file alone.
"""

from django.utils.translation import gettext_lazy as _

from panoh.access.verbs import declare, verb

CLERKS = {"registration_clerk", "registration_supervisor", "register_officer"}
SUPERVISORS = {"registration_supervisor", "register_officer"}
READERS = CLERKS | {
    "eligibility_officer",
    "commission_secretary",
    "commission_member",
    "protection_officer",
    "mandate_officer",
    "lawyer",
    "programme_officer",
}
SEARCHERS = READERS - {"lawyer", "programme_officer"}
IMPORTERS = {"register_officer"}

declare(
    verb("registry.person.search", READERS, title=_("Search for persons")),
    # Only for whose eyes reach no further than files by consent or assignment: others would list people by place.
    verb("registry.household.list", {"lawyer", "programme_officer"}, title=_("See which files are open to oneself")),
    verb("registry.household.check", SUPERVISORS, title=_("List files that break a rule of registration")),
    verb("registry.household.read", READERS, on="household", shared=True, title=_("Open a household")),
    verb("registry.person.read", READERS, on="household", shared=True, title=_("Open a person's record")),
    verb("registry.household.register", CLERKS, title=_("Register a household")),
    verb("registry.household.split", CLERKS, on="household", title=_("Split a household")),
    verb("registry.household.join", CLERKS, on="household", title=_("Join two households")),
    verb("registry.household.change_principal", CLERKS, on="household", title=_("Change the principal applicant")),
    verb("registry.household.close", CLERKS, on="household", title=_("Close a household")),
    verb("registry.household.reopen", SUPERVISORS, on="household", title=_("Reopen a household")),
    verb("registry.household.add_member", CLERKS, on="household", title=_("Add a member who came later")),
    verb("registry.birth.record", CLERKS, on="household", title=_("Record a birth")),
    verb("registry.death.record", CLERKS, on="household", title=_("Record a death")),
    verb("registry.marriage.record", CLERKS, on="household", title=_("Record a marriage")),
    verb("registry.divorce.record", CLERKS, on="household", title=_("Record a divorce")),
    verb("registry.person.correct", CLERKS, on="household", title=_("Correct a person's data")),
    verb("registry.household.correct", CLERKS, on="household", title=_("Correct a household's arrival and telephone")),
    verb("registry.household.transfer", SUPERVISORS, on="household", title=_("Let another office keep a household")),
    verb("registry.person.close", CLERKS, on="household", title=_("Close a person's record")),
    verb("registry.person.reopen", SUPERVISORS, on="household", title=_("Reopen a person's record")),
    verb("registry.photo.set", CLERKS, on="household", title=_("Set a photo")),
    verb("registry.residence.change", CLERKS, on="household", title=_("Change the address")),
    # The protection side adds needs to files that the authority keeps: that is what it reads them for.
    verb(
        "registry.need.add",
        CLERKS | {"protection_officer"},
        on="household",
        shared=True,
        title=_("Add a specific need"),
    ),
    verb(
        "registry.need.end",
        CLERKS | {"protection_officer"},
        on="household",
        shared=True,
        title=_("End a specific need"),
    ),
    verb("registry.consent.give", CLERKS, on="household", title=_("Record a consent")),
    verb(
        "registry.consent.withdraw",
        CLERKS | {"protection_officer"},
        on="household",
        shared=True,
        title=_("Record that a consent is withdrawn"),
    ),
    verb("registry.duplicate.read", SUPERVISORS | {"registration_clerk"}, title=_("See possible duplicates")),
    verb("registry.duplicate.judge", SUPERVISORS, on="household", shared=True, title=_("Judge a possible duplicate")),
    verb(
        "registry.duplicate.confirm",
        SUPERVISORS,
        on="household",
        shared=True,
        title=_("Confirm that two records are one person"),
    ),
    verb("registry.duplicate.undo", SUPERVISORS, on="household", shared=True, title=_("Undo a judgement")),
    verb("registry.duplicate.suggest", IMPORTERS, title=_("Keep what a search of the whole register found alike")),
    verb("registry.import.preview", IMPORTERS, title=_("Look into a workbook of another system")),
    verb("registry.import.take", IMPORTERS, title=_("Take in a workbook of another system")),
    verb("registry.import.undo", IMPORTERS, title=_("Undo an import")),
)
