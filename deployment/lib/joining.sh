# shellcheck shell=sh
# The one line that joins another datacenter: where the registry is, the tokens, and with TLS what certificates are made
# of. It is text, packed so that no terminal breaks it, and a secret as the token in it is.
# shellcheck disable=SC2034,SC2154 # start.sh sets and reads what this uses: location, address, tls, env_file

join_format='netring-join 1'
join_end='end of netring-join'

join_line() {
  if [ -n "$(setting TLS_CERT)" ]; then
    for file in ca.crt sites.crt sites.key; do
      [ -f "certs/$file" ] || give_up "$(pwd)/certs/$file is not there, and the line would be of no use without it:" \
        "bring it back, or run ./start.sh where certs/ca.key is, which makes certs/sites.crt anew"
    done
  fi
  {
    say "$join_format"
    for name in NETRING_REGISTRY_URL NETRING_TOKEN NETRING_VIEW_TOKEN; do say "$name=$(setting "$name")"; done
    [ -z "$(setting TLS_CERT)" ] || cat certs/ca.crt certs/sites.crt certs/sites.key
    say "$join_end"
  } | gzip -9n | base64 | tr -d '\n'
}

# Unpacks into a folder: `settings`, and with TLS ca.crt, sites.crt, sites.key.
unpack_join_line() { # LINE FOLDER
  printf '%s' "$1" | base64 -d 2>/dev/null | gzip -d 2>/dev/null >"$2/all" || true
  [ "$(head -n 1 "$2/all") $(tail -n 1 "$2/all")" = "$join_format $join_end" ] ||
    wrong_use "this is no line that start.sh printed, or a part of it is missing: copy all of it"
  # Nothing that Compose, or a shell, would take for more than a letter.
  grep -E '^NETRING_(REGISTRY_URL=https?://[][A-Za-z0-9:/._-]+|(VIEW_)?TOKEN=[A-Za-z0-9+/=._~:@%,-]*)$' "$2/all" \
    >"$2/settings" || true
  awk -v folder="$2" '
    /^-----BEGIN/ { file = /PRIVATE/ ? "sites.key" : (certificates++ ? "sites.crt" : "ca.crt"); inside = 1 }
    inside { print > (folder "/" file) }
    /^-----END/ { inside = 0 }
  ' "$2/all"
  need_whole_line "$2"
}

need_whole_line() { # FOLDER
  for name in NETRING_REGISTRY_URL NETRING_TOKEN NETRING_VIEW_TOKEN; do
    # Reading may be open there; the other two are never empty.
    some=.
    [ "$name" != NETRING_VIEW_TOKEN ] || some=
    grep -q "^$name=$some" "$1/settings" ||
      wrong_use "the line has no $name that can be used here. In .env at the first datacenter it must be there, and a" \
        "token may have letters, digits and + / = . _ ~ : @ % , - only (./start.sh --rotate-token makes another join" \
        "token). Then ./start.sh --join-line prints a new line"
  done
  if [ ! -f "$1/ca.crt" ] && [ ! -f "$1/sites.crt" ] && [ ! -f "$1/sites.key" ]; then return; fi
  for file in ca.crt sites.crt sites.key; do
    [ -f "$1/$file" ] || wrong_use "the line has certificates, but not $file: run ./start.sh at the first datacenter, then" \
      "./start.sh --join-line, which prints a new line"
  done
}

# From the standard input, where no list of processes shows it; also with the words that it is printed with.
read_line() {
  if [ -t 0 ]; then
    say "The line that the first datacenter printed, then Enter:"
    IFS= read -r line || true
  else line=$(cat)
  fi
  line=${line##*--join }
  line=$(printf '%s' "$line" | tr -d '[:space:]')
  [ -n "$line" ] || wrong_use "--join - reads the line from standard input, and there was none"
}

told() { sed -n "s/^$1=//p" "$join_folder/settings"; } # NAME of a setting in the line

join() { # LINE
  join_folder=$(umask 077 && mktemp -d)
  trap 'rm -rf "$join_folder"' EXIT
  unpack_join_line "$1" "$join_folder"
  if [ -f "$env_file" ]; then follow_line; else write_joined_settings; fi
  if [ -f "$join_folder/ca.crt" ]; then take_certificates; fi
}

write_joined_settings() {
  registry_host=$(host_of "$(told NETRING_REGISTRY_URL)")
  case $registry_host in
    *:*) give_up "the registry is at $registry_host, of IPv6: $no_ipv6. Give the first datacenter an IPv4 address, or run" \
      "Netring here without containers" ;;
  esac
  address=${given_address:-$(find_address "$registry_host")}
  [ "$address" != "$registry_host" ] ||
    give_up "this host is the first datacenter itself ($address); for two locations on one machine: ./start.sh --test"
  location=${given_location:-$(host_name)}
  tls=
  if [ -f "$join_folder/ca.crt" ]; then
    need_openssl
    tls=on
  fi
  {
    say "# Written once, by start.sh --join. Secret."
    say "COMPOSE_FILE=docker-compose.member.yml$(discovery_file)"
    cat "$join_folder/settings"
    say "NETRING_TOKEN_PREVIOUS="
    site_settings
  } | write_settings
}

# The line of today may bring another token than that of yesterday; both stay valid here.
follow_line() {
  case $(setting COMPOSE_FILE) in
    docker-compose.member.yml*) ;;
    *) give_up "this is the first datacenter ($(pwd)/.env says so): run the line on a host of another one" ;;
  esac
  if [ "$(told NETRING_TOKEN)" != "$(setting NETRING_TOKEN)" ]; then
    change_setting NETRING_TOKEN_PREVIOUS "$(setting NETRING_TOKEN)"
    change_setting NETRING_TOKEN "$(told NETRING_TOKEN)"
    say "The join token is the new one; the old one is still valid here."
  fi
  for name in NETRING_REGISTRY_URL NETRING_VIEW_TOKEN; do
    [ "$(told "$name")" = "$(setting "$name")" ] || change_setting "$name" "$(told "$name")"
  done
}

take_certificates() {
  need_openssl
  make_folders
  if cmp -s "$join_folder/ca.crt" certs/ca.crt && cmp -s "$join_folder/sites.crt" certs/sites.crt &&
    [ -f certs/sites.key ] && [ -f certs/node/node.crt ]; then return; fi
  for file in ca.crt sites.crt sites.key; do cp "$join_folder/$file" "certs/$file"; done
  make_node sites "$(setting NETRING_LOCATION)" "$(setting HOST_IP)"
}
