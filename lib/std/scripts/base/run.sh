# Runs a build's script: run.sh -c TEXT [ARGUMENT…], or run.sh FILE [ARGUMENT…].
# The script has the functions of the files that $functions names, stops at the first command that fails, and says so.
set -eu
for file in $functions; do . "$file"; done
trap 'status=$?; [ $status = 0 ] || echo "the script ended with status $status, in $(pwd)" >&2' EXIT

if [ "$1" = -c ]; then
    script=$2
    shift 2
    eval "$script"
else
    script=$1
    shift
    . "$script"
fi
