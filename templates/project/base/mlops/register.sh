#!/usr/bin/env bash
# Registers in workspaces what jobs and gates use there: mlops/register.sh [WORKSPACE…]. A version is named by the content
# of its files, so what is there already stays.
set -euo pipefail
cd "$(dirname "$0")"

content() { git hash-object "$@" | git hash-object --stdin | cut -c1-12; }

for workspace in "${@:-dev}"; do
  twinloop environment create -f train/environment.yml -w "$workspace" -o none \
    -v "$(content train/environment.yml ../data-science/environment/conda.yml)"
  twinloop data-contract create -f data/contract.yml -w "$workspace" -o none
  twinloop data create -f data/data.yml -v "$(content ../data/<<name>>.csv)" -w "$workspace" -o none
  twinloop data create -f data/holdout.yml -v "$(content ../data/<<name>>-holdout.csv)" -w "$workspace" -o none
  # Data that break their contract stop whoever wanted to train on them.
  twinloop data-contract check -n <<name>> -w "$workspace" -o none
done
