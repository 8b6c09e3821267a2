#!/bin/sh
# Backup, bulk load and the change feed, with curl over the socket:  sh http-samples/streams.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}
lines='Content-Type: application/x-ndjson'

# An entry a line, written as it arrives.
printf '%s\n' '{"key":"fruit/apple","value":"red"}' '{"key":"fruit/lemon","value":"yellow"}' | rave -X POST -H "$lines" -T - http://rave/v1/entries
echo
# The whole database as it is at this moment, and back. Base64 carries any bytes.
backup=$(mktemp)
rave -H 'Accept: application/x-ndjson' 'http://rave/v1/entries?keyEncoding=base64&valueEncoding=base64' > "$backup"
rave -X POST -H "$lines" -T "$backup" 'http://rave/v1/entries?keyEncoding=base64&valueEncoding=base64'
echo
rm "$backup"
# Every change, for as long as one listens (ends by itself after a second here).
rave --no-buffer --max-time 1 'http://rave/v1/changes?prefix=fruit/' || test $? -eq 28
