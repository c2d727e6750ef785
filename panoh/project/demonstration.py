"""`bin/demo`: a Tajikistan operation with a synthetic register on this machine, from nothing to the open page.

Makes the database ready, lets the demo room load its register (a rerun finds it loaded), prints one login for each role
and serves. Asks nothing. What it shows are synthetic people in a database of its own (`panoh_demo`).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

FIRST_PORT = 8000
PORTS_TRIED = 50


def main() -> int:
    os.environ["PANOH_MODE"] = "demo"
    arguments = parse_arguments()

    from panoh.project.problems import SetupProblem, print_problem

    try:
        return demonstrate(arguments)
    except SetupProblem as problem:
        print_problem(problem.code, problem.happened, problem.why, problem.next_step)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; run the same command again to go on.", file=sys.stderr)
        return 130


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="Load and serve the demo operation on this machine.")
    parser.add_argument("--no-serve", action="store_true", help="load everything, then stop")
    parser.add_argument("--port", type=int, help=f"port to serve on (default: the first free one from {FIRST_PORT})")
    parser.add_argument("--fresh", action="store_true", help="remove the operation that is there, and load it anew")
    parser.add_argument("--persons", type=int, help="size of the register (default: that of the published tables)")
    return parser.parse_args()


def demonstrate(arguments: argparse.Namespace) -> int:
    from panoh.project import database
    from panoh.project.serving import check_port

    if arguments.port and not arguments.no_serve:
        check_port("127.0.0.1", arguments.port)
    target = database.find_target()
    print("Making the database ready …", flush=True)
    lease = database.obtain_lease(target)  # held throughout, so that the server is not stopped between the steps
    try:
        for step in steps(arguments):
            code = run_panoh(step)
            if code:
                return code
        if arguments.no_serve:
            print("The demo operation is loaded; bin/demo serves it.")
            return 0
        port = arguments.port or free_port()
        threading.Thread(target=announce, args=(port,), daemon=True).start()
        return run_panoh(["serve", "--port", str(port)])
    finally:
        if lease is not None:
            lease.give_back()


def steps(arguments: argparse.Namespace) -> list[list[str]]:
    found = [["database", "renew"] if arguments.fresh else ["migrate", "--quiet"]]
    if has_demo_room():
        size = [] if arguments.persons is None else ["--persons", str(arguments.persons)]
        found.append(["demo", "load", *size])
    else:
        print("This version has no demo operation yet; the register is empty.", file=sys.stderr)
    return found


def has_demo_room() -> bool:
    return importlib.util.find_spec("panoh.demo.commands") is not None


def run_panoh(arguments: list[str]) -> int:
    """Run one `panoh` command as a process of its own; Ctrl-C reaches it as well, so it is given time to end cleanly."""
    process = subprocess.Popen([sys.executable, "-m", "panoh", *arguments], stdin=subprocess.DEVNULL)
    try:
        return process.wait()
    except (KeyboardInterrupt, SystemExit):
        process.terminate()
        process.wait(60)
        raise


def free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    from panoh.project.problems import SetupProblem

    raise SetupProblem(
        "setup.serve.port_taken",
        f"All ports from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are taken.",
        next_step="Choose another with --port.",
    )


def announce(port: int) -> None:
    """Once the pages answer, say where they are and who may come in."""
    address = f"http://127.0.0.1:{port}/"
    while not answers(address):
        time.sleep(0.2)
    if has_demo_room():
        run_panoh(["demo", "logins"])
    print(f"\nPanoh is open at {address}   (Ctrl-C ends it)\n", flush=True)


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
