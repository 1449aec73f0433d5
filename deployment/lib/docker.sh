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

# By the files and names that stand in .env.
compose() { # arguments of docker-compose
  # shellcheck disable=SC2086 # two words where it is a plugin of docker
  $compose_program "$@"
}

is_running() { [ -n "$(compose ps -q 2>/dev/null)" ]; }
