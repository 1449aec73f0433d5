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

new_key() { # FILE
  (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null)
}

sign() { # KEY SUBJECT CA DAYS OUT; extensions from the input
  openssl req -new -key "$1" -subj "$2" -out "$5.csr"
  cat >"$5.ext"
  openssl x509 -req -in "$5.csr" -CA "$3.crt" -CAkey "$3.key" -set_serial "0x$(random_token | cut -c 1-30)" \
    -days "$4" -sha256 -extfile "$5.ext" -out "$5.new" 2>/dev/null
  rm -f "$5.csr" "$5.ext"
  mv -f "$5.new" "$5"
}

make_ca() { # ADDRESS of the registry
  new_key certs/ca.key
  openssl req -x509 -new -key certs/ca.key -days "$ca_days" -sha256 -out certs/ca.crt \
    -subj "/CN=Netring CA $(random_token | cut -c 1-8)" \
    -addext keyUsage=critical,keyCertSign,cRLSign
  new_key certs/sites.key
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

warn_of_expiry() {
  openssl x509 -in certs/node/node.crt -noout -checkend "$warn_seconds" >/dev/null ||
    say "The certificate of this datacenter ends within 30 days: ./start.sh --rotate-certs"
}
