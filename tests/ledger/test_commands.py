"""The operator's commands: what they print, and the exit code that a watchdog goes by."""

from __future__ import annotations

import json

import pytest

from panoh.__main__ import build_parser
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger import configuration, note, operations
from panoh.ledger.note import VerifierKey

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])


@pytest.fixture
def panoh(capsys):
    """Run a command as `panoh ledger …` does; its exit code and what it printed."""

    def run(*arguments: object) -> tuple[int, str]:
        parsed = build_parser().parse_args(["ledger", *map(str, arguments)])
        code = parsed.run(parsed)
        return code, capsys.readouterr().out

    return run


def test_verify_tells_a_whole_ledger_from_a_bent_one(panoh, record, superuser, tmp_path):
    entry = record()
    code, checkpoint = panoh("checkpoint")
    assert code == 0
    (tmp_path / "kept.txt").write_text(checkpoint)
    code, told = panoh("verify", "--ledger-only", "--against", tmp_path / "kept.txt")
    assert (code, "Everything fits." in told) == (0, True)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE ledger_entry SET body = replace(body, 'TJ-DU', 'TJ-SU')")
    code, told = panoh("verify", "--ledger-only", "--against", tmp_path / "kept.txt")
    assert code == 1 and str(entry.id) in told and "2 findings" in told
    code, told = panoh("verify", "--ledger-only", "--format", "json")
    found = json.loads(told)
    assert code == 1 and not found["fits"]
    assert [(each["code"], each["number"], each["entry"]) for each in found["findings"]] == [
        ("entry.altered", 0, str(entry.id)),
        ("entry.hash_altered", 0, str(entry.id)),
    ]


def test_verify_takes_receipts_and_keys(panoh, record, tmp_path, capsys):
    text = operations.sign_receipt(record()).text
    (tmp_path / "receipts.txt").write_text(f"{text}\n{text[:-3]}\n")
    code, told = panoh("verify", "--ledger-only", "--receipt", tmp_path / "receipts.txt")
    assert code == 1 and "line 2" in told and "1 findings" in told
    key = configuration.checkpoint_verifier().text()
    assert panoh("verify", "--ledger-only", "--key", key)[0] == 0
    assert panoh("verify", "--ledger-only", "--key", "nonsense")[0] == 2
    assert panoh("verify", "--ledger-only", "--against", tmp_path / "absent.txt")[0] == 2


def test_an_empty_ledger_has_nothing_to_sign(panoh):
    assert panoh("checkpoint")[0] == 1
    assert panoh("verify", "--ledger-only")[0] == 0
    assert "0 numbered entries" in panoh("show")[1]


def test_sequence_and_show(panoh, record):
    entry = record(kind="asylum.lodged")
    record(kind="registry.household.registered")
    assert "1 waiting" not in panoh("show")[1] and "2 waiting" in panoh("show")[1]
    assert "2 entries numbered; the ledger holds 2." in panoh("sequence")[1]
    assert "No checkpoint covers it yet." in panoh("show", entry.id)[1]
    panoh("checkpoint")
    told = panoh("show", entry.id)[1]
    assert "number 0 of the 2" in told and "The proof holds." in told
    told = panoh("show", "--kind", "asylum.")[1]
    assert "asylum.lodged" in told and "household" not in told
    with pytest.raises(Problem):
        panoh("show", new_id())


def test_receipt_says_what_it_holds(panoh, record):
    receipt = operations.sign_receipt(record(kind="asylum.lodged"), number="TJ-2025-000417")
    told = panoh("receipt", receipt.text)[1]
    assert "TJ-2025-000417" in told and str(receipt.entry_id) in told and receipt.leaf_hash.hex() in told
    with pytest.raises(Problem) as refusal:
        panoh("receipt", receipt.text[:-2])
    assert refusal.value.code.startswith("ledger.receipt.")


def test_the_public_keys_open_what_was_signed(panoh, record):
    record()
    _, checkpoint = panoh("checkpoint")
    listed = dict(line.split() for line in panoh("keys")[1].splitlines())
    assert note.open_note(checkpoint, [VerifierKey.parse(listed["checkpoint"])]).size == 1
    with pytest.raises(note.NotACheckpoint):
        note.open_note(checkpoint, [VerifierKey.parse(listed["papers"])])
