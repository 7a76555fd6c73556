// What gsh-matchsim reads and writes.
#ifndef GSH_TOOLS_MATCHSIM_FILES_H_
#define GSH_TOOLS_MATCHSIM_FILES_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "gsh/status.h"

namespace gsh::matchsim {

inline constexpr std::size_t kMaxConfigBytes = 1 << 20;
inline constexpr std::size_t kMaxTicketBytes = std::size_t{2} << 30;

// InvalidArgument, as for any bad flag, for what cannot be read or is longer.
StatusOr<std::string> ReadInput(const std::string& path, std::size_t max_bytes);

// "-" is stdout. Another file appears whole or not at all.
Status WriteOutput(const std::string& path, std::string_view text);

}  // namespace gsh::matchsim

#endif  // GSH_TOOLS_MATCHSIM_FILES_H_
