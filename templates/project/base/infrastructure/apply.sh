#!/usr/bin/env bash
# Makes what the files here declare, or changes it to that; what is so already stays. Run it as often as you like.
set -euo pipefail
cd "$(dirname "$0")"

for file in workspaces/*.yml; do
  twinloop workspace create -f "$file" -o none
  for compute in computes/*.yml; do
    twinloop compute create -f "$compute" -w "$(basename "$file" .yml)" -o none
  done
done

# The identities of programs. They are made without a password: twinloop service-principal add-password -n NAME prints one.
for file in roles/*.yml; do
  twinloop service-principal create -n "$(basename "$file" .yml)" --no-password -o none
  twinloop role assign -f "$file" -o none
done

# The Git server is told what becomes of each commit, where there is a token for it.
if [ -n "${GIT_TOKEN:-}" ]; then
  twinloop connection create -f connections/git.yml --set credentials.pat="$GIT_TOKEN" -o none
  twinloop repository create -f repository.yml --set url="$(git remote get-url origin)" -o none
fi
