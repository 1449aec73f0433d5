#!/bin/sh
# What a container runs: `registry` or `member`, with the configuration that is mounted, if one is. By exec, so that
# signals reach the service itself and it can say goodbye.
set -eu
file=/app/config/$1.yaml
if [ -e "$file" ]; then set -- "$@" "$file"; fi
exec node /app/cli/dist/main.js "$@"
