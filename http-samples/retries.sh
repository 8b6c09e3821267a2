#!/bin/sh
# Writes that are retried and applied once, with curl over the socket:  sh http-samples/retries.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}

# A session begins with its first write. The name is fixed here; use a random one: openssl rand -hex 16
rave -X PUT --data-binary one -H 'Idempotency-Key: sample-session-1;1' http://rave/v1/kv/counted
# Another client writes.
rave -X PUT --data-binary two http://rave/v1/kv/counted
# Retry the first write, as after a lost answer: 204, and nothing is applied.
rave -X PUT --data-binary one -H 'Idempotency-Key: sample-session-1;1' http://rave/v1/kv/counted
rave http://rave/v1/kv/counted
echo
# The next write has the next number.
rave -X DELETE -H 'Idempotency-Key: sample-session-1;2' http://rave/v1/kv/counted
# Retry an earlier write: 409, because its outcome is not known any more.
rave -X PUT --data-binary one -H 'Idempotency-Key: sample-session-1;1' http://rave/v1/kv/counted || test $? -eq 22
# End the session.
rave -X DELETE http://rave/v1/sessions/sample-session-1
