// Certificates and keys as files: whatever is in them, the error names the file.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "src/rpc/common/pem.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Require;

// A file in memory, under a path that any reader can open.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : fd_(memfd_create("fuzz", 0)) {
    Require(fd_ >= 0 && write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
            "the machine has memory");
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  const int fd_;
};

void CheckError(const Status& status, const std::string& file) {
  Require(status.code() == StatusCode::kInvalidArgument, "a bad file is a bad argument");
  Require(status.message().starts_with(file), "an error names the file");
}

void CheckIdentity(const std::string& file, WallTime now) {
  const auto identity = rpc::LoadIdentity(file, file, now);
  if (!identity.ok()) return CheckError(identity.status(), file);
  Require(identity->not_after > now, "an identity is valid now");
}

void CheckRoots(const std::string& file, WallTime now) {
  const auto roots = rpc::LoadRoots(file, now);
  if (!roots.ok()) return CheckError(roots.status(), file);
  Require(roots->not_after > now, "some root is valid now");
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(gsh::fuzz::TextOf(data, size));
  // A fixed time, so that a corpus does not change its meaning when its certificates expire.
  const gsh::WallTime now = std::chrono::system_clock::from_time_t(1'800'000'000);
  const gsh::MemoryFile file(text);
  gsh::CheckIdentity(file.path(), now);
  gsh::CheckRoots(file.path(), now);
  const auto certificates = gsh::rpc::ParseCertificates("f", text);
  if (!certificates.ok()) return 0;
  gsh::fuzz::Require(!certificates->empty(), "OK means at least one certificate");
  for (const auto& certificate : *certificates) {
    gsh::fuzz::Require(!gsh::rpc::FormatTime(gsh::rpc::NotAfter(certificate.get())).empty(),
                       "times can be told");
  }
  return 0;
}
