#!/bin/sh
# Conditional writes, with curl over the socket:  sh http-samples/conditional-writes.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}

rave -X DELETE http://rave/v1/kv/lock
# Write only if the key does not exist.
rave -X PUT --data-binary world -H 'If-None-Match: *' http://rave/v1/kv/lock
# The key exists now: 412.
rave -X PUT --data-binary mine -H 'If-None-Match: *' http://rave/v1/kv/lock || test $? -eq 22
# Write only if the value has not changed.
rave -X PUT --data-binary changed -H 'If-Match: "486ea46224d1bb4fb680f34f7c9ad96a"' http://rave/v1/kv/lock
rave http://rave/v1/kv/lock
echo
# A batch, written only if the check succeeds.
rave --json '[{"type":"check","key":"lock","exists":true},{"type":"put","key":"done","value":"yes"},{"type":"del","key":"lock"}]' http://rave/v1/batch
rave http://rave/v1/kv/done
echo
