#include "src/aws/client/xml.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace gsh::aws {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}

// What XML's production Char allows.
bool IsCharacter(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code < 0xD800 || (code > 0xDFFF && code < 0xFFFE) || (code > 0xFFFF && code <= 0x10FFFF);
}

void AppendUtf8(std::uint32_t code, std::string& out) {
  const auto add = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | code >> 6);
    add(0x80 | (code & 63));
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 63));
    add(0x80 | (code & 63));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 63));
    add(0x80 | (code >> 6 & 63));
    add(0x80 | (code & 63));
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text), size_(text.size()) {}

  StatusOr<XmlElement> Parse() {
    if (size_ > kMaxXmlBytes) return Mistake("too long");
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    while (mistake_.empty() && !done_) Step();
    if (!mistake_.empty()) return Mistake(mistake_);
    return std::move(root_);
  }

 private:
  // Before, inside or after the root: one piece of markup or text.
  void Step() {
    if (rest_.empty()) {
      if (!closed_) return Fail("ends too early");
      done_ = true;
    } else if (rest_.front() != '<') {
      Text();
    } else if (Take("<!--")) {
      SkipTo("-->", "a comment without end");
    } else if (Take("<![CDATA[")) {
      CData();
    } else if (Take("<?")) {
      SkipTo("?>", "an instruction without end");
    } else if (rest_.starts_with("<!")) {
      Fail("a document type");
    } else if (Take("</")) {
      Close();
    } else {
      Open();
    }
  }

  void Text() {
    const std::string_view text = rest_.substr(0, rest_.find('<'));
    rest_.remove_prefix(text.size());
    if (open_.empty()) {
      if (text.find_first_not_of(kBlanks) != text.npos) Fail("text outside the root element");
      return;
    }
    Unescape(text, open_.back().text);
  }

  void CData() {
    const std::size_t end = rest_.find("]]>");
    if (open_.empty() || end == rest_.npos) return Fail("a misplaced CDATA section");
    open_.back().text += rest_.substr(0, end);
    rest_.remove_prefix(end + 3);
  }

  void Open() {
    rest_.remove_prefix(1);
    const std::string_view name = TakeName();
    if (name.empty()) return Fail("a tag without name");
    if (closed_) return Fail("two root elements");
    if (open_.size() >= kMaxXmlDepth) return Fail("nested too deep");
    if (++elements_ > kMaxXmlElements) return Fail("too many elements");
    if (!SkipAttributes()) return Fail("a bad attribute");
    names_.emplace_back(name);
    XmlElement element;
    element.name = name.substr(name.find(':') == name.npos ? 0 : name.find(':') + 1);
    open_.push_back(std::move(element));
    if (Take("/>")) return Leave();
    if (!Take(">")) Fail("a bad tag");
  }

  void Close() {
    const std::string_view name = TakeName();
    SkipBlanks();
    if (!Take(">") || names_.empty() || names_.back() != name) return Fail("a bad end tag");
    Leave();
  }

  void Leave() {
    XmlElement element = std::move(open_.back());
    open_.pop_back();
    names_.pop_back();
    closed_ = open_.empty();
    if (closed_) {
      root_ = std::move(element);
    } else {
      open_.back().children.push_back(std::move(element));
    }
  }

  bool SkipAttributes() {
    for (;;) {
      const bool blank = SkipBlanks();
      if (rest_.starts_with('>') || rest_.starts_with("/>")) return true;
      if (!blank || TakeName().empty()) return false;
      SkipBlanks();
      if (!Take("=")) return false;
      SkipBlanks();
      if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\'')) return false;
      const std::size_t end = rest_.find(rest_.front(), 1);
      if (end == rest_.npos || rest_.substr(0, end).find('<') != rest_.npos) return false;
      rest_.remove_prefix(end + 1);
    }
  }

  void Unescape(std::string_view text, std::string& out) {
    for (;;) {
      const std::size_t mark = text.find('&');
      out += text.substr(0, mark);
      if (mark == text.npos) return;
      text.remove_prefix(mark + 1);
      constexpr std::size_t kLongest = 10;  // "#x10FFFF;"
      const std::size_t end = text.substr(0, kLongest).find(';');
      if (end == text.npos || !Entity(text.substr(0, end), out)) return Fail("an unknown entity");
      text.remove_prefix(end + 1);
    }
  }

  static bool Entity(std::string_view name, std::string& out) {
    constexpr std::pair<std::string_view, char> kKnown[] = {
        {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    for (const auto& [known, c] : kKnown) {
      if (name != known) continue;
      out += c;
      return true;
    }
    if (!name.starts_with('#')) return false;
    const bool hex = name.starts_with("#x");
    const std::string_view digits = name.substr(hex ? 2 : 1);
    std::uint32_t code = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, code, hex ? 16 : 10);
    if (error != std::errc() || rest != end || !IsCharacter(code)) return false;
    AppendUtf8(code, out);
    return true;
  }

  bool Take(std::string_view mark) {
    if (!rest_.starts_with(mark)) return false;
    rest_.remove_prefix(mark.size());
    return true;
  }
  std::string_view TakeName() {
    const auto end = std::ranges::find_if_not(rest_, IsNameChar);
    const std::string_view name = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(name.size());
    return name;
  }
  bool SkipBlanks() {
    const std::size_t end = std::min(rest_.find_first_not_of(kBlanks), rest_.size());
    rest_.remove_prefix(end);
    return end > 0;
  }
  void SkipTo(std::string_view mark, const char* mistake) {
    const std::size_t end = rest_.find(mark);
    if (end == rest_.npos) return Fail(mistake);
    rest_.remove_prefix(end + mark.size());
  }

  void Fail(const char* mistake) {
    if (mistake_.empty()) mistake_ = mistake;
  }
  Status Mistake(const std::string& what) const {
    return InvalidArgumentError("XML at byte " + std::to_string(size_ - rest_.size()) + ": " +
                                what);
  }

  std::string_view rest_;
  const std::size_t size_;
  std::string mistake_;
  bool closed_ = false;  // the root
  bool done_ = false;
  std::size_t elements_ = 0;
  std::vector<XmlElement> open_;
  std::vector<std::string_view> names_;  // of those, as written
  XmlElement root_;
};

}  // namespace

const XmlElement* XmlElement::Find(std::string_view child) const {
  const auto found = std::ranges::find(children, child, &XmlElement::name);
  return found == children.end() ? nullptr : &*found;
}

const std::string& XmlElement::TextOf(std::string_view child) const {
  static const std::string kNone;
  const XmlElement* const found = Find(child);
  return found == nullptr ? kNone : found->text;
}

StatusOr<XmlElement> ParseXml(std::string_view text) { return Parser(text).Parse(); }

}  // namespace gsh::aws
