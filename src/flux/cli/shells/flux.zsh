#compdef flux
# Completes the commands of flux in zsh.

_flux_completion() {
    local kind value help
    local -a answer plain described
    answer=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) \
        _FLUX_COMPLETE=zsh_complete ${~words[1]} 2> /dev/null)}")
    [[ $PREFIX == --*=* ]] && compset -P '*='
    for kind value help in "${answer[@]}"; do
        case $kind in
            plain)
                if [[ $help == _ ]]; then
                    plain+=("$value")
                else
                    described+=("$value:$help")
                fi ;;
            program) _files -g '*.flux' ;;
            file) _files ;;
            dir) _files -/ ;;
        esac
    done
    (( $#described )) && _describe -V flux described
    (( $#plain )) && compadd -V flux -a plain
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _flux_completion "$@"
else
    compdef _flux_completion flux
fi
