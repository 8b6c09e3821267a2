#!/bin/sh
# Ranges, pages and counts, with curl over the socket:  sh http-samples/ranges.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}

rave --json '[{"type":"put","key":"fruit/apple","value":"red"},{"type":"put","key":"fruit/banana","value":"yellow"},{"type":"put","key":"fruit/cherry","value":"red"}]' \
    http://rave/v1/batch
rave 'http://rave/v1/entries?prefix=fruit/&pageSize=1'
echo
rave 'http://rave/v1/entries?prefix=fruit/&reverse=true&values=false'
echo
rave 'http://rave/v1/entries?gte=fruit/a&lt=fruit/c&etags=true&valueEncoding=hex'
echo
rave 'http://rave/v1/count?prefix=fruit/'
echo
rave -X DELETE 'http://rave/v1/entries?prefix=fruit/'
