# shellcheck shell=sh
# The ring's certificates, made with openssl. What is in certs/:
#
#   ca.key, ca.crt        the CA: only at the first datacenter, and its key never leaves it
#   sites.key, sites.crt  signs for the other datacenters, and travels in the join line. It cannot sign for the
#                         registry's own names and addresses, so whoever has the line can join, and no more
#   node/                 what the containers see: ca.crt, node.crt, node.key
#
# The containers' user is not this one, so node.key is readable to all who get that far: certs/ lets nobody in.

ca_days=3650
node_days=825
warn_seconds=2592000

need_openssl() {
  command -v openssl >/dev/null ||
    give_up "openssl is not installed: apt-get install openssl, or --no-tls where nobody else is on the network between"
}

make_folders() {
  if ! { mkdir -p certs/node 2>/dev/null && [ -w certs ] && [ -w certs/node ]; }; then
    give_up "$(pwd)/certs cannot be written to: use a folder of your own, or sudo"
  fi
  chmod 700 certs
}

# Openssl talks while all is well, too: what it says is told only when it fails.
run_openssl() { # its arguments
  openssl_said=$(openssl "$@" 2>&1 </dev/null) ||
    give_up "openssl $1 failed. It says:
$openssl_said
If that names a file in $(pwd)/certs, see who may read and write it; else see HOST_IP and NETRING_LOCATION in" \
      "$(pwd)/.env. Then run this again"
}

new_key() { # FILE
  (umask 077 && run_openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1") || exit 1
}

need_signer() { # ca|sites
  for file in "certs/$1.crt" "certs/$1.key"; do
    [ ! -f "$file" ] || continue
    case $1 in
      ca) remedy='bring it back from where it is kept, or begin anew: ./stop.sh --forget, and join all others again' ;;
      *) remedy='run the line that ./start.sh --join-line prints at the first datacenter; where the certificate was
brought by hand, bring a new one to certs/node the same way' ;;
    esac
    give_up "$(pwd)/$file is not there, and nothing can be signed without it: $remedy"
  done
}

sign() { # KEY SUBJECT CA DAYS OUT; extensions from the input
  cat >"$5.ext"
  run_openssl req -new -key "$1" -subj "$2" -out "$5.csr"
  run_openssl x509 -req -in "$5.csr" -CA "$3.crt" -CAkey "$3.key" -set_serial "0x$(random_token | cut -c 1-30)" \
    -days "$4" -sha256 -extfile "$5.ext" -out "$5.new"
  rm -f "$5.csr" "$5.ext"
  mv -f "$5.new" "$5"
}

make_ca() {
  rm -f certs/sites.crt
  new_key certs/ca.key
  run_openssl req -x509 -new -key certs/ca.key -days "$ca_days" -sha256 -out certs/ca.crt \
    -subj "/CN=Netring CA $(random_token | cut -c 1-8)" \
    -addext keyUsage=critical,keyCertSign,cRLSign
}

# Its key stays, so that what it signed before is still believed.
make_sites() { # ADDRESS of the registry
  need_signer ca
  [ -f certs/sites.key ] || new_key certs/sites.key
  case $1 in *:*) mask=ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ;; *) mask=255.255.255.255 ;; esac
  sign certs/sites.key '/CN=Netring sites' certs/ca "$ca_days" certs/sites.crt <<EXTENSIONS
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
nameConstraints=critical,excluded;IP:$1/$mask,excluded;DNS:registry
EXTENSIONS
}

# One for registry and member of the first datacenter, by the CA itself; one for a member elsewhere, by `sites`.
# member.netring is the name that stands for any member: a Prometheus that also reads members in Kubernetes asks for it.
make_node() { # ca|sites LOCATION ADDRESS
  need_signer "$1"
  new_key certs/node.key.new
  names="IP:$3,IP:127.0.0.1,DNS:localhost,DNS:member,DNS:member.netring"
  [ "$1" = sites ] || names="$names,DNS:registry"
  sign certs/node.key.new "/CN=netring $2" "certs/$1" "$node_days" certs/node.crt.new <<EXTENSIONS
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=$names
EXTENSIONS
  [ "$1" = ca ] || cat certs/sites.crt >>certs/node.crt.new
  chmod 644 certs/node.key.new certs/node.crt.new
  cp certs/ca.crt certs/node/ca.crt
  chmod 755 certs/node
  chmod 644 certs/node/ca.crt
  mv -f certs/node.key.new certs/node/node.key
  mv -f certs/node.crt.new certs/node/node.crt
}

# What `sign` made, and nobody brought.
is_signed_here() { # ca|sites
  [ -f "certs/$1.crt" ] &&
    [ "$(openssl x509 -in certs/node/node.crt -noout -issuer_hash 2>/dev/null)" = \
      "$(openssl x509 -in "certs/$1.crt" -noout -subject_hash 2>/dev/null)" ]
}

# Its exit code tells nothing.
is_certified() { # ADDRESS
  openssl x509 -in certs/node/node.crt -noout -checkip "$1" 2>/dev/null | grep -q 'does match'
}

is_kept_from_sites() { # ADDRESS
  case $1 in *:*) is_certified "$1"; return ;; esac
  openssl x509 -in certs/sites.crt -noout -text 2>/dev/null | grep -qF "IP:$1/255.255.255.255"
}

# Certificates for the address that stands in .env today: it may be another one than when they were made.
renew_for_address() { # ca|sites
  address=$(setting HOST_IP)
  if [ -z "$address" ] || ! is_signed_here "$1" || is_certified "$address"; then return; fi
  make_node "$1" "$(setting NETRING_LOCATION)" "$address"
  say "This datacenter's certificate is a new one, for $address."
}

# Where the CA's key is kept elsewhere, what it signed before is all there is.
keep_sites() { # ADDRESS of the registry
  if [ ! -f certs/ca.key ]; then return; fi
  if [ -f certs/sites.crt ] && [ -f certs/sites.key ] && is_kept_from_sites "$1"; then return; fi
  make_sites "$1"
}

# At the first datacenter. What others are signed with is made before what this one shows: if it fails, all of it is
# done again.
keep_certificates() {
  need_openssl
  make_folders
  address=$(setting HOST_IP)
  [ -f certs/ca.crt ] || make_ca
  keep_sites "$address"
  if [ -f certs/node/node.crt ]; then renew_for_address ca
  else make_node ca "$(setting NETRING_LOCATION)" "$address"
  fi
}

warn_of_expiry() {
  openssl x509 -in certs/node/node.crt -noout -checkend "$warn_seconds" >/dev/null ||
    say "The certificate of this datacenter ends within 30 days: ./start.sh --rotate-certs"
}
