// What a program prints of itself when it is started and waited for.
#ifndef GSH_TESTS_FOOTPRINT_PROGRAM_H_
#define GSH_TESTS_FOOTPRINT_PROGRAM_H_

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace gsh {

// All that the program prints; empty if it fails.
inline std::string OutputOf(const std::string& program) {
  FILE* const output = popen(("'" + program + "'").c_str(), "r");
  if (output == nullptr) return "";
  std::string text;
  std::array<char, 4096> buffer;
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), output)) {
    text.append(buffer.data(), count);
  }
  return pclose(output) == 0 ? text : "";
}

// A line of /proc/self/status, "RssAnon:", in what the program printed; -1 if it is not there.
inline int Kilobytes(const std::string& printed, const std::string& name) {
  const std::size_t at = printed.find("\n" + name);
  return at == printed.npos ? -1 : std::atoi(printed.c_str() + at + 1 + name.size());
}

}  // namespace gsh

#endif  // GSH_TESTS_FOOTPRINT_PROGRAM_H_
