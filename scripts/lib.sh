# shellcheck shell=bash
# Steps that scripts/run and scripts/test share; sourced, never run. Each may be repeated and does nothing when done.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$ROOT/.venv"
# Relative paths in DATA_DIR and DATABASE_URL count from here, wherever the script is called from.
cd "$ROOT" || exit 1
DATA_DIR="$(realpath -m "${DATA_DIR:-var}")"
# Present from before the first file is laid in .venv until after the last one.
UNFINISHED="$VENV/.unfinished"

say() {
    printf '==> %s\n' "$*"
}

die() {
    printf '\nERROR: %s\n' "$*" >&2
    exit 1
}

# Print the first interpreter that is new enough; PYTHON names another one.
find_python() {
    local name
    for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    die "Python 3.11 or newer was not found$(command -v python3 >/dev/null && python3 --version | sed 's/^/; this is /')." \
        "Debian 12 and 13 and Ubuntu 24.04 have it: sudo apt-get install python3"
}

# Install Debian packages as root; otherwise say which command does it, and stop.
# Usage: apt_install WHAT_FOR PACKAGE…
apt_install() {
    local purpose="$1"
    shift
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        die "$purpose is missing. Install it, then start again:" \
            $'\n\n    sudo apt-get update && sudo apt-get install --no-install-recommends' "$*"
    fi
    say "Installing $purpose: $*"
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } </dev/null >&2; then
        die "apt-get could not install $*. Its own message is above."
    fi
}

# Two set-ups at once would undo each other's work. Held until unlock_setup or the end of the script.
lock_setup() {
    (umask 077 && mkdir -p "$ROOT/var" "$DATA_DIR")
    exec 9>"$ROOT/var/setup.lock"
    if ! flock -n 9; then
        say "Another set-up is running; waiting for it."
        flock 9
    fi
}

# The server must not inherit the lock.
unlock_setup() {
    exec 9>&-
}

# Usage: make_venv PYTHON
make_venv() {
    local python="$1"
    if [ -e "$UNFINISHED" ]; then
        say "An earlier installation was interrupted; making .venv anew."
        rm -rf "$VENV"
    elif [ -d "$VENV" ] && ! "$VENV/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        say ".venv does not work any more; making it anew."
        rm -rf "$VENV"
    fi
    [ ! -d "$VENV" ] || return 0
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        apt_install "Python's venv module" \
            "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    say "Making .venv with $("$python" --version)"
    mkdir -p "$VENV"
    touch "$UNFINISHED"
    "$python" -m venv "$VENV"
    rm "$UNFINISHED"
}

# Install a requirements file unless exactly these requirements are installed already.
# Usage: install_requirements FILE [FILE_THAT_IT_INCLUDES…]
install_requirements() {
    local file="$1" wanted
    local stamp="$VENV/.installed-$file"
    wanted="$("$VENV/bin/python" --version && sha256sum "$@")"
    [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
    say "Installing the Python packages of $file (the first time takes a minute or two)"
    touch "$UNFINISHED"
    "$VENV/bin/python" -m pip install -q --disable-pip-version-check -r "$ROOT/$file" </dev/null ||
        die "pip could not install $file. Its own message is above. Is the network there?"
    printf '%s\n' "$wanted" >"$stamp"
    rm "$UNFINISHED"
}

# Usage: need_libraries pdf|browser WHAT_FOR
need_libraries() {
    local missing
    missing="$("$VENV/bin/python" "$ROOT/scripts/missing_libraries.py" "$1")"
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # one word for each package
    apt_install "$2" $missing
    missing="$("$VENV/bin/python" "$ROOT/scripts/missing_libraries.py" "$1")"
    [ -z "$missing" ] || die "Still not loadable after the installation: $missing"
}

need_pango() {
    need_libraries pdf "the text layout library Pango"
}

# Print the path of a Chromium or Chrome that runs; a stub that asks for a snap does not.
find_chromium() {
    local name names=(chromium chromium-browser google-chrome-stable google-chrome)
    [ -z "${CHROMIUM:-}" ] || names=("$CHROMIUM")
    for name in "${names[@]}"; do
        if "$name" --version 2>/dev/null </dev/null | grep -qE '^(Chromium|Google Chrome) [0-9]'; then
            command -v "$name"
            return
        fi
    done
    return 1
}

need_chromium() {
    need_libraries browser "a library of the browser tests"
    if ! find_chromium >/dev/null; then
        [ -z "${CHROMIUM:-}" ] || die "CHROMIUM=$CHROMIUM is not a Chromium that runs."
        if grep -qx 'ID=ubuntu' "${OS_RELEASE:-/etc/os-release}"; then
            die "Chromium is missing, and Ubuntu has it as a snap only. Install it (sudo snap install chromium) or" \
                "Google Chrome's .deb package, or let CHROMIUM name a Chromium binary, then start again."
        fi
        apt_install "Chromium" chromium
    fi
    CHROMIUM="$(find_chromium)" || die "Chromium was installed but does not start: chromium --version"
    export CHROMIUM
}

need_libreoffice() {
    command -v soffice >/dev/null || apt_install "LibreOffice Calc" libreoffice-calc-nogui
}
