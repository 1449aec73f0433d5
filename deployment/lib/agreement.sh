# shellcheck shell=sh
# What was decided once cannot be decided otherwise by the way: it would stop what runs, or do nothing in silence.
# shellcheck disable=SC2154 # start.sh sets what was asked for, such as given_location and wants_tls

need_agreement() {
  if [ -n "$given_location" ] && [ "$given_location" != "$(setting NETRING_LOCATION)" ]; then
    wrong_use "--location $given_location: this datacenter was started with NETRING_LOCATION=$(setting NETRING_LOCATION);" \
      "change it in .env, then run ./start.sh"
  fi
  if [ -n "$given_address" ] && [ "$given_address" != "$(setting HOST_IP)" ]; then need_same_address; fi
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

need_same_address() {
  also=
  if is_first; then
    also=",
there and in NETRING_REGISTRY_URL=$(setting NETRING_REGISTRY_URL)"
  fi
  wrong_use "--address $given_address: this datacenter was started with HOST_IP=$(setting HOST_IP); change it in .env$also,
then run ./start.sh$(! is_first || printf ', and at every other datacenter the line of ./start.sh --join-line')"
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
