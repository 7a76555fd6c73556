// Paths and queries as SigV4 signs them.
#ifndef GSH_SRC_AWS_SIGNER_URI_H_
#define GSH_SRC_AWS_SIGNER_URI_H_

#include <optional>
#include <string>
#include <string_view>

namespace gsh::aws {

// "a%20b" -> "a b"; '+' is a plus. Empty for a '%' without two digits.
std::optional<std::string> Decoded(std::string_view text);

struct PathRules {
  bool normalize = true;  // dot segments resolved (RFC 3986, section 5.2.4), "//" made "/"
  bool twice = true;      // what is sent is encoded once more; else it is only made uniform
};

// `path` starts with '/' or is empty, which stands for "/".
void AppendCanonicalPath(std::string& out, std::string_view path, const PathRules& rules);

// The parameters of `query` (as it is sent), in the order of their keys, then of their values, each
// with '='; but without the one whose key is `without`. Escapes are made uniform ("%7e" becomes
// "~"), and '+' is a plus, not a space.
void AppendCanonicalQuery(std::string& out, std::string_view query, std::string_view without = {});

// False if `query` has what two readers could read differently: '+', or '%' without two digits.
bool IsPlainQuery(std::string_view query);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_URI_H_
