# Arrays, patterns, arithmetic, process substitution.
declare -A names=([a]=b)
read -r second < <(printf 'c\n')
[[ ${names[a]} =~ ^b$ ]] && echo "${names[a]} $second $((1 + 2))"
