#ifndef CONSUMER_CHECK_H_
#define CONSUMER_CHECK_H_

#include <cstdio>
#include <cstdlib>
#include <utility>

// Ends the program with what was expected and where.
#define CHECK(condition)                                                           \
  do {                                                                             \
    if (!(condition)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                                \
    }                                                                              \
  } while (false)

// The value of a StatusOr; its error ends the program.
#define VALUE(expression) consumer::ValueOf((expression), __FILE__, __LINE__, #expression)

namespace consumer {

template <typename StatusOr>
auto ValueOf(StatusOr result, const char* file, int line, const char* expression) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s:%d: %s: %s\n", file, line, expression,
                 result.status().ToString().c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

}  // namespace consumer

#endif  // CONSUMER_CHECK_H_
