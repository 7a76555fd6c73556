// The little of XML that AWS services answer: elements and text.
#ifndef GSH_SRC_AWS_CLIENT_XML_H_
#define GSH_SRC_AWS_CLIENT_XML_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/status.h"

namespace gsh::aws {

struct XmlElement {
  std::string name = {};  // without its namespace's prefix
  std::string text = {};  // its own, around the children, too
  std::vector<XmlElement> children = {};

  // The first child of that name; null if there is none.
  const XmlElement* Find(std::string_view child) const;
  // The text of the first child of that name; empty if there is none.
  const std::string& TextOf(std::string_view child) const;
};

inline constexpr std::size_t kMaxXmlBytes = 8u << 20;
inline constexpr std::size_t kMaxXmlElements = 100'000;
inline constexpr std::size_t kMaxXmlDepth = 32;

// The root element. InvalidArgument for what is not well-formed, exceeds these bounds, or has a
// document type: the five predefined entities and numbered characters alone are known, so that
// nothing expands. Attributes are passed over.
StatusOr<XmlElement> ParseXml(std::string_view text);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CLIENT_XML_H_
