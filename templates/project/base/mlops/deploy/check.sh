#!/usr/bin/env bash
# Asks what is deployed in a workspace, one way and the other: mlops/deploy/check.sh [WORKSPACE]
set -euo pipefail
cd "$(dirname "$0")"
workspace=${1:-dev}

twinloop online-endpoint invoke -n <<name>> --request-file online/request.json -w "$workspace"
twinloop batch-endpoint invoke -n <<name>>-batch --input ../../data/<<name>>-holdout.csv -w "$workspace" --stream -o none
