#!/bin/sh
# Starts Netring in this datacenter: the first one, or one that joins it. See --help.
set -eu
started_as=$0
cd "$(dirname "$0")"
env_file=.env
for part in say docker settings host certificates joining agreement; do
  # shellcheck source=/dev/null
  . "./lib/$part.sh"
done

usage() {
  cat <<'USAGE'
Starts Netring in this datacenter. What it makes up (tokens, certificates) it writes once, into .env and certs/ beside
it; run again, it changes nothing but what .env asks for.

  ./start.sh [options]          the first datacenter: registry, Redis, member, Prometheus, Alertmanager, Grafana;
                                or whatever was started here before
  ./start.sh --join LINE        a further datacenter: a member. LINE is what the first one printed; a newer line is
                                followed as well
  ./start.sh --join -           the same; the line is read from standard input, and no list of processes shows it
  ./start.sh --join-line        prints that line again, at the first datacenter
  ./start.sh --rotate-token     makes a new join token; the old one stays valid until the next time
  ./start.sh --rotate-certs     makes a new key and certificate for this datacenter; nothing is restarted
  ./start.sh --test             two locations on this machine, to try it

  --location NAME    what this datacenter is called, such as us1 (default: the host's name)
  --address ADDRESS  where the other datacenters reach this host, IPv4 (default: that of the route to them)
  --no-tls           plain HTTP between datacenters; chosen at the first one, before anything joins
  --no-monitoring    leaves out Prometheus, Alertmanager and Grafana, where there are others already
  --discover         looks at this host's sockets, too: which services call which

Ports: REGISTRY_PORT (8756), MEMBER_PORT (8757), PROMETHEUS_PORT (9090), ALERTMANAGER_PORT (9093), GRAFANA_PORT (3000)
in the environment of the first start. To leave: ./stop.sh
USAGE
}

task=start line='' shows_line='' given_location='' given_address='' wants_tls=on discovers='' services=''
while [ $# -gt 0 ]; do
  case $1 in
    --join | --location | --address)
      [ -n "${2-}" ] || wrong_use "$1 needs a value"
      case $1 in
        --join) task=join line=$2 ;;
        --location) given_location=$2 ;;
        --address) given_address=$2 ;;
      esac
      shift ;;
    --join-line | --rotate-token | --rotate-certs | --test) task=${1#--} ;;
    --no-tls) wants_tls= ;;
    --no-monitoring) services='registry redis member' ;;
    --discover) discovers=on ;;
    -h | --help) usage; exit 0 ;;
    *) wrong_use "$started_as: unknown option $1" ;;
  esac
  shift
done
case $given_location in *[!A-Za-z0-9._-]*) wrong_use "--location may have letters, digits, '.', '_' and '-'" ;; esac
need_usable_address "$given_address"

discovery_file() { [ -z "$discovers" ] || printf ':docker-compose.discovery.yml'; }

# What is particular to this host. Uses location, address, tls.
site_settings() {
  host=$(host_name)
  say "NETRING_LOCATION=$location"
  say "HOST_IP=$address"
  say "MEMBER_HOSTNAME=${host:-member}"
  [ -z "$discovers" ] || say "DISCOVERY_INSTANCE_ID=$location-${host:-member}-discovery"
  for name in REGISTRY_PORT MEMBER_PORT PROMETHEUS_PORT ALERTMANAGER_PORT GRAFANA_PORT DISCOVERY_PORT BIND_ADDRESS; do
    eval "value=\${$name-}"
    # shellcheck disable=SC2154 # eval sets it
    [ -z "$value" ] || say "$name=$value"
  done
  [ -n "$tls" ] || return 0
  say "TLS_CERT=/certs/node.crt"
  say "TLS_KEY=/certs/node.key"
  say "TLS_CA=/certs/ca.crt"
}

