# Writes a derivation graph (docs/derivation-format.md) that builds C files one by one, with the files beside it. See
# file_by_file.bramble. Paths in the store that stand in the graph are inputs of its derivations, because they are inputs
# of this one.

# A text in JSON.
json() {
    printf '"'
    printf %s "$1" | sed 's/[\\"]/\\&/g' | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }'
    printf '"'
}

# The same of each argument, as a list.
json_list() {
    separator=
    printf '['
    for element; do
        printf '%s' "$separator"
        json "$element"
        separator=,
    done
    printf ']'
}

# Adds the derivation whose canonical JSON is the argument to the graph, and sets $hash to its hash.
add() {
    hash=$(printf 'bramble/derivation/1\n%s' "$1" | sha256sum | head -c 40 | xxd -r -p | base32 | tr A-Z a-z)
    printf '"%s":%s\n' "$hash" "$1" >>/tmp/derivations
}

shell=$(json "$PATH/sh")
path=$(json "$cc/bin:$PATH")
mkdir "$out/files"
cp "$source"/*.c "$source"/*.h "$out/files/"

# One derivation for each C file, with the file and the headers that it includes as its sources.
compile=$(json 'cc -O2 -fPIC -Wall $flags -c "$file" -o "$out/${file%.c}.o"')
(cd "$out/files" && awk -f "$scan" *.c *.h) >/tmp/needs
objects=
while read -r file headers; do
    paths=$(json_list $(printf 'files/%s\n' $file $headers | sort))
    add "{\"args\":[\"-euc\",$compile],\"builder\":$shell,\"env\":{\"PATH\":$path,\"file\":\"$file\",\"flags\":$(json "$flags")},\"name\":\"$name-${file%.c}\",\"platform\":\"linux-x86_64\",\"sources\":{\"base\":\"files\",\"paths\":$paths}}"
    objects="$objects{{ $hash:out }}/${file%.c}.o "
done </tmp/needs

# And one that links, with all headers: some of them are part of what it makes.
paths=$(json_list $(cd "$out" && ls files/*.h))
case $outputs in
    out) outputs= ;;
    *) outputs="\"outputs\":$(json_list $outputs)," ;;
esac
# Variables in the order of their names, as the format wants them.
printf '%s\n' "PATH=$cc/bin:$PATH" "LDFLAGS=$link_flags" "objects=$objects" "$variables" | grep = | sort >/tmp/variables
environment=
while IFS='=' read -r key value; do
    environment="$environment${environment:+,}$(json "$key"):$(json "$value")"
done </tmp/variables
add "{\"args\":[\"-euc\",$(json "$link")],\"builder\":$shell,\"env\":{$environment},\"name\":\"$name\",$outputs\"platform\":\"linux-x86_64\",\"sources\":{\"base\":\"files\",\"paths\":$paths}}"

{
    printf '{"derivations":{'
    sort -u /tmp/derivations | paste -sd, -
    printf '},"roots":["%s"],"schema":"bramble/derivation-graph/1"}' "$hash"
} | tr -d '\n' >"$out/graph.json"
