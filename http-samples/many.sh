#!/bin/sh
# Many entries at once, with curl over the socket:  sh http-samples/many.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}

rave --json '[{"type":"put","key":"fruit/apple","value":"red"},{"type":"put","key":"fruit/banana","value":"yellow"},{"type":"del","key":"fruit/cherry"}]' \
    http://rave/v1/batch
rave --json '{"keys":["fruit/apple","fruit/cherry"]}' http://rave/v1/get-many
echo
rave --json '{"keys":["fruit/apple","fruit/cherry"]}' http://rave/v1/has-many
echo
rave --json '[{"type":"put","key":"user/42","value":{"name":"Ada"}}]' 'http://rave/v1/batch?valueEncoding=json&sync=true'
rave http://rave/v1/kv/user/42
echo
