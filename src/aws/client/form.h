// Form: the parameters of the query protocol.
#ifndef GSH_SRC_AWS_CLIENT_FORM_H_
#define GSH_SRC_AWS_CLIENT_FORM_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/http/client/percent_encode.h"

namespace gsh::aws {

class Form {
 public:
  void Add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_.append(name).append("=");
    // "+" for a blank, as forms have it: some services sign what they have parsed and written
    // again.
    for (std::size_t begin = 0;; ++begin) {
      const std::size_t blank = value.find(' ', begin);
      text_ += http::PercentEncode(value.substr(begin, blank - begin));
      if (blank == value.npos) return;
      text_ += '+';
      begin = blank;
    }
  }
  void AddIfAny(std::string_view name, std::string_view value) {
    if (!value.empty()) Add(name, value);
  }
  // "Name.member.1=..."
  void AddMembers(const std::string& name, const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      Add(name + ".member." + std::to_string(i + 1), values[i]);
    }
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CLIENT_FORM_H_
