// --config files: entries or an error with file and line, and nothing silently left out.
#include "src/service/config_file.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  const std::string_view text = gsh::fuzz::TextOf(data, size);
  const auto entries = gsh::service::ParseConfig(text, "a.ini", "gsh-director");
  if (!entries.ok()) {
    Require(entries.status().message().starts_with("a.ini:"), "an error names file and line");
    return 0;
  }
  int last_line = 0;
  std::string again = "[default]\n";  // a key may look like the mark that begins a file
  for (const gsh::service::ConfigEntry& entry : *entries) {
    Require(!entry.key.empty() && entry.key.find('=') == std::string::npos, "keys are keys");
    Require(entry.value.find('\n') == std::string::npos, "a value is one line");
    Require(entry.line > last_line, "lines rise");
    last_line = entry.line;
    again += entry.key + " = \"" + entry.value + "\"\n";
  }
  const auto reread = gsh::service::ParseConfig(again, "b.ini", "gsh-director");
  Require(reread.ok() && reread->size() == entries->size(), "entries can be written again");
  for (std::size_t i = 0; i < entries->size(); ++i) {
    Require((*reread)[i].key == (*entries)[i].key, "with their keys");
    Require((*reread)[i].value == (*entries)[i].value, "and values");
  }
  return 0;
}