write_first_settings() {
  address=${given_address:-$(find_address 192.0.2.1)}
  location=${given_location:-$(host_name)}
  tls=$wants_tls
  scheme=http
  prometheus_config=prometheus-no-tls.yml
  if [ -n "$tls" ]; then
    scheme=https
    prometheus_config=prometheus.yml
  fi
  {
    say "# Written once, by start.sh. Secret."
    say "COMPOSE_FILE=docker-compose.yml$(discovery_file)"
    [ -z "$services" ] || say "START_SERVICES=$services${discovers:+ discovery}"
    say "NETRING_TOKEN=$(random_token)"
    say "NETRING_TOKEN_PREVIOUS="
    say "NETRING_VIEW_TOKEN=$(random_token)"
    say "NETRING_OPERATOR_TOKEN=$(random_token)"
    say "GRAFANA_PASSWORD=$(random_token | cut -c 1-24)"
    say "NETRING_REGISTRY_URL=$scheme://$(in_url "$address"):${REGISTRY_PORT:-8756}"
    say "LOCAL_REGISTRY_URL=$scheme://registry:8756"
    say "PROMETHEUS_CONFIG=$prometheus_config"
    site_settings
  } | write_settings
}

prepare_certificates() {
  [ -n "$(setting TLS_CERT)" ] || return 0
  if is_first; then
    [ -n "$(setting HOST_IP)" ] || give_up "HOST_IP is not in $(pwd)/.env: write this host's address there"
    follow_own_address
    keep_certificates
  elif [ -f certs/sites.key ] && [ -f certs/node/node.crt ]; then
    need_openssl
    make_folders
    renew_for_address sites
  fi
  [ ! -f certs/node/node.crt ] || warn_of_expiry
}

# The registry's URL follows HOST_IP where it had the own address of before: the one that the certificate names.
follow_own_address() {
  url=$(setting NETRING_REGISTRY_URL)
  address=$(setting HOST_IP)
  before=$(host_of "$url")
  case $before in 127.*) return ;; esac
  if ! is_ipv4 "$before" || ! is_signed_here ca || ! is_certified "$before" || is_certified "$address"; then return; fi
  [ "$before" != "$address" ] || return 0
  change_setting NETRING_REGISTRY_URL "${url%%://*}://$(in_url "$address")${url#*://"$before"}"
  say "NETRING_REGISTRY_URL in .env is now $(setting NETRING_REGISTRY_URL), as HOST_IP is."
  shows_line=on
}

# As it stands in .env, which is not there before the first start.
port_of() { # NAME DEFAULT
  if [ -f "$env_file" ]; then value=$(setting "$1"); else eval "value=\${$1-}"; fi
  say "${value:-$2}"
}

need_free_ports() { # first|site
  if is_running; then return; fi
  need_free_port "$(port_of MEMBER_PORT 8757)" tcp MEMBER_PORT
  need_free_port "$(port_of MEMBER_PORT 8757)" udp MEMBER_PORT
  if [ "$1" = site ]; then return; fi
  need_free_port "$(port_of REGISTRY_PORT 8756)" tcp REGISTRY_PORT
  if [ -z "$services$(setting START_SERVICES)" ]; then
    need_free_port "$(port_of PROMETHEUS_PORT 9090)" tcp PROMETHEUS_PORT
    need_free_port "$(port_of ALERTMANAGER_PORT 9093)" tcp ALERTMANAGER_PORT
    need_free_port "$(port_of GRAFANA_PORT 3000)" tcp GRAFANA_PORT
  fi
}

# Also where somebody wrote .env by hand, without COMPOSE_FILE.
is_first() { case $(setting COMPOSE_FILE) in '' | docker-compose.yml*) ;; *) false ;; esac; }

need_first() {
  if [ -f "$env_file" ] && is_first; then return; fi
  give_up "only the first datacenter can do that, where the registry is; this one joined, or nothing was started"
}

bring_up() {
  # Docker would make it as root, and the next start or stop.sh could not change it.
  [ -d certs/node ] || make_folders
  prometheus_before=$(running_since prometheus)
  alertmanager_before=$(running_since alertmanager)
  # shellcheck disable=SC2046 # names of services, or none for all
  compose up -d $(setting START_SERVICES) || give_up "docker-compose did not bring it up; what it says above tells why"
  reload prometheus "$prometheus_before"
  reload alertmanager "$alertmanager_before"
}

