# shellcheck shell=sh
# What this host is called, where it is reached, and which of its ports are free.

host_name() { hostname -s 2>/dev/null | tr -cd 'A-Za-z0-9-' | cut -c 1-40; }

# The address of the route towards an address of the internet, or of another datacenter. No packet is sent.
address_towards() { # ADDRESS
  ip route get "$1" 2>/dev/null | sed -n 's/.* src \([0-9a-fA-F.:]*\).*/\1/p' | head -n 1
}

find_address() { # ADDRESS of whom it is to be reached by
  for towards in "$1" 192.0.2.1 2001:db8::1; do
    found=$(address_towards "$towards")
    case $found in '' | 127.* | ::1) ;; *) say "$found"; return ;; esac
  done
  found=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -v '^fe80' | head -n 1 || true)
  [ -n "$found" ] ||
    give_up "no address of this host is found: say where the other datacenters reach it, with --address"
  say "$found"
}

# For a URL: an IPv6 address stands in brackets there.
in_url() { case $1 in *:*) say "[$1]" ;; *) say "$1" ;; esac; }

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
