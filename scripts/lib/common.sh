# Shared by scripts/demo and scripts/test: steps with a log each, packages, builds. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
logs=$root/build/logs
mkdir -p "$logs"

# Precompiled headers and ccache go together only with these.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_BASEDIR=$root

say() { printf '%s\n' "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# step NAME COMMAND...: runs it with its output in build/logs/NAME.log and says how long it took.
step() {
  local name=$1 log=$logs/${1//[^A-Za-z0-9_.-]/-}.log start=$SECONDS code=0
  shift
  printf '%-34s ' "$name ..."
  "$@" >"$log" 2>&1 </dev/null || code=$?
  if ((code == 0)); then
    say "ok ($((SECONDS - start)) s)"
    return 0
  fi
  say "FAILED (exit $code, $((SECONDS - start)) s)"
  say "--- the end of $log:"
  tail -n "${STEP_TAIL:-40}" "$log"
  say "--- to do: read the whole log above; then run again: $*"
  return "$code"
}

# install_packages PACKAGE...: Debian packages, only those that are missing.
install_packages() {
  local missing=() package sudo=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  ((${#missing[@]} == 0)) && return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null && sudo=(sudo -n) ||
      die "these packages are missing and need root or sudo: apt-get install ${missing[*]}"
  fi
  command -v apt-get >/dev/null || die "this is no Debian machine; install the equivalents of: ${missing[*]}"
  step 'package lists' "${sudo[@]}" apt-get update -q || return
  step 'packages' "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}"
}

build_packages=(
  cmake ninja-build g++ ccache pkg-config python3
  libgrpc++-dev libgrpc-dev protobuf-compiler protobuf-compiler-grpc libprotobuf-dev libssl-dev
  nlohmann-json3-dev libcurl4-openssl-dev libyaml-cpp-dev libboost-dev libcli11-dev libcrypt-dev libre2-dev libspdlog-dev
  prometheus-cpp-dev libgoogle-perftools-dev
)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev librapidcheck-dev ncat python3-dev python3-pip python3-venv)

# configure PRESET [CMAKE ARGUMENT...]
configure() {
  local preset=$1
  shift
  (cd "$root" && cmake --preset "$preset" "$@")
}

# build PRESET [TARGET...]: every target when none is named.
build() {
  local preset=$1
  shift
  cmake --build "$root/build/$preset" -- "$@"
}
