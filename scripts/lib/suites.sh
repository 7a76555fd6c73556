# The suites of scripts/test: suite_NAME each, which add to `passed` and `failed`. Sourced, not run.

# What only that suite has built, by folder of build/.
declare -A built_by_suite=([consumer]='consumer shared' [aws]=aws [python]=python [asan]=asan [tsan]=tsan [fuzz]=fuzz)

# make_room SUITE: on a disk that is nearly full the next suite needs the room more than the next run needs the folders.
make_room() {
  local free folder
  free=$(df --output=avail --block-size=1M "$root" | tail -n 1)
  ((free < 8192)) || return 0
  for folder in ${built_by_suite[$1]:-}; do
    say "only $((free / 1024)) GB are free: removing build/$folder"
    rm -rf "${root:?}/build/$folder"
  done
}

suite_unit() {
  need step 'configure release' configure release || return
  need step 'build release' build release || return
  run_ctest release unit -L unit
}

suite_conformance() {
  need step 'configure release' configure release || return
  need step 'build conformance' build release gsh_conformance_test || return
  run_ctest release conformance -L conformance
}

suite_integration() {
  need step 'configure release' configure release || return
  need step 'build release' build release || return
  if step 'integration demo' "$root/scripts/demo"; then ((passed += 1)); else ((failed += 1)); fi
  run_ctest release integration -L integration
  run_counting kubernetes "$root/tests/integration/kubernetes/run"
}

suite_seeds() {
  need step 'configure release' configure release || return
  need step 'build seeds' build release gsh_seeds_tests || return
  run_ctest release seeds -L seeds
}

# The same inputs every time: a fixed seed and number of runs. A finding is a file in build/fuzz/tests/fuzz/found.
suite_fuzz() {
  need install_packages clang-19 libclang-rt-19-dev || return
  need step 'configure fuzz' configure fuzz || return
  need step 'build fuzz' build fuzz gsh_fuzz_tests || return
  run_ctest fuzz fuzz -L fuzz
}

# The real SuperTuxKart, 630 MB of it: only when asked for by name.
suite_supertuxkart() {
  need install_packages supertuxkart || return
  need step 'configure release' configure release || return
  need step 'build supertuxkart' build release gsh_supertuxkart_tests || return
  run_ctest release supertuxkart -L supertuxkart
}

suite_faults() {
  need step 'configure release' configure release || return
  need step 'build faults' build release gsh_faults_tests || return
  run_ctest release faults -L faults
}

suite_consumer() {
  run_counting consumer "$root/tests/consumer/run"
}

suite_aws() {
  run_counting aws "$root/tests/aws/run"
}

suite_python() {
  local venv=$root/build/python/venv
  need step 'configure release' configure release || return
  need step 'build for python' build release gsh-sandbox gsh-director gsh-mmf || return
  need step 'python venv' python3 -m venv --clear "$venv" || return
  need step 'pip install' install_python_package "$venv" || return
  rm -f "$logs/python.xml"
  (cd "$root" && GSH_BIN_DIR=$root/build/release/bin step python "$venv/bin/python" -m pytest --junit-xml="$logs/python.xml")
  count_junit "$logs/python.xml"
  if (cd "$root" && step 'python types' "$venv/bin/python" -m mypy --cache-dir build/python/mypy bindings/python/tests); then
    ((passed += 1))
  else
    ((failed += 1))
  fi
}

# install_python_package VENV: without pip's isolation, whose folder has another name each time, so that only what has
# changed is compiled.
install_python_package() {
  local pip=("$1/bin/python" -m pip --disable-pip-version-check install) requires
  requires=$(python3 -c 'import sys, tomllib; print(*tomllib.load(open(sys.argv[1], "rb"))["build-system"]["requires"], sep="\n")' \
    "$root/pyproject.toml") || return
  mapfile -t requires <<<"$requires"
  "${pip[@]}" "${requires[@]}" && PATH=$1/bin:$PATH CMAKE_CXX_COMPILER_LAUNCHER=ccache \
    "${pip[@]}" --no-build-isolation --verbose "$root[test]"
}

# Without UBSan's checks of each pointer: a third of the time to compile, and ASan notices a bad one when it is used.
# The fuzz targets have them all.
suite_asan() {
  need step 'configure asan' configure asan || return
  need step 'build asan' build asan gsh_unit_tests gsh_conformance_tests || return
  # Debian's gRPC keeps its globals until the process ends.
  ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    LSAN_OPTIONS=suppressions=$root/tests/lsan.supp:print_suppressions=0 run_ctest asan asan -L 'unit|conformance'
}

# Debian's gRPC is not instrumented, so only the programs without it tell the truth here.
suite_tsan() {
  need step 'configure tsan' configure tsan || return
  need step 'build tsan' build tsan gsh_tsan_tests || return
  TSAN_OPTIONS=halt_on_error=1 run_ctest tsan tsan -L tsan
}
