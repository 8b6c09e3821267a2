#!/bin/sh
# Single entries, with curl over the socket:  sh http-samples/entries.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}

rave -X PUT --data-binary world http://rave/v1/kv/hello
rave http://rave/v1/kv/hello
echo
rave -X PUT --data-binary '{"id":42}' 'http://rave/v1/kv/users/42?sync=true'
rave --head http://rave/v1/kv/users/42
rave -X PUT --data-binary 'any bytes' 'http://rave/v1/kv/00ff?keyEncoding=hex'
rave -X DELETE http://rave/v1/kv/hello
