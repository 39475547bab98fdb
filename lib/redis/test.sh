# A server on a socket of the file system: values, a script, and what is left after a restart.
start() {
    redis-server --port 0 --unixsocket /tmp/socket --dir /tmp >/tmp/server.log &
    server=$!
    tries=0
    until redis-cli -s /tmp/socket ping >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || fail "the server does not start: $(cat /tmp/server.log)"
        sleep 0.1
    done
}
start
expect OK redis-cli -s /tmp/socket set key value
expect value redis-cli -s /tmp/socket get key
expect 42 redis-cli -s /tmp/socket eval 'return 6 * tonumber(ARGV[1])' 0 7
redis-cli -s /tmp/socket shutdown save
wait $server
start
expect value redis-cli -s /tmp/socket get key
redis-cli -s /tmp/socket shutdown nosave
wait $server
