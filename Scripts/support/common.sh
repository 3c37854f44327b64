# What the scripts share: where things are built, and how what is missing gets installed. To be sourced.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Everything that is made goes into one folder, which git ignores.
BUILD=${FETCH_BUILD:-$PWD/.build}
FETCH=$BUILD/release/fetch

say() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }

# Installs Debian packages that are missing; elsewhere it says what is needed.
need() {
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    if ! command -v apt-get >/dev/null; then
        say "Please install what these Debian packages hold: ${missing[*]}"
        return
    fi
    say "Installing ${missing[*]}"
    install_packages "${missing[@]}"
}

# Installs packages without starting the services in them: before Debian starts one, it asks policy-rc.d, and 101 is no
# (invoke-rc.d(8), deb-systemd-invoke(1p)). A policy that the machine has already is left as it is.
install_packages() {
    local root=()
    [ "$(id -u)" = 0 ] || root=(sudo)
    # One shell for all of it: sudo asks for a password once. Its traps wait for apt-get, so that nothing is started after them.
    "${root[@]}" bash -c '
        set -eu
        policy=$1
        shift
        trap "" INT TERM HUP
        if (set -C && printf "#!/bin/sh\n# While the scripts of fetch install packages: without their services.\nexit 101\n" >"$policy") 2>/dev/null; then
            trap "rm -f \"\$policy\"" EXIT
            chmod 755 "$policy"
        fi
        trap "exit 130" INT
        trap "exit 143" TERM
        trap "exit 129" HUP
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    ' bash "${DPKG_ROOT-}/usr/sbin/policy-rc.d" "$@"
}

need_swift() {
    command -v swift >/dev/null && return
    say "No Swift toolchain found. Install Swift 6.2 or newer from https://www.swift.org/install and try again."
    exit 1
}

# Builds for release, with Swift's own libraries inside the binary: it runs where no Swift is installed.
swift_release() {
    # Exclusive access is checked at compile time and, in the debug build of the unit tests, at run time. Here the checks cost, of the
    # plain C floor (100,000 x 1 KB, medians of 7): 0.01 with --format none, 0.12 of 2.1 with jsonl.
    # To look up the symbols of libstdc++ takes 8 % of the instructions of a run of one URL, hence an archive in a folder that the linker
    # looks into before its own.
    mkdir -p "$BUILD/archives"
    ln -sf "$(g++ -print-file-name=libstdc++.a)" "$BUILD/archives"
    # The linker's remark about mktemp concerns a part of Swift's Foundation that is not used.
    swift build -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked -Xlinker "-L$BUILD/archives" "$@" 2>&1 | { grep -v "mktemp" || true; } >&2
}

# The release binary of the command.
build_release() {
    need_swift
    need libcurl4-openssl-dev nettle-dev zlib1g-dev libdeflate-dev pkg-config ca-certificates git g++
    say "Building fetch for release"
    swift_release --product fetch --scratch-path "$BUILD"
    [ -x "$FETCH" ]
}

# A Python of our own with packages from PyPI.
need_python() {
    need python3 python3-venv
    VENV=$BUILD/venv
    [ -x "$VENV/bin/python" ] || /usr/bin/python3 -m venv "$VENV"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}

# A current libcurl in a folder: the one that comes with the wheel of pycurl.
current_libcurl() {
    local folder=$1 wheel
    [ -e "$folder/libcurl.so.4" ] && return
    wheel=$(mktemp -d)
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-deps --target "$wheel" 'pycurl==7.49.0'
    mkdir -p "$folder"
    cp "$wheel"/pycurl.libs/* "$folder"
    ln -sf "$(basename "$folder"/libcurl-*.so*)" "$folder/libcurl.so.4"
    rm -rf "$wheel"
}
