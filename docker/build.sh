#!/bin/sh
# Builds inside an image: /out gets what runs, and nothing else. The dashboard stays in ui/dist, for the registry.
set -eu
cd "$(dirname "$0")/.."

# Types are checked where tests run; here they would take most of the time.
node node_modules/typescript/bin/tsc -b cli --noCheck &
compiling=$!
NODE_ENV=production npm run build --workspace ui
wait "$compiling"

npm prune --omit=dev --no-audit --no-fund --loglevel=warn
# Workspaces that do not run, and what only builds and pages need.
rm -rf node_modules/@netring/ui node_modules/@netring/test node_modules/uplot node_modules/.bin
# What was compiled stays; what it was compiled from, and other systems' builds, go.
find node_modules/raw-socket/build -mindepth 1 -maxdepth 1 ! -name Release -exec rm -rf {} + 2>/dev/null || true
rm -rf node_modules/raw-socket/build/Release/obj.target node_modules/raw-socket/build/Release/.deps
for workspace in contract topology service registry member cli; do
  find "$workspace/dist" \( -name '*.test.*' -o -name '*.d.ts' -o -name '*.map' -o -name '.tsbuildinfo' \) -delete
done

mkdir -p /out
cp -a --parents package.json node_modules docker/start.sh docker/health.js /out
for workspace in contract topology service registry member cli; do
  cp -a --parents "$workspace/package.json" "$workspace/dist" /out
  # A package that only one workspace wants in its version is in that workspace.
  [ ! -d "$workspace/node_modules" ] || cp -a --parents "$workspace/node_modules" /out
done
