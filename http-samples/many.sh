#!/bin/sh
# Many entries, ranges and pages, with curl over the socket:  sh http-samples/many.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}

rave --json '[{"type":"put","key":"fruit/apple","value":"red"},{"type":"put","key":"fruit/banana","value":"yellow"},{"type":"del","key":"fruit/cherry"}]' \
    http://rave/v1/batch
rave --json '{"keys":["fruit/apple","fruit/cherry"]}' http://rave/v1/get-many
echo
rave --json '{"keys":["fruit/apple","fruit/cherry"]}' http://rave/v1/has-many
echo
rave 'http://rave/v1/entries?prefix=fruit/&pageSize=1'
echo
rave 'http://rave/v1/entries?prefix=fruit/&reverse=true&values=false'
echo
rave 'http://rave/v1/count?prefix=fruit/'
echo
rave -X DELETE 'http://rave/v1/entries?prefix=fruit/'
