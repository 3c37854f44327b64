# What Scripts/install puts where, and Scripts/uninstall takes away. To be sourced before common.sh, which changes the folder.

# Relative names are those of the caller.
absolute() { [ -z "$1" ] || realpath -ms -- "$1"; }
prefix=$(absolute "${PREFIX:-/usr/local}")
target=$(absolute "${DESTDIR-}")$prefix

program=$target/bin/fetch
manual=$target/share/man/man1/fetch.1
bash_completions=$target/share/bash-completion/completions/fetch
# Debian's zsh looks elsewhere for those of packages.
zsh_completions=$target/${ZSH_COMPLETIONS:-share/zsh/site-functions}/_fetch
fish_completions=$target/share/fish/vendor_completions.d/fetch.fish

# How to become somebody who may write there.
root=()
existing=$target
until [ -e "$existing" ]; do existing=$(dirname "$existing"); done
[ -w "$existing" ] || root=(sudo)
