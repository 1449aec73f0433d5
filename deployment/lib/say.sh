# shellcheck shell=sh
# How start.sh and stop.sh speak, and end.

say() { printf '%s\n' "$*"; }

# What went wrong, and what to do. 1: the machine is not as it must be; 2: wrong use.
give_up() { printf '%s\n' "$*" >&2; exit 1; }
wrong_use() { printf '%s\n%s\n' "$*" 'Try ./start.sh --help.' >&2; exit 2; }
