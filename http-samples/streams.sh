#!/bin/sh
# Backup, bulk load and the change feed, with curl over the socket:  sh http-samples/streams.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}
lines='Content-Type: application/x-ndjson'

# Bulk load: one entry in each line, written as it arrives.
printf '%s\n' '{"key":"fruit/apple","value":"red"}' '{"key":"fruit/lemon","value":"yellow"}' | rave -X POST -H "$lines" -T - http://rave/v1/entries
echo
# Backup of the whole database at one moment, and restore. Base64 can carry any bytes.
backup=$(mktemp)
rave -H 'Accept: application/x-ndjson' 'http://rave/v1/entries?keyEncoding=base64&valueEncoding=base64' > "$backup"
rave -X POST -H "$lines" -T "$backup" 'http://rave/v1/entries?keyEncoding=base64&valueEncoding=base64'
echo
rm "$backup"
# Every change (here: for one second).
rave --no-buffer --max-time 1 'http://rave/v1/changes?prefix=fruit/' || test $? -eq 28
