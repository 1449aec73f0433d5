# shellcheck shell=sh
# What this host is called, where it is reached, and which of its ports are free.

host_name() { hostname -s 2>/dev/null | tr -cd 'A-Za-z0-9-' | cut -c 1-40; }

is_ipv4() { # ADDRESS
  case $1 in *[!0-9.]*) return 1 ;; esac
  number='(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
  say "$1" | grep -qxE "$number\.$number\.$number\.$number"
}

no_ipv6='containers have IPv4 only in the networks that Compose makes, so its member would reach no other and Prometheus
would not read it'

need_usable_address() { # ADDRESS given with --address, or nothing
  case $1 in
    '') ;;
    *[!0-9a-fA-F.:]*) wrong_use "--address must be an address, such as 192.0.2.10" ;;
    *:*) wrong_use "--address $1 is of IPv6: $no_ipv6. Give an IPv4 address, or run Netring there without containers" ;;
    *) is_ipv4 "$1" || wrong_use "--address must be an address, such as 192.0.2.10: $1 is none" ;;
  esac
}

# Whoever writes one of IPv6 into .env has given the networks IPv6.
need_address_setting() {
  case $1 in '' | *:*) return ;; esac
  is_ipv4 "$1" || give_up "HOST_IP=$1 in $(pwd)/.env is no address: correct it there, and run this again"
}

# The address of the route towards an address of the internet, or of another datacenter. No packet is sent.
address_towards() { # ADDRESS
  ip route get "$1" 2>/dev/null | sed -n 's/.* src \([0-9a-fA-F.:]*\).*/\1/p' | head -n 1
}

find_address() { # ADDRESS of whom it is to be reached by
  for towards in "$1" 192.0.2.1; do
    found=$(address_towards "$towards")
    case $found in '' | 127.* | *:*) ;; *) say "$found"; return ;; esac
  done
  found=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -E '^[0-9.]+$' | head -n 1 || true)
  [ -n "$found" ] ||
    give_up "no IPv4 address of this host is found: say where the other datacenters reach it, with --address"
  say "$found"
}

# For a URL: an IPv6 address stands in brackets there.
in_url() { case $1 in *:*) say "[$1]" ;; *) say "$1" ;; esac; }

host_of() { say "$1" | sed 's#^[a-z]*://##; s#[/?].*##; s#:[0-9]*$##; s#^\[##; s#\]$##'; } # URL

need_free_port() { # PORT tcp|udp NAME OF THE VARIABLE
  listening=0A
  [ "$2" = tcp ] || listening=07
  # Without IPv6 the second file is not there; some awks end in failure over that.
  if cat "/proc/net/$2" "/proc/net/${2}6" 2>/dev/null |
    awk -v port=":$(printf '%04X' "$1")" -v state="$listening" \
      '$4 == state && substr($2, length($2) - 4) == port { taken = 1 } END { exit !taken }'
  then
    give_up "port $1/$2 is taken by another program (ss -lnp 'sport = :$1' names it): end that, or choose another" \
      "with $3=<port> ./start.sh …"
  fi
}
