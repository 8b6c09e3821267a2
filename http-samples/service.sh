#!/bin/sh
# The service, with curl over the socket:  sh http-samples/service.sh ./db
set -eu
rave() { curl --silent --show-error --fail-with-body --unix-socket "$location/rave.sock" "$@"; }
location=${1:-./db}

rave http://rave/v1/status
echo
rave http://rave/healthz
echo
rave http://rave/metrics
rave http://rave/v1/properties/leveldb.stats
rave 'http://rave/v1/approximate-size?start=a&end=z'
echo
rave -X POST 'http://rave/v1/compact?start=a&end=z'
rave http://rave/openapi/v1.json
echo
# Watch the leader until it ends (here: for one second).
rave --no-buffer --max-time 1 http://rave/v1/leader || test $? -eq 28
