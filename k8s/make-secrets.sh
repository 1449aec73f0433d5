#!/bin/sh
# Makes what stands in the secrets/ of an overlay: tokens, a CA, certificates. What is there already stays.
#
#   k8s/make-secrets.sh OVERLAY NAME…            the first datacenter; NAMEs and addresses that others reach its registry by
#   k8s/make-secrets.sh OVERLAY --from OVERLAY   a further one: token and CA of the first, a certificate of its own
#
# The CA's key stays in secrets/ca.key of the first overlay, in no Secret: keep it away from the cluster. Without it this
# makes no certificate, and no other CA.
set -eu

ca_days=3650
days=825

give_up() {
  printf '%s\n' "make-secrets.sh: $1" >&2
  exit 1
}

command -v openssl >/dev/null || give_up 'openssl is not installed: apt-get install openssl'
[ $# -ge 2 ] || give_up 'say the overlay, and the names of the registry or --from and the first overlay (see the head of this file)'
folder=$1/secrets
[ -d "$folder" ] || give_up "$folder is not there: copy k8s/overlays/primary or k8s/overlays/site"
shift

# Whether a file is missing, or still the example's.
is_unmade() { # FILE
  [ ! -s "$1" ] || head -n 1 "$1" | grep -qi '^replace'
}

wanted() { is_unmade "$folder/$1"; }

# The examples are readable to all, and a file that is written over stays what it was: these are always new ones.
token() { # FILE; without a newline, which Redis would take for a part of its password
  wanted "$1" || return 0
  rm -f "$folder/$1"
  (umask 077 && openssl rand -hex 32 | tr -d '\n' >"$folder/$1")
}

key() { # FILE
  rm -f "$1"
  (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null)
}

certificate() { # NAME SUBJECT-ALTERNATIVE-NAMES CA-FOLDER
  if ! wanted "$1.crt" && ! wanted "$1.key"; then return 0; fi
  [ -s "$3/ca.key" ] || give_up "$3/ca.key is not there, which signs $1.crt: bring it back, and take it away again afterwards"
  key "$folder/$1.key"
  openssl req -new -key "$folder/$1.key" -subj "/CN=netring $1" -out "$folder/$1.csr"
  printf 'subjectAltName=%s\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n' "$2" >"$folder/$1.ext"
  openssl x509 -req -in "$folder/$1.csr" -CA "$3/ca.crt" -CAkey "$3/ca.key" -set_serial "0x$(openssl rand -hex 15)" \
    -days "$days" -sha256 -extfile "$folder/$1.ext" -out "$folder/$1.crt" 2>/dev/null
  rm -f "$folder/$1.csr" "$folder/$1.ext"
}

# us1.example.com is a name, 192.0.2.1 and 2001:db8::1 are addresses.
alternative() {
  case $1 in
    *:*) printf 'IP:%s' "$1" ;;
    *[!0-9.]*) printf 'DNS:%s' "$1" ;;
    *) printf 'IP:%s' "$1" ;;
  esac
}

chmod 700 "$folder"
if [ "$1" = --from ]; then
  from=${2:-}/secrets
  if is_unmade "$from/ca.crt"; then give_up "$from has no CA: run this for the first datacenter's overlay before"; fi
  for name in token view-token ca.crt; do
    (umask 077 && cat "$from/$name" >"$folder/$name.new")
    mv -f "$folder/$name.new" "$folder/$name"
  done
  certificate member DNS:member.netring "$from"
else
  for name in token view-token operator-token redis-password; do token "$name"; done
  if wanted ca.crt; then
    key "$folder/ca.key"
    openssl req -x509 -new -key "$folder/ca.key" -days "$ca_days" -sha256 -out "$folder/ca.crt" \
      -subj "/CN=Netring CA $(openssl rand -hex 4)" -addext keyUsage=critical,keyCertSign,cRLSign
  fi
  names=DNS:netring-registry.netring.svc,DNS:netring-registry,DNS:localhost,IP:127.0.0.1
  for name in "$@"; do names="$names,$(alternative "$name")"; done
  certificate registry "$names" "$folder"
  # One for all members, by the name that stands for any: where pods come and go, addresses do.
  certificate member DNS:member.netring "$folder"
fi
printf '%s\n' "$folder is ready"
