#!/bin/sh
# Snapshots, with curl over the socket:  sh http-samples/snapshots.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}

rave -X PUT --data-binary before http://rave/v1/kv/hello
snapshot=$(rave -X POST 'http://rave/v1/snapshots?ttl=300')
echo "$snapshot"
id=$(echo "$snapshot" | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/;q')
rave -X PUT --data-binary after http://rave/v1/kv/hello
rave "http://rave/v1/kv/hello?snapshot=$id"
echo
rave "http://rave/v1/entries?prefix=hello&snapshot=$id"
echo
rave http://rave/v1/kv/hello
echo
rave -X DELETE "http://rave/v1/snapshots/$id"
# The snapshot has ended: 410.
rave "http://rave/v1/kv/hello?snapshot=$id" || test $? -eq 22
