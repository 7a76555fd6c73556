# How scripts/test counts what its suites say, into `passed` and `failed`. Sourced, not run.

passed=0
failed=0

# count_ctest LOG: adds what CTest said to the sums.
count_ctest() {
  local line
  line=$(grep -E 'tests passed, [0-9]+ tests? failed out of [0-9]+' "$1" | tail -n 1)
  if [[ $line =~ ,\ ([0-9]+)\ tests?\ failed\ out\ of\ ([0-9]+) ]]; then
    ((failed += BASH_REMATCH[1], passed += BASH_REMATCH[2] - BASH_REMATCH[1]))
  else
    ((failed += 1))
  fi
}

# run_ctest PRESET NAME ARGUMENT...
run_ctest() {
  local preset=$1 name=$2
  shift 2
  step "$name" ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error \
    --output-junit "$logs/$name.xml" -j 2 "$@"
  count_ctest "$logs/$name.log"
}

# count_junit FILE: adds what pytest wrote to the sums.
count_junit() {
  local passes=0 failures=0
  read -r passes failures < <(python3 - "$1" <<'END'
import sys
import xml.etree.ElementTree
tests, bad, skipped = 0, 0, 0
for suite in xml.etree.ElementTree.parse(sys.argv[1]).iter("testsuite"):
    tests += int(suite.get("tests"))
    bad += int(suite.get("failures")) + int(suite.get("errors"))
    skipped += int(suite.get("skipped"))
print(tests - bad - skipped, bad)
END
  ) && ((passes + failures > 0)) || failures=1
  # No (( )), whose status is 1 where the sum is 0: this says whether the counting worked.
  passed=$((passed + passes)) failed=$((failed + failures))
}

# run_counting NAME COMMAND...: one that closes with the line "N passed, N failed" itself.
run_counting() {
  local log=$logs/$1.log
  shift
  "$@" | tee "$log"
  if [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    ((passed += BASH_REMATCH[1], failed += BASH_REMATCH[2]))
  else
    ((failed += 1))
  fi
}

# A step whose failure ends its suite counts as one failed test.
need() { "$@" || { ((failed += 1)); return 1; }; }
