#!/usr/bin/env bash
# Brings what the build and the tests need, or names it: Rust, a C compiler, OpenSSL and zlib (librdkafka's); and for the tests PostgreSQL's server
# programs, Java with Maven for a Kafka broker, whose jars the first test fetches, and Chromium with Node.js for looking at the pages.
# `setup.sh build` looks only at what a build needs, `setup.sh broker` at that and the broker.
set -euo pipefail

what="${1:-test}"
packages=()
command -v cargo >/dev/null || { echo "setup: Rust is missing: install rustup, then run this again" >&2; exit 1; }
command -v cc >/dev/null && command -v make >/dev/null || packages+=(build-essential)
command -v pkg-config >/dev/null || packages+=(pkg-config)
pkg-config --exists openssl 2>/dev/null || packages+=(libssl-dev)
pkg-config --exists zlib 2>/dev/null || packages+=(zlib1g-dev)
if [ "$what" = test ]; then
  command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql)
  command -v setpriv >/dev/null || packages+=(util-linux)
  command -v chromium >/dev/null || packages+=(chromium)
  ls /usr/share/fonts/*/noto/NotoSansCJK-Regular.ttc >/dev/null 2>&1 || packages+=(fonts-noto-cjk)
  command -v node >/dev/null || packages+=(nodejs)
  command -v npm >/dev/null || packages+=(npm)
fi
if [ "$what" != build ]; then
  command -v java >/dev/null || packages+=(default-jre-headless)
  command -v mvn >/dev/null || packages+=(maven)
fi
if [ ${#packages[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "setup: installing ${packages[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
elif [ ${#packages[@]} -gt 0 ]; then
  echo "setup: these Debian packages (or your system's like) are missing: ${packages[*]}" >&2
  exit 1
fi
# The two packages that drive the browser and read its pages; nothing else is fetched by them.
cd "$(dirname "$0")/../tests/browser"
if [ "$what" = test ] && ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --silent --ignore-scripts --no-audit --no-fund
fi
