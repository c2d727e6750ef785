# Sourced by bin/panoh, bin/demo and bin/test: finds a Python, makes the environment where it is missing or out of date,
# and leaves PANOH_ROOT, PANOH_STATE and PANOH_PYTHON_IN_VENV set. POSIX sh; sourced with $0 of the caller.

set -eu
PANOH_ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
PANOH_STATE=${PANOH_STATE:-$PANOH_ROOT/.panoh}
PANOH_PYTHON_IN_VENV=$PANOH_STATE/venv/bin/python
PYTHONPATH=$PANOH_ROOT${PYTHONPATH:+:$PYTHONPATH}
export PANOH_ROOT PANOH_STATE PYTHONPATH

# A Python that is new enough. PANOH_PYTHON names one outright.
find_python() {
    for candidate in ${PANOH_PYTHON:+"$PANOH_PYTHON"} python3 python3.13 python3.12 python3.11 python3.14 \
        /opt/homebrew/bin/python3 /usr/local/bin/python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    echo "Panoh needs Python 3.11 or newer and found none. Install it (Debian, Ubuntu: apt-get install python3 python3-venv;" \
        "macOS: brew install python@3.13) or name one with PANOH_PYTHON=/path/to/python3." >&2
    return 1
}

# The stamp is a copy of the lock file, written last: equal files mean that the environment is whole and current.
if ! [ -x "$PANOH_PYTHON_IN_VENV" ] || ! cmp -s "$PANOH_ROOT/requirements.txt" "$PANOH_STATE/venv/installed-requirements.txt"; then
    python=$(find_python) || exit 1
    "$python" "$PANOH_ROOT/bin/setup_environment.py" || exit 1
fi

# Translations newer than their compiled form. `find -newer` is the POSIX way to compare times.
for po in "$PANOH_ROOT"/locale/*/LC_MESSAGES/*.po; do
    [ -e "$po" ] || continue
    if ! [ -e "${po%.po}.mo" ] || [ -n "$(find "$po" -newer "${po%.po}.mo")" ]; then
        "$PANOH_PYTHON_IN_VENV" "$PANOH_ROOT/bin/compile_translations.py" || exit 1
        break
    fi
done