tell() {
  url=$(setting NETRING_REGISTRY_URL)
  say ""
  if ! is_first; then
    say "This datacenter, $(setting NETRING_LOCATION), is reached at $(setting HOST_IP) and reports to $url."
    return
  fi
  say "Dashboard:  $url/"
  say "            asks once for the view token, NETRING_VIEW_TOKEN in $(pwd)/.env"
  [ -z "$(setting TLS_CERT)" ] || say "            and is known to browsers that import $(pwd)/certs/ca.crt"
  [ -n "$(setting START_SERVICES)" ] ||
    say "Grafana:    http://127.0.0.1:$(port_of GRAFANA_PORT 3000)/ (admin, GRAFANA_PASSWORD in the same file)"
  say ""
  if [ -n "$shows_line" ]; then tell_join_line
  else say "To join another datacenter: ./start.sh --join-line prints the line to run there."
  fi
}

tell_join_line() {
  packed=$(join_line)
  say "To join the next datacenter, run there, in the same folder, with --location NAME behind it. Who has this line can"
  say "join, so send it as you send a password. With - in its place it is read from standard input, which others do not see:"
  say ""
  say "./start.sh --join $packed"
}

start_test() {
  # Said to Compose as well, which would take that of a datacenter from .env.
  export REGISTRY_PORT="${REGISTRY_PORT:-8756}"
  is_test_running || need_free_port "$REGISTRY_PORT" tcp REGISTRY_PORT
  compose_test up -d
  say "Dashboard: http://localhost:$REGISTRY_PORT/  Ends with ./stop.sh --test"
}

rotate_token() {
  need_first
  token=$(setting NETRING_TOKEN)
  previous=$(setting NETRING_TOKEN_PREVIOUS)
  change_setting NETRING_TOKEN_PREVIOUS "$token"
  change_setting NETRING_TOKEN "$(random_token)"
  # Done again after a failure, it would drop the token that all others still have.
  if ! (bring_up); then
    change_setting NETRING_TOKEN_PREVIOUS "$previous"
    change_setting NETRING_TOKEN "$token"
    give_up "The join token in .env is the one of before; run this again when that is mended"
  fi
  packed=$(join_line)
  say "The join token is a new one; the old one is valid until this is done again. Bring the new one to every other"
  say "datacenter, by this line and without haste:"
  say ""
  say "./start.sh --join $packed"
}

rotate_certificates() {
  [ -n "$(setting TLS_CERT)" ] || give_up "there are no certificates here: this datacenter runs without TLS, or not yet"
  need_openssl
  make_folders
  need_address_setting "$(setting HOST_IP)"
  signer=sites
  if is_first; then
    signer=ca
    # With a certificate for today's address nobody could tell which one was before.
    follow_own_address
    keep_sites "$(setting HOST_IP)"
  fi
  make_node "$signer" "$(setting NETRING_LOCATION)" "$(setting HOST_IP)"
  say "This datacenter has a new key and certificate; its services read them within a minute."
}

case $task in
  test) need_docker; start_test ;;
  join-line) need_first; tell_join_line ;;
  rotate-certs) rotate_certificates ;;
  rotate-token) need_docker; rotate_token ;;
  join)
    [ "$line" != - ] || read_line
    need_docker
    [ ! -f "$env_file" ] || need_agreement
    need_free_ports site
    join "$line"
    need_address_setting "$(setting HOST_IP)"
    prepare_certificates
    bring_up
    tell ;;
  start)
    need_docker
    if is_first; then kind=first; else kind=site; fi
    need_free_ports "$kind"
    if [ -f "$env_file" ]; then need_agreement
    else
      [ -z "$wants_tls" ] || need_openssl
      write_first_settings
      shows_line=on
    fi
    need_address_setting "$(setting HOST_IP)"
    prepare_certificates
    bring_up
    tell ;;
esac
