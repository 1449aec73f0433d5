# shellcheck shell=sh
# Docker and Compose as they are found on this machine.

# Says what is missing; sets `compose_program`, which is Compose v2 where it is there, else docker-compose.
need_docker() {
  command -v docker >/dev/null ||
    give_up "Docker is not installed: on Debian and Ubuntu, apt-get install docker.io docker-compose"
  if docker compose version >/dev/null 2>&1; then compose_program='docker compose'
  elif command -v docker-compose >/dev/null; then compose_program='docker-compose'
  else give_up "Docker is here, Compose is not: on Debian and Ubuntu, apt-get install docker-compose"
  fi
  answer=$(docker version --format '{{.Server.Version}}' 2>&1) && return
  case $answer in
    *'permission denied'*)
      give_up "Docker does not serve this user: sudo usermod -aG docker $(id -un), log in again, or use sudo" ;;
    *) give_up "Docker does not run: systemctl start docker. It says: $answer" ;;
  esac
}

# By the files and values that stand in .env. Compose would take the shell's instead, which may be those of another ring;
# only which files it reads may be said there.
compose() ( # arguments of docker-compose
  for name in $(setting_names); do
    case $name in COMPOSE_*) ;; *) unset "$name" ;; esac
  done
  # shellcheck disable=SC2086 # two words where it is a plugin of docker
  $compose_program "$@"
)

# Compose makes no new container when only the text of a mounted file is another one: Prometheus and Alertmanager, which
# went on through `up`, are told to read theirs again. One that is not there, or just began, needs nothing.
running_since() { # SERVICE; its id and when it began, and nothing when it does not run
  id=$(compose ps -q "$1" 2>/dev/null) || return 0
  [ -z "$id" ] || docker inspect -f '{{if .State.Running}}{{.Id}} {{.State.StartedAt}}{{end}}' "$id" 2>/dev/null || true
}

reload() { # SERVICE and what running_since said of it before `up`
  if [ -z "$2" ] || [ "$(running_since "$1")" != "$2" ]; then return; fi
  docker kill -s HUP "${2%% *}" >/dev/null || say "$1 could not be told to read its files again: $compose_program restart $1"
}

is_running() { [ -n "$(compose ps -q 2>/dev/null)" ]; }

# What --test starts, as a project of its own: the files of a datacenter lie in the same folder, whose name would be that
# of both.
compose_test() { # arguments of docker-compose
  # shellcheck disable=SC2086 # as above
  $compose_program -p netring-test -f test-docker-compose.yml "$@"
}

is_test_running() { [ -n "$(compose_test ps -q 2>/dev/null)" ]; }
