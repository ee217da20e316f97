#!/bin/sh
# What Kore 4.1.0 does badly is not used anywhere: file maps (traversal, stale
# descriptors), its access log (out of bounds), redirects (a null pointer
# under a lock), its authentication and forms (drop what they cannot hold),
# JSON output (not escaped), multipart (quadratic), PostgreSQL and tasks (ours
# are lanes). Each is looked for by name.
set -u
cd "$(dirname "$0")/../.."

passed=0
failed=0
for trap in \
    filemap accesslog http_redirect '"redirect' '\\tredirect' \
    http_media_type kore_auth authentication_type validator_add \
    http_populate_ http_argument_get http_file_lookup \
    http_response_cookie http_request_cookie http_serveable \
    http_response_fileref http_response_json kore_json \
    kore_pgsql kore_task kore_msg_send kore_websocket_broadcast \
    kore_fileref kore_curl 'load [./]'; do
	if found=$(grep -rnE -e "$trap" --include='*.c' --include='*.h' \
	    platform); then
		echo "$trap:"
		echo "$found"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
