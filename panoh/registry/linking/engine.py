"""Where Splink adds up the weights: in this process, or on a cluster (setting PANOH_LINKAGE_ENGINE)."""

from __future__ import annotations

from importlib.util import find_spec
from shutil import which

from django.conf import settings

from panoh.identity.linkage.weighing import ENGINES
from panoh.kernel.problems import Problem


def engine_in_use() -> str:
    """Refused before anything is read, not after an hour."""
    engine = settings.LINKAGE_ENGINE
    missing = engine == "spark" and (find_spec("pyspark") is None or which("java") is None)
    if engine not in ENGINES or missing:
        raise Problem("registry.linkage.no_engine", engine=engine)
    return str(engine)
