# shellcheck shell=sh
# The one line that joins another datacenter: where the registry is, the tokens, and with TLS what certificates are made
# of. It is text, packed so that no terminal breaks it, and a secret as the token in it is.
# shellcheck disable=SC2034,SC2154 # start.sh sets and reads what this uses: location, address, tls, env_file

join_format='netring-join 1'
join_end='end of netring-join'

join_line() {
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
  grep -E '^NETRING_(REGISTRY_URL|TOKEN|VIEW_TOKEN)=[A-Za-z0-9:/.\[_-]*]?[A-Za-z0-9:/.]*$' "$2/all" >"$2/settings"
  awk -v folder="$2" '
    /^-----BEGIN/ { file = /PRIVATE/ ? "sites.key" : (certificates++ ? "sites.crt" : "ca.crt"); inside = 1 }
    inside { print > (folder "/" file) }
    /^-----END/ { inside = 0 }
  ' "$2/all"
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
  url=$(told NETRING_REGISTRY_URL)
  registry_host=$(say "$url" | sed 's#^[a-z]*://##; s#:[0-9]*$##; s#^\[##; s#\]$##')
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
  if cmp -s "$join_folder/ca.crt" certs/ca.crt && [ -f certs/node/node.crt ]; then return; fi
  for file in ca.crt sites.crt sites.key; do cp "$join_folder/$file" "certs/$file"; done
  make_node sites "$(setting NETRING_LOCATION)" "$(setting HOST_IP)"
}
