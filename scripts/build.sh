#!/usr/bin/env bash
# Builds Restock; the command is then at build/release/restock.
#   scripts/build.sh            optimised, with tests
#   scripts/build.sh PRESET     another preset of CMakePresets.json: dev, asan, tsan, fuzz, no-torch
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=${1:-release}
build=build/$preset
if [[ ! -f $build/build.ninja ]]; then
  launcher=()
  if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  cmake --preset "$preset" "${launcher[@]}"
fi
cmake --build --preset "$preset"
