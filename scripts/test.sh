#!/usr/bin/env bash
# Installs what is missing, builds, runs all tests.
#   scripts/test.sh           everything
#   scripts/test.sh --quick   what a commit needs: no tests that train, under three minutes on a built tree
# Tests on real data look in the folder that RESTOCK_DATA names and are skipped without it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

selection=()
case "${1:-}" in
  "") ;;
  --quick) selection=(--label-exclude "learning|slow") ;;
  *) echo "usage: scripts/test.sh [--quick]" >&2; exit 2 ;;
esac

scripts/install_dependencies.sh
scripts/build.sh
ctest --test-dir build/release --output-on-failure --parallel 2 "${selection[@]}"
