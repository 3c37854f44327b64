#!/usr/bin/env zsh
# Prints what bash makes of the end of a line when it inserts all that it offers there, one word of the line a line.
#
#     completions-bash.zsh SCRIPT LINE
#
# readline completes only where somebody types, so that this is a bash in a terminal of its own, where `fetch` prints its arguments.
zmodload zsh/zpty
zpty shell bash --norc --noprofile -i
zpty -w shell "PS1=; source ${(q)1}; bind '\"\\e*\": insert-completions'"
zpty -w shell 'fetch() { printf "word:%s\n" "$@"; echo "<"end">"; }'
zpty -w -n shell "$2"$'\e*\r'
zpty -r shell text '*<end>*'
text=${text//$'\r'/}
print -rl -- ${${(M)${(f)text}:#word:*}#word:}
