"""`panoh library import` on real files that are as bad as they come, and killed in the middle."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import psycopg
import pytest

from panoh.project import postgres
from tests.library.reading.sources import cable, docx, page, pdf
from tests.setup.installations import Installation

pytestmark = pytest.mark.slow

MB = 1024 * 1024
MOST_MEMORY_MB = 700
MANY = 1500
THESE = "Document.objects.filter(refid__regex='^06DUSHANBE[56]...$').values_list('refid', flat=True)"


# A process begins with the memory of the one that starts it, as the kernel counts; this one is small, the suite is not.
MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.stdout.flush()
sys.stdout.buffer.write(done.stdout)
sys.exit(done.returncode)
"""


def imported(installation: Installation, path: Path) -> tuple[dict, int]:
    """What the command says as JSON, and the most memory that it or a process of its own took, in MB."""
    command = [
        sys.executable,
        "-m",
        "panoh",
        "library",
        "import",
        str(path),
        "--unmarked",
        "public",
        "--format",
        "json",
    ]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *command],
        env=installation.environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    memory, told = done.stdout.split("\n", 1)
    return json.loads(told), int(memory) >> (10 if sys.platform == "linux" else 20)


def asked(installation: Installation, expression: str) -> list[str]:
    """What an expression about the tables says, word by word."""
    code = (
        "from panoh.access.context import acting_as_system\n"
        "from panoh.library.models import *\n"
        f"with acting_as_system('a test looks'): print(*{expression})"
    )
    done = installation.panoh("django", "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def large(path: Path, begin: bytes, piece: bytes, end: bytes = b"") -> None:
    with path.open("wb") as file:
        file.write(begin)
        for _ in range(200 * MB // len(piece)):
            file.write(piece)
        file.write(end)


def test_files_of_200_mb_are_taken_in_as_far_as_they_go_in_bounded_memory(installation, tmp_path):
    letter = b"From a\nFrom: a@example.org\nDate: Tue, 12 May 2020 10:00:00 +0000\nSubject: %s\nMIME-Version: 1.0\nMessage-ID: <%s@x>\n"
    film = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe film is attached.\n--b\n"
        b"Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=film.bin\nContent-Transfer-Encoding: base64\n\n"
    )
    lines = (base64.b64encode(b"x" * 57) + b"\n") * 10_000
    large(
        tmp_path / "large.mbox",
        letter % (b"Film", b"1") + film,
        lines,
        b"--b--\n\n" + letter % (b"Last", b"2") + b"\nThe last letter.\n\n",
    )
    large(tmp_path / "large.txt", b"", b"A sentence that goes on and on in a report.\n\n" * 10_000)
    large(tmp_path / "large.pdf", pdf("Report of the valley\n\nThe wells are dry."), b"%" + b"x" * MB + b"\n")
    (tmp_path / "large.docx").write_bytes(docx([("Normal", "Ten wells are dug by 12 May 2020.")]))
    with zipfile.ZipFile(tmp_path / "large.docx", "a") as archive:
        archive.writestr("word/media/film.bin", b"x" * (200 * MB))
    with (tmp_path / "too_large.bin").open("wb") as file:
        file.truncate(300 * MB)
    told, memory = imported(installation, tmp_path)
    assert told["refused"] == [["too_large.bin", "300 MB"]]
    assert (told["new"], told["doubtful"]) == (5, 3)  # of the DOCX and the last letter all was read
    read = " ".join(
        asked(installation, "Paragraph.objects.exclude(document__file_name='large.txt').values_list('text', flat=True)")
    )
    for words in ("The wells are dry.", "Ten wells are dug", "The film is attached.", "The last letter."):
        assert words in read
    assert memory < MOST_MEMORY_MB, memory
    again, _memory = imported(installation, tmp_path)
    assert (again["new"], again["passed_over"]) == (0, 5)


def test_each_bad_file_is_taken_in_and_says_what_is_missing(installation, tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a" * (90 * MB))
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(50):
            archive.writestr(f"{number}.zip", inner.getvalue())
    folded = io.BytesIO()
    with zipfile.ZipFile(folded, "w") as archive:
        archive.writestr("0.zip", inner.getvalue())
    russian = (
        "Отчет о положении беженцев в Душанбе. Комиссия не собиралась с первого марта, и семьи ждут решения.\n\n" * 3
    )
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000
    files = {
        "nested.zip": (folded.getvalue(), "archive_left_closed"),
        "nested.docx": (
            docx([("Normal", "A line.")], {"word/embeddings/b.zip": nested.getvalue()}),
            "attachments_left_out",
        ),
        "bomb.docx": (docx([("Normal", "a" * (90 * MB))]), "too_large_inside"),
        "locked.pdf": (pdf("secret words", password="word"), "encrypted"),
        "locked.docx": (ole, "encrypted"),
        "scan.pdf": (pdf(), "no_text_layer"),
        "scripts.html": (page().encode(), "scripts_left_out"),
        "russian.txt": (russian.encode("cp1251"), "encoding_guessed"),
        "odd.jsonl": (
            b'{"refid": "06DUSHANBE78", "text": "1. (U) Half \\ud800 and \\u0000 are here."}\n',
            "letters_lost",
        ),
        "bomb.jsonl.gz": (gzip.compress(b"0" * (100 * MB)), "damaged"),
    }
    for name, (content, doubt) in files.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_bytes(content)
        told, memory = imported(installation, folder)
        assert (told["new"], told["doubtful"], told["refused"]) == (1, 1, []), name
        assert memory < MOST_MEMORY_MB, (name, memory)
        last = "Document.objects.latest('taken_in_at').doubts.values_list('code', flat=True)"
        assert doubt in asked(installation, last), name
    (tmp_path / "bomb").mkdir()
    (tmp_path / "bomb" / "bomb.zip").write_bytes(inner.getvalue())
    told, memory = imported(installation, tmp_path / "bomb")
    assert (told["new"], told["refused"]) == (0, [["bomb.zip/a.txt", "too_large_inside"]])
    assert memory < MOST_MEMORY_MB, memory


def test_an_import_that_was_killed_loses_nothing_that_it_confirmed_and_doubles_nothing(
    installation, tmp_path, monkeypatch
):
    dump = tmp_path / "many.jsonl"
    numbers = range(5000, 5000 + MANY)
    with dump.open("w") as file:
        for number in numbers:
            text = cable(**{"000412": f"{number:06}", "#0412": f"#{number % 10_000:04}", "0000412": f"{number:08}"})
            file.write(json.dumps({"refid": f"06DUSHANBE{number}", "created": "2006-05-09 05:09", "classification": "UNCLASSIFIED", "origin": "Embassy Dushanbe", "text": text}) + "\n")  # fmt: skip
    monkeypatch.setenv("PANOH_STATE", str(installation.state))
    confirmed = 0
    for _ in range(2):  # killed after its first batch, and again
        process = subprocess.Popen(
            [sys.executable, "-m", "panoh", "library", "import", str(dump)],
            env=installation.environment(),
            start_new_session=True,
        )
        until = time.monotonic() + 150
        while seen() <= confirmed and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        confirmed = len(asked(installation, THESE))
        assert 0 < confirmed < MANY
    told, _memory = imported(installation, dump)
    assert (told["passed_over"], told["new"]) == (confirmed, MANY - confirmed)
    these = asked(installation, THESE)
    assert len(these) == len(set(these)) == MANY
    whole = "[Revision.objects.count(), Document.objects.count(), Paragraph.objects.filter(document__refid__regex='06DUSHANBE[56]').values('document').distinct().count()]"
    revisions, documents, with_words = asked(installation, whole)
    assert revisions == documents and int(with_words) == MANY
    found = installation.panoh("ledger", "verify")
    assert found.returncode == 0, found.stdout + found.stderr


def seen() -> int:
    """How many of the sources another connection sees, while the server runs."""
    try:
        with postgres.find_cluster("panoh").connect("panoh") as admin:
            return admin.execute(
                "SELECT count(*) FROM library_document WHERE refid ~ '^06DUSHANBE[56]...$'"
            ).fetchone()[0]
    except psycopg.OperationalError:
        return 0
