#!/bin/sh
# Downloads etcd from the machine's own apt sources and unpacks it into the folder given.
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

cd "$work"
apt update
apt download etcd-server
for package in ./*.deb; do dpkg -x "$package" unpacked; done
# A rename is atomic: of two runs at once, each sees a whole file.
mv -f unpacked/usr/bin/etcd "$target/etcd"
