#!/bin/sh
# Downloads libleveldb and libsnappy from the machine's own apt sources and unpacks them into the folder given.
# Needs neither root nor a free apt lock: apt's state and cache stand in a temporary folder inside it.
set -eu
target=$1
mkdir -p "$target"
work=$(mktemp -d "$target/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial"

apt() {
    apt-get -qq -o Dir::State="$work" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$work" \
        -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=true "$@"
}

echo "RaveLevel: no libleveldb on this machine, downloading it with apt (once, no root needed)"
cd "$work"
if apt update && apt download libleveldb1d libsnappy1v5; then
    for package in ./*.deb; do dpkg -x "$package" unpacked; done
    # A rename is atomic: of two builds at once, each sees whole files. libleveldb goes last, its presence says "done".
    for library in libsnappy.so.1 libleveldb.so.1d; do
        cp -L "$(find unpacked -name "$library")" "$library"
        mv -f "$library" "$target/$library"
    done
else
    echo "RaveLevel: libleveldb could not be downloaded; install it with: sudo apt-get install libleveldb1d"
fi
