#include "gsh/mmf/rules_file.h"

#include <fstream>
#include <mutex>
#include <utility>

#include "gsh/matcher/rules_json.h"

namespace gsh::mmf {
namespace {

constexpr std::size_t kMaxBytes = 1 << 20;

StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) return NotFoundError("rules file " + path + " cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

// Reads the whole file each time: it is small, and times of change are too coarse to be trusted.
class ReadRulesFile final : public RulesFile {
 public:
  explicit ReadRulesFile(RulesFileOptions options) : options_(std::move(options)) {}

  // OK if the rules are those of the file now.
  Status Read() {
    std::lock_guard lock(mutex_);
    return ReadLocked();
  }

  matcher::Rules Current() override {
    std::lock_guard lock(mutex_);
    const Status status = ReadLocked();
    if (!status.ok() && status.message() != reported_) {
      Log(options_.log, LogLevel::kError, "The rules file is bad; the last good rules stay",
          {{"file", options_.path}, {"error", status.message()}});
    }
    reported_ = status.ok() ? std::string() : status.message();
    return rules_;
  }

 private:
  Status ReadLocked() {
    StatusOr<std::string> text = ReadFile(options_.path);
    if (!text.ok()) return text.status();
    if (known_ && *text == text_) return OkStatus();
    StatusOr<matcher::Rules> rules = matcher::RulesFromJson(*text, options_.defaults);
    if (!rules.ok()) return rules.status().WithContext("rules file " + options_.path);
    if (known_) Log(options_.log, LogLevel::kInfo, "New rules", {{"file", options_.path}});
    rules_ = *std::move(rules);
    text_ = *std::move(text);
    known_ = true;
    return OkStatus();
  }

  const RulesFileOptions options_;
  std::mutex mutex_;
  bool known_ = false;
  std::string text_;  // that the rules were read from
  matcher::Rules rules_;
  std::string reported_;  // the last mistake that was logged
};

}  // namespace

StatusOr<std::unique_ptr<RulesFile>> OpenRulesFile(RulesFileOptions options) {
  auto file = std::make_unique<ReadRulesFile>(std::move(options));
  if (Status status = file->Read(); !status.ok()) return status;
  return std::unique_ptr<RulesFile>(std::move(file));
}

}  // namespace gsh::mmf
