#!/bin/sh
# Leaves the ring gracefully: the member says goodbye, so that nobody is alarmed, and data and settings stay.
#
#   ./stop.sh             ./start.sh brings back what was
#   ./stop.sh --forget    also removes data, tokens and certificates; other datacenters cannot come back by themselves
#   ./stop.sh --test      what ./start.sh --test started
set -eu
cd "$(dirname "$0")"
env_file=.env
for part in say docker settings; do
  # shellcheck source=/dev/null
  . "./lib/$part.sh"
done

case ${1-} in
  '')
    need_docker
    [ -f "$env_file" ] || give_up "nothing was started here with ./start.sh; what docker-compose started, docker-compose stops"
    compose down ;;
  --forget)
    need_docker
    [ ! -f "$env_file" ] || compose down --volumes
    rm -rf certs ||
      give_up "$(pwd)/certs cannot be removed by this user; Docker, as root, may have made it: sudo rm -rf '$(pwd)/certs'"
    rm -f "$env_file" ;;
  --test)
    need_docker
    compose_test down --volumes ;;
  -h | --help) sed -n '2,/^set/p' "$0" | sed '/^set/d; s/^# \{0,1\}//' ;;
  *) printf 'unknown option %s\nTry ./stop.sh --help.\n' "$1" >&2; exit 2 ;;
esac
