// TemporaryDirectory: where a test or a benchmark keeps its files.
#ifndef GSH_SRC_TESTING_TEMPORARY_DIRECTORY_H_
#define GSH_SRC_TESTING_TEMPORARY_DIRECTORY_H_

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace gsh::testing {

// A directory of its own for each, gone with all that is in it when this is. Whoever writes into
// it to the end (a sandbox) is declared after it.
class TemporaryDirectory {
 public:
  // std::system_error if there is no place for it.
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "gsh-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), name);
    }
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string string() const { return path_.string(); }
  // The path of a file in it.
  std::string File(const std::string& name) const { return (path_ / name).string(); }
  // What is in it by now; empty without such a file.
  std::string Read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_ / name).rdbuf();
    return text.str();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace gsh::testing

#endif  // GSH_SRC_TESTING_TEMPORARY_DIRECTORY_H_
