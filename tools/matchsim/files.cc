#include "tools/matchsim/files.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

namespace gsh::matchsim {

StatusOr<std::string> ReadInput(const std::string& path, std::size_t max_bytes) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return InvalidArgumentError(path + ": is a directory");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) return InvalidArgumentError(path + ": " + std::strerror(errno));
  std::string text;
  char block[1 << 16];
  while (file.read(block, sizeof(block)) || file.gcount() > 0) {
    text.append(block, static_cast<std::size_t>(file.gcount()));
    if (text.size() > max_bytes) {
      return InvalidArgumentError(path + ": longer than " + std::to_string(max_bytes) + " bytes");
    }
  }
  if (file.bad()) return InvalidArgumentError(path + ": cannot be read");
  return text;
}

Status WriteOutput(const std::string& path, std::string_view text) {
  if (path == "-") {
    std::cout.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
    return std::cout ? OkStatus() : UnavailableError("stdout cannot be written");
  }
  std::error_code error;
  const auto there = std::filesystem::status(path, error);
  // No file may take the place of a pipe or a device.
  const bool in_place = std::filesystem::exists(there) && !std::filesystem::is_regular_file(there);
  const std::string written = in_place ? path : path + ".part";
  std::ofstream file(written, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
  file.close();
  if (file && (in_place || std::rename(written.c_str(), path.c_str()) == 0)) return OkStatus();
  const std::string why = std::strerror(errno);
  if (!in_place) std::remove(written.c_str());
  return UnavailableError(path + " cannot be written: " + why);
}

}  // namespace gsh::matchsim
