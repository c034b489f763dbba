#!/usr/bin/env bash
# Brings what the build and the tests need, or names it: Rust, a C compiler, and (for the tests) PostgreSQL's server programs.
# `setup.sh build` looks only at what a build needs.
set -euo pipefail

what="${1:-test}"
packages=()
command -v cargo >/dev/null || { echo "setup: Rust is missing: install rustup, then run this again" >&2; exit 1; }
command -v cc >/dev/null || packages+=(build-essential)
if [ "$what" = test ]; then
  command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql)
  command -v setpriv >/dev/null || packages+=(util-linux)
fi
[ ${#packages[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "setup: installing ${packages[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
else
  echo "setup: these Debian packages (or your system's like) are missing: ${packages[*]}" >&2
  exit 1
fi
