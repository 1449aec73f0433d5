# shellcheck shell=sh
# .env, or what `env_file` names: what docker-compose reads beside its files. Nothing in it needs quotes.
# shellcheck disable=SC2154 # who reads this file sets `env_file`

setting() { # NAME
  [ -f "$env_file" ] || return 0
  sed -n "s/^$1=//p" "$env_file" | tail -n 1
}

setting_names() {
  [ ! -f "$env_file" ] || sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' "$env_file"
}

# Takes lines from its input. The file is whole or not there, and nobody else reads it.
write_settings() {
  rm -f "$env_file.new"
  (umask 077 && cat >"$env_file.new") 2>/dev/null ||
    give_up "$(pwd) cannot be written to: use a folder of your own, or sudo"
  chmod 600 "$env_file.new"
  mv -f "$env_file.new" "$env_file"
}

change_setting() { # NAME VALUE
  kept=$(grep -v "^$1=" "$env_file" || true)
  { printf '%s\n' "$kept"; printf '%s=%s\n' "$1" "$2"; } | write_settings
}

random_token() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
