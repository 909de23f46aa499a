#!/usr/bin/env bash
# From a clone to a report: installs what is missing, builds, runs configs/quickstart.yaml and prints where the report is.
# Arguments go to `restock run`: scripts/quickstart.sh seed=2 agents=none
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/install_dependencies.sh
scripts/build.sh
exec build/release/restock run configs/quickstart.yaml "$@"
