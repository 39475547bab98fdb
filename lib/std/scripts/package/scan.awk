# Prints for each C file among the arguments a line with its name, and those of the headers among the arguments that it
# includes, directly or not.
FNR == 1 { known[FILENAME] = 1 }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, part, "\"")
    included[FILENAME] = included[FILENAME] " " part[2]
}
END {
    for (argument = 1; argument < ARGC; argument++) {
        file = ARGV[argument]
        if (file !~ /\.c$/) continue
        split("", seen)
        seen[file] = 1
        line = todo = file
        while (todo != "") {
            next_files = ""
            count = split(todo, names, " ")
            for (i = 1; i <= count; i++) {
                headers = split(included[names[i]], header, " ")
                for (j = 1; j <= headers; j++) {
                    if (!(header[j] in known) || header[j] in seen) continue
                    seen[header[j]] = 1
                    line = line " " header[j]
                    next_files = next_files " " header[j]
                }
            }
            todo = next_files
        }
        print line
    }
}
