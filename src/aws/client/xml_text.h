// May a text stand in XML? Some services take no other.
#ifndef GSH_SRC_AWS_CLIENT_XML_TEXT_H_
#define GSH_SRC_AWS_CLIENT_XML_TEXT_H_

#include <algorithm>
#include <string_view>

namespace gsh::aws {

// Of texts that are UTF-8: no controls but tab and line ends, neither U+FFFE nor U+FFFF.
inline bool IsXmlText(std::string_view text) {
  const bool controls = std::ranges::any_of(
      text, [](char c) { return c >= 0 && c < ' ' && c != '\r' && c != '\n' && c != '\t'; });
  return !controls && text.find("\xEF\xBF\xBE") == text.npos &&
         text.find("\xEF\xBF\xBF") == text.npos;
}

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CLIENT_XML_TEXT_H_
