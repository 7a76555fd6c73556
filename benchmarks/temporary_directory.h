// A directory for the certificates and logs of one run.
#ifndef GSH_BENCHMARKS_TEMPORARY_DIRECTORY_H_
#define GSH_BENCHMARKS_TEMPORARY_DIRECTORY_H_

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace gsh::benchmarks {

class TemporaryDirectory {
 public:
  TemporaryDirectory() : name_(std::filesystem::temp_directory_path() / "gsh-bench-XXXXXX") {
    if (mkdtemp(name_.data()) == nullptr) name_.clear();  // Sandbox and others then say so
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!name_.empty()) std::filesystem::remove_all(name_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_TEMPORARY_DIRECTORY_H_
