"""What one signs in with: each change leaves an entry, and a statement without one is refused by the database."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection
from django.utils import timezone, translation

from panoh.access import operations
from panoh.access.context import facts_of, sign
from panoh.access.models import Account, Member
from panoh.access.passwords import LongEnough
from panoh.kernel.problems import Problem
from panoh.ledger import guard
from panoh.ledger.models import Entry
from tests.ledger.test_record import body
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db(transaction=True)

NEW_ACCOUNT = "019a0000-0000-7000-8000-000000000001"
CHANGES = {
    "a password": "UPDATE access_account SET password = 'known' WHERE id = %(account)s",
    "a name to sign in with": "UPDATE access_account SET username = 'taken' WHERE id = %(account)s",
    "a closed account": "UPDATE access_account SET is_active = NOT is_active WHERE id = %(account)s",
    "a new account": "INSERT INTO access_account (id, password, username, email, name, language, is_active, joined_at)"
    f" VALUES ('{NEW_ACCOUNT}', 'known', 'intruder', '', 'Intruder', 'en', true, now())",
    "a second factor": "INSERT INTO mfa_authenticator (type, data, user_id, created_at)"
    " VALUES ('totp', '{}', %(account)s, now())",
    "an organisation": "UPDATE access_organisation SET country = 'XXX'",
    "an office": "UPDATE access_office SET parent_id = NULL",
    "a role": "UPDATE access_member SET role = 'administrator' WHERE account_id = %(account)s",
    "an agreement": "UPDATE access_agreement SET needs_consent = false",
}


OF_AN_ACCOUNT_ALONE = {"records": ["access.account.second_factor_changed"]}


def enter(connection_: psycopg.Connection, facts: dict) -> None:
    signed = sign(facts, connection_.info.backend_pid)
    connection_.execute("SELECT set_config('panoh.context', %s, false)", [signed])


@pytest.fixture
def only_entries_and_verbs(superuser) -> None:
    """Takes away the later lock that asks whose business a row is, which has tests of its own (test_houses.py)."""
    for table in ("organisation", "office", "member", "agreement", "account"):
        superuser.execute(f"ALTER TABLE access_{table} DISABLE TRIGGER own_house")
    superuser.execute("ALTER TABLE mfa_authenticator DISABLE TRIGGER own_house")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.usefixtures("only_entries_and_verbs")
def test_raw_sql_without_an_entry_changes_nothing(committed_world, app_connection, superuser, change):
    given = {"account": committed_world.members["registration_clerk"].account_id}
    administrator = facts_of(committed_world.actor("administrator"))
    enter(app_connection, OF_AN_ACCOUNT_ALONE if change == "a second factor" else administrator)
    with pytest.raises(psycopg.DatabaseError) as refusal:
        app_connection.execute(CHANGES[change], given)
    assert refusal.value.sqlstate == guard.NO_ENTRY
    superuser.execute(f"ALTER TABLE {refusal.value.diag.table_name} DISABLE TRIGGER ledger_require_entry")
    app_connection.execute(CHANGES[change], given)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.usefixtures("only_entries_and_verbs")
def test_raw_sql_with_an_entry_of_ones_own_does_not_raise_a_clerk(committed_world, app_connection, superuser, change):
    """Her entry names everything; what she lacks is the verb. Without that guard she would be administrator."""
    member = committed_world.members["registration_clerk"]
    clerk = committed_world.actor("registration_clerk")
    rows = [row for made in vars(committed_world).values() for row in made.values()]
    subjects = [str(row.pk) for row in rows] + [str(member.account_id), NEW_ACCOUNT]

    def act() -> None:
        with app_connection.transaction():
            said = body(clerk, subjects=subjects)
            app_connection.execute("SELECT ledger_append(%s, NULL, NULL, NULL, NULL)", [said])
            app_connection.execute(CHANGES[change], {"account": member.account_id})

    enter(app_connection, facts_of(clerk))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="changes nothing in"):
        act()
    table = CHANGES[change].replace("INSERT INTO", "UPDATE").split()[1]
    superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER access_verb")
    act()


def test_signing_in_itself_needs_no_entry(committed_world, client):
    before = Entry.objects.count()
    assert client.login(username="lawyer", password="correct horse battery", request=client.get("/").wsgi_request)
    assert Account.objects.get(username="lawyer").last_login is not None
    assert Entry.objects.count() == before


def test_a_password_changed_on_its_page_leaves_an_entry_in_nobodys_name(committed_world):
    member = committed_world.members["lawyer"]
    client = client_of(member)
    typed = {
        "oldpassword": "correct horse battery",
        "password1": "a stapler of stars",
        "password2": "a stapler of stars",
    }
    assert client.post("/account/password/change/", typed).status_code == 302
    assert Account.objects.get(pk=member.account_id).check_password("a stapler of stars")
    entry = Entry.objects.get(kind="access.account.password_changed")
    assert (entry.subjects, entry.actor_id, entry.occurred_on) == ([member.account_id], None, timezone.localdate())
    assert client.post("/account/password/change/", typed).status_code == 200, "the old password is wrong by now"
    assert Entry.objects.filter(kind="access.account.password_changed").count() == 1


def test_checking_a_password_never_writes_one(committed_world, settings, django_assert_num_queries):
    """Django renews the hash of a password when its settings change; here only its owner changes it."""
    account = committed_world.members["lawyer"].account
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    with django_assert_num_queries(0):
        assert account.check_password("correct horse battery")


def test_second_factors_leave_an_entry_when_they_change_and_only_then(committed_world):
    account = committed_world.members["lawyer"].account

    def change(statement: str) -> None:
        with operations.changing_second_factors(account_id=account.pk), connection.cursor() as cursor:
            cursor.execute(statement, [account.pk])

    change("INSERT INTO mfa_authenticator (type, data, user_id, created_at) VALUES ('totp', '{}', %s, now())")
    change("UPDATE mfa_authenticator SET last_used_at = now() WHERE user_id = %s")
    change("DELETE FROM mfa_authenticator WHERE user_id = %s")
    found = Entry.objects.filter(kind="access.account.second_factor_changed").order_by("recorded_at")
    assert [(entry.payload["added"], entry.payload["removed"]) for entry in found] == [(["totp"], []), ([], ["totp"])]


def test_what_an_account_records_is_about_itself(committed_world):
    """The context of such a page names the account: an entry about another is refused by the database."""
    from django.db import DatabaseError

    from panoh.access.context import acting_without_member
    from panoh.ledger.operations import record

    own, other = (committed_world.members[name].account_id for name in ("lawyer", "auditor"))

    def say(*subjects) -> None:
        with acting_without_member("a test", records=["access.account.password_changed"], about=[own]):
            record(
                by=None,
                kind="access.account.password_changed",
                subjects=subjects,
                payload={},
                occurred_on=timezone.localdate(),
            )

    say(own)
    for subjects in ([other], [own, other]):
        with pytest.raises(DatabaseError, match="only what the context names"):
            say(*subjects)


# -- somebody who lost what she signs in with -------------------------------------------------------------------------

FIRST = "told across the table"


def renew(world, by: str, whose: str, **more: str) -> None:
    with world.as_role(by) as actor:
        operations.renew_account(
            by=actor, account=world.members[whose].account, password=FIRST, reason="lost her telephone", **more
        )


def give_second_factor(account) -> None:
    with operations.changing_second_factors(account_id=account.pk), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mfa_authenticator (type, data, user_id, created_at) VALUES ('totp', '{}', %s, now())",
            [account.pk],
        )


def test_a_sign_in_set_anew_ends_sessions_and_factors_and_asks_for_another_password(committed_world):
    member = committed_world.members["register_officer"]
    give_second_factor(member.account)
    before = client_of(member)
    assert before.get("/start", follow=True).status_code == 200
    renew(committed_world, "administrator", "register_officer")
    assert before.get("/start").url.startswith("/account/login/"), "the old session is over"
    entry = Entry.objects.get(kind="access.account.renewed")
    administrator = committed_world.members["administrator"]
    assert (entry.subjects, entry.actor_id) == ([member.account_id], administrator.pk)
    assert entry.payload["second_factors"] == ["totp"]

    client = client_of(Member.objects.get(pk=member.pk), second_factor=False)
    for page in ("/start", "/membership"):
        assert client.get(page).url == "/account/password/change/"
    asked = client.get("/account/password/change/").content.decode()
    assert "An administrator has set your sign-in anew" in asked
    typed = {"oldpassword": FIRST, "password1": "a stapler of stars", "password2": "a stapler of stars"}
    client.post("/account/password/change/", typed)
    assert Account.objects.get(pk=member.account_id).check_password("a stapler of stars")
    assert client.get("/start").url == "/account/2fa/", "then a second factor, before anything else"
    assert "An administrator" not in client.get("/account/password/change/").content.decode()


def test_who_may_not_set_a_sign_in_anew(committed_world):
    for by, whose, code in (
        ("registration_clerk", "lawyer", "access.verb.refused_role"),
        ("administrator", "administrator", "access.account.own"),
    ):
        with pytest.raises(Problem) as refusal:
            renew(committed_world, by, whose)
        assert refusal.value.code == code
    assert not Entry.objects.filter(kind="access.account.renewed").exists()
    client = client_of(committed_world.members["administrator"])
    page = client.post(
        f"/members/{committed_world.members['register_officer'].pk}/renew", {"password": "short", "reason": "lost"}
    )
    assert page.status_code == 422
    assert "lost" in page.content.decode()


def test_an_administrator_takes_second_factors_away_and_gives_none(committed_world, app_connection):
    """By the context of her page, whatever statement runs in it: a factor she gave would let her sign in as somebody else."""
    member, administrator = committed_world.members["register_officer"], committed_world.actor("administrator")
    give_second_factor(member.account)
    statements = {
        "DELETE FROM mfa_authenticator WHERE user_id = %s": guard.NO_ENTRY,  # the verb allows it, the entry is missing
        "INSERT INTO mfa_authenticator (type, data, user_id, created_at) VALUES ('webauthn', '{}', %s, now())": "42501",
    }
    for statement, code in statements.items():
        enter(app_connection, facts_of(administrator))
        with pytest.raises(psycopg.DatabaseError) as refusal:
            app_connection.execute(statement, [member.account_id])
        assert refusal.value.sqlstate == code


@pytest.mark.parametrize(("language", "digits"), [("en", "12"), ("tg", "12"), ("prs", "۱۲")])
def test_how_long_a_password_must_be_is_written_in_the_readers_digits(language, digits):
    with translation.override(language):
        asked = LongEnough(min_length=12)
        assert digits in str(asked.get_error_message())
        assert digits in str(asked.get_help_text())
