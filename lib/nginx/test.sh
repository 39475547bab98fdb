# A server on a socket of the file system: a file, one that is missing, gzip, a regular expression.
mkdir /tmp/pages
echo page >/tmp/pages/page.txt
"$nginx/bin/nginx" -c "$(pwd)/test.conf" &
server=$!
tries=0
until [ -S /tmp/socket ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || fail "the server does not start: $(cat /tmp/error.log)"
    sleep 0.1
done
get() { curl -sSi --unix-socket /tmp/socket "$@"; }
expect page get http://localhost/page.txt
expect "404 Not Found" get http://localhost/none
expect "Content-Encoding: gzip" get -H 'Accept-Encoding: gzip' -o /tmp/packed -D - http://localhost/page.txt
expect "word word" get http://localhost/twice/word
kill $server
wait $server || true
