#!/bin/sh
# Writes that are sent again and applied once, with curl over the socket:  sh http-samples/retries.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}

# A session begins with its first write. Here its name is fixed; make yours random: openssl rand -hex 16
rave -X PUT --data-binary one -H 'Idempotency-Key: sample-session-1;1' http://rave/v1/kv/counted
# Somebody else writes.
rave -X PUT --data-binary two http://rave/v1/kv/counted
# The first one again, as after a lost answer: 204, and nothing is applied.
rave -X PUT --data-binary one -H 'Idempotency-Key: sample-session-1;1' http://rave/v1/kv/counted
rave http://rave/v1/kv/counted
echo
# The next write has the next number.
rave -X DELETE -H 'Idempotency-Key: sample-session-1;2' http://rave/v1/kv/counted
# An earlier one: 409, for what became of it is not known any more.
rave -X PUT --data-binary one -H 'Idempotency-Key: sample-session-1;1' http://rave/v1/kv/counted || test $? -eq 22
# Done with it.
rave -X DELETE http://rave/v1/sessions/sample-session-1
