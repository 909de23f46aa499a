#!/usr/bin/env bash
# Installs the Debian 12 packages that Restock is built from. Does nothing, and needs no network, when all are there.
#   scripts/install_dependencies.sh             everything
#   scripts/install_dependencies.sh --no-torch  without LibTorch: simulator, simplex, classical policies
set -euo pipefail

packages=(
  g++ cmake ninja-build git ca-certificates
  libeigen3-dev libboost-dev libyaml-cpp-dev libcli11-dev nlohmann-json3-dev libfmt-dev libspdlog-dev
  libsqlite3-dev  # sales in a database
  libonnx-dev libprotobuf-dev protobuf-compiler
  libgtest-dev libgmock-dev libbenchmark-dev
  coinor-libclp-dev libglpk-dev  # peers that tests compare the simplex with
)
# LibTorch brings the reference BLAS, which is three to eight times slower than OpenBLAS: install both.
torch_packages=(libtorch-dev libopenblas0-pthread)
[[ "${1:-}" == "--no-torch" ]] || packages+=("${torch_packages[@]}")

missing=()
for package in "${packages[@]}"; do
  [[ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" == "install ok installed" ]] || missing+=("$package")
done

if ((${#missing[@]})); then
  as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || { echo "These packages are missing: ${missing[*]}. Run this script as root, or install sudo." >&2; exit 1; }
    as_root=(sudo)
  fi
  echo "Installing: ${missing[*]}"
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

blas=$(readlink -f /usr/lib/*-linux-gnu/libblas.so.3 2>/dev/null | head -n 1 || true)
if [[ -n "$blas" ]]; then
  case "$blas" in
    */openblas*|*/blis*|*/mkl*) echo "BLAS: $blas" ;;
    *) echo "BLAS: $blas (the slow reference library; choose OpenBLAS with: update-alternatives --config libblas.so.3-$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo x86_64-linux-gnu))" ;;
  esac
fi
