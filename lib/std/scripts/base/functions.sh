# What the scripts of builds share. `run.sh` reads it before the script.

fail() {
    echo "error: $*" >&2
    exit 1
}

# Copies the directory $source to /build/NAME (by default `work`), writable, and goes there. All files keep
# the one date they have in the store: newer ones would make `make` run generators that are not there.
unpack() {
    cp -a "$source" "/build/${1:-work}"
    chmod -R u+w "/build/${1:-work}"
    cd "/build/${1:-work}"
}
