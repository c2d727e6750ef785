"""`bin/demo` as a visitor meets it: from nothing to the open page, again without loading twice, and cleanly ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from panoh.project import postgres
from tests.setup.installations import Installation
from tests.setup.test_commands import free_port, status, wait_for


@pytest.fixture
def demo(reachable_directory, monkeypatch, request):
    installation = Installation(reachable_directory / request.node.name)
    monkeypatch.setenv("PANOH_STATE", str(installation.state))
    return installation


def demonstrate(installation: Installation, *arguments: str) -> subprocess.Popen[str]:
    """In a process group of its own, as a terminal would: Ctrl-C reaches all its processes at once."""
    return subprocess.Popen(
        [sys.executable, "-m", "panoh.project.demonstration", *arguments],
        env=installation.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
def test_demo_goes_from_nothing_to_the_open_page_and_ends_cleanly(demo):
    port = free_port()
    first = demonstrate(demo, "--persons", "300", "--port", str(port))
    address = f"http://127.0.0.1:{port}/"
    wait_for(lambda: first.poll() is not None or status(address) is not None, seconds=240)
    assert status(address) == 200, first.communicate()[0]
    # What is printed comes once the page answers; the address comes last.
    told = []
    for line in first.stdout:
        told.append(line)
        if "Panoh is open at" in line:
            break
    assert address in told[-1]
    assert "registration" in "".join(told).lower(), "one login for each role is printed"
    os.killpg(first.pid, signal.SIGINT)
    rest = first.communicate(timeout=90)[0]
    assert "Traceback" not in rest
    assert status(address) is None
    assert not postgres.find_cluster("panoh").is_running()

    again = demonstrate(demo, "--no-serve")
    told = again.communicate(timeout=120)[0]
    assert again.returncode == 0, told
    assert "loaded already" in told


def test_taken_port_ends_the_demo_before_it_loads_anything(demo):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = demonstrate(demo, "--port", str(taken.getsockname()[1]))
        told = done.communicate(timeout=60)[0]
    assert done.returncode == 1
    assert "[setup.serve.port_taken]" in told
    assert not (demo.state / "postgres" / "panoh" / "data").exists()
