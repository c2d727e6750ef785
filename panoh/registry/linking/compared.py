"""Which records were compared already: what lets a linkage go on where it was broken off, and compare only what is new.

A file for each member who runs linkages, since each sees other files: ids, a digest of what was compared, and whether the
record is linked (compared with everybody who stands here) or only seen. It holds no names, and losing it costs only time:
a pair that is found again is kept once, and what was judged stays judged.
"""

from __future__ import annotations

import fcntl
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.conf import settings

from panoh.identity.linkage.candidates import LINKED, NEW, SEEN, Stages
from panoh.identity.linkage.habits import Habits
from panoh.identity.linkage.weighing import MODEL
from panoh.identity.sameness import PARAMETERS
from panoh.identity.words import WORDS_VERSION
from panoh.kernel.problems import Problem
from panoh.registry.linking.reading import Bools, Register


@dataclass
class Compared:
    """How far each person of a register is compared, and where that is kept."""

    file: Path | None  # none: nothing is kept
    model: str
    least: float
    register: Register
    stage: Stages  # of each person, as the run found it
    done: Bools  # who is through by now
    waiting: npt.NDArray[np.int64]  # of each person: names that are not through
    habits: Habits | None = None  # what the register is like, once that is known

    def record_stages(self) -> Stages:
        """The same for each record: a person is through when all her names are."""
        return np.asarray(self.stage[self.register.person])

    def are_through(self, records: npt.NDArray[np.int32]) -> None:
        np.subtract.at(self.waiting, self.register.person[records], 1)
        self.done |= self.waiting == 0

    def keep(self) -> None:
        if self.file is None:
            return
        if self.habits is not None:
            self.file.with_suffix(".json").write_text(json.dumps(asdict(self.habits)))
        known = self.done | (self.stage != NEW)
        unfinished = self.file.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            np.savez(
                file, model=self.model, least=self.least,
                ids=self.register.ids[known], digest=self.register.digest[known], done=self.done[known],
            )  # fmt: skip
        unfinished.replace(self.file)


def read_compared(file: Path | None, register: Register, least: float, afresh: bool = False) -> Compared:
    """What earlier runs of this member compared, as far as the persons are unchanged. All anew where the model is another
    one, or where less likely pairs are wanted than before."""
    model = model_in_use()
    stage = np.full(len(register), NEW, np.uint8)
    before = _read(file) if file is not None and not afresh else None
    if before is not None and len(before["ids"]) and before["model"] == model and before["least"] <= least:
        place = np.minimum(np.searchsorted(before["ids"], register.ids), len(before["ids"]) - 1)
        same = (before["ids"][place] == register.ids) & (before["digest"][place] == register.digest)
        stage[same] = np.where(before["done"][place[same]], LINKED, SEEN)
    if not (stage == LINKED).any():
        stage[:] = SEEN
    waiting = np.bincount(register.person, minlength=len(register))
    waiting[stage == LINKED] = 0
    return Compared(file, model, least, register, stage, waiting == 0, waiting)


def only_since(register: Register, since: np.datetime64, least: float) -> Compared:
    """Only pairs with somebody registered on that day or later, whatever was compared before. Nothing is kept."""
    stage = np.where(register.registered_on >= since, NEW, LINKED).astype(np.uint8)
    waiting = np.bincount(register.person, minlength=len(register))
    return Compared(None, "", least, register, stage, stage == LINKED, waiting)


def _read(file: Path) -> dict[str, np.ndarray] | None:
    try:
        with np.load(file, allow_pickle=False) as kept:
            return {name: kept[name] for name in ("model", "least", "ids", "digest", "done")}
    except (FileNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        return None  # never kept, or cut off by a full disk: all is compared anew


def read_habits(member: UUID) -> Habits | None:
    """What the register was like when this member last linked it."""
    try:
        kept = json.loads((folder() / f"{member}.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return Habits(**{**kept, "missing": {name: tuple(shares) for name, shares in kept["missing"].items()}})


def model_in_use() -> str:
    """Changes with whatever the weights come from: the learned parameters, and the rules of words."""
    told = sha256(str(WORDS_VERSION).encode())
    for file in sorted(PARAMETERS.iterdir()):
        if file.is_file():
            told.update(file.name.encode() + file.read_bytes())
    told.update(MODEL.read_bytes())
    return told.hexdigest()


def folder() -> Path:
    return Path(settings.STATE_DIRECTORY) / "linkage"


@contextmanager
def kept_for(member: UUID) -> Iterator[Path]:
    """The file of this member, for one linkage at a time."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (place / f"{member}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem("registry.linkage.under_way") from None
        yield place / f"{member}.npz"
