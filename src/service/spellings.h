// One flag, many spellings: -backendAddr, --backendAddr, --backend-addr, GSH_BACKEND_ADDR,
// "backend-addr =".
#ifndef GSH_SRC_SERVICE_SPELLINGS_H_
#define GSH_SRC_SERVICE_SPELLINGS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gsh::service {

// "backendAddr" -> "backend-addr"; a digit starts no new word, so "latencyRegion1" ->
// "latency-region1". What is kebab case already comes back as it is.
std::string ToKebab(std::string_view name);
// "backend-addr" -> "backendAddr".
std::string ToCamel(std::string_view name);
// "backendAddr" and "backend-addr" -> "GSH_BACKEND_ADDR".
std::string ToEnvName(std::string_view name);

// The long names that a command line may use, found by any spelling.
class FlagNames {
 public:
  // `name` without dashes, as the parser knows it. The first of two spellings of one flag stays.
  void Add(std::string_view name);
  // The parser's name of the flag spelled `name` (without dashes), if there is such a flag.
  std::optional<std::string> Find(std::string_view name) const;
  // The known name most like `name`, if any is close enough to be a slip of the fingers.
  std::optional<std::string> Suggest(std::string_view name) const;

 private:
  std::map<std::string, std::string> by_kebab_;
};

// Rewrites every known flag before a "--" to two dashes and the parser's name. Everything else
// stays: unknown flags, "-p" when it is a short flag only, "-5". "--name=" becomes two words,
// because CLI11 would take the next flag as the value.
std::vector<std::string> CanonicalArgs(const std::vector<std::string>& args,
                                       const FlagNames& names);

}  // namespace gsh::service

#endif  // GSH_SRC_SERVICE_SPELLINGS_H_
