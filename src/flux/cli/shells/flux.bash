# Completes the commands of flux in bash 4.4 or later.
# bash takes the `=` of `--runtime=pool` for a word of its own; flux need not see it.

_flux_completion() {
    local answer current kind value word
    local -a words=()
    for word in "${COMP_WORDS[@]:0:COMP_CWORD}"; do
        [[ $word == "=" ]] || words+=("$word")
    done
    current=${COMP_WORDS[COMP_CWORD]}
    [[ $current == "=" ]] && current=""
    answer=$(
        IFS=$'\n'
        env COMP_WORDS="${words[*]}"$'\n'"$current" COMP_CWORD=${#words[@]} \
            _FLUX_COMPLETE=bash_complete "${1/#\~/$HOME}" 2> /dev/null
    )
    COMPREPLY=()
    while IFS=, read -r kind value; do
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            program) _flux_files -f -X '!*.flux'; _flux_files -d ;;
            file) _flux_files -f ;;
            dir) _flux_files -d ;;
        esac
    done <<< "$answer"
}

_flux_files() {
    local -a found
    compopt -o filenames
    mapfile -t found < <(compgen "$@" -- "${current//\\/}" | sort)
    COMPREPLY+=("${found[@]}")
}

complete -o nosort -F _flux_completion flux
