# shellcheck shell=sh
# What was decided once cannot be decided otherwise by the way: it would stop what runs, or do nothing in silence.
# shellcheck disable=SC2154 # start.sh sets what was asked for, such as given_location and wants_tls

need_agreement() {
  for pair in "$given_location NETRING_LOCATION --location" "$given_address HOST_IP --address"; do
    # shellcheck disable=SC2086 # three words, or two where the first is not given
    set -- $pair
    if [ $# -eq 3 ] && [ "$1" != "$(setting "$2")" ]; then
      wrong_use "$3 $1: this datacenter was started with $2=$(setting "$2"); change it in .env, then run ./start.sh"
    fi
  done
  if [ -z "$wants_tls" ] && [ -n "$(setting TLS_CERT)" ]; then
    wrong_use "--no-tls: this datacenter was started with TLS. To begin anew: ./stop.sh --forget"
  fi
  if [ -n "$discovers" ]; then need_discovery; fi
  if [ -n "$services" ] && is_first && [ -z "$(setting START_SERVICES)" ]; then
    wrong_use "--no-monitoring: this datacenter was started with Prometheus, Alertmanager and Grafana. To take them out run
  $compose_program rm -s -f prometheus alertmanager grafana
and write into .env
  START_SERVICES=$services$(! has_discovery || printf ' discovery')"
  fi
}

has_discovery() { case $(setting COMPOSE_FILE) in *docker-compose.discovery.yml*) ;; *) false ;; esac; }

need_discovery() {
  if has_discovery; then return; fi
  files=$(setting COMPOSE_FILE)
  started=$(setting START_SERVICES)
  [ -z "$started" ] || started="
  START_SERVICES=$started discovery"
  wrong_use "--discover: this datacenter was started without it. Write into .env
  COMPOSE_FILE=${files:-docker-compose.yml}:docker-compose.discovery.yml
  DISCOVERY_INSTANCE_ID=$(setting NETRING_LOCATION)-$(setting MEMBER_HOSTNAME)-discovery$started
and run ./start.sh"
}
