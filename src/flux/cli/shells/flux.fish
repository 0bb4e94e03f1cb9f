# Completes the commands of flux in fish.

function _flux_completion
    set -l words (commandline --cut-at-cursor --current-process)
    set -l current (commandline --cut-at-cursor --current-token)
    set -l option (string match --regex -- '^--[^=]*=' $current)
    set -l answer (env COMP_WORDS="$words" COMP_CWORD="$current" \
        _FLUX_COMPLETE=fish_complete flux 2> /dev/null)
    for line in $answer
        set -l found (string split --max 1 -- , $line)
        switch $found[1]
            case plain
                echo -- "$option$found[2]"
            case program
                __fish_complete_path (string unescape -- $current) | string match --regex -- '.*(?:/|\.flux)(?:\t.*)?$'
            case file
                __fish_complete_path (string unescape -- $current)
            case dir
                __fish_complete_directories (string unescape -- $current)
        end
    end
end

complete --command flux --no-files --arguments '(_flux_completion)'
