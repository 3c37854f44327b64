#!/usr/bin/env zsh
# Prints what zsh offers at the end of a line, one a line.
#
#     completions.zsh FOLDER LINE
#
# FOLDER has the completion function. zsh completes only where somebody types, so that this is a shell in a terminal of its own, whose
# compadd prints what it is to add.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D"
# With one of these options compadd only fills an array.
zpty -w shell 'compadd() {
    if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
        local -a offers; builtin compadd -A offers "$@"; print -rl -- "" "offer:"$^offers
    fi
    builtin compadd "$@"
}'
zpty -w shell 'offer() { _main_complete; print "<"end">" }; zle -C offer complete-word offer; bindkey "^I" offer'
zpty -w -n shell "$2"$'\t'
zpty -r shell text '*<end>*'
text=${text//$'\r'/}
print -rl -- ${${(M)${(f)text}:#offer:*}#offer:}
