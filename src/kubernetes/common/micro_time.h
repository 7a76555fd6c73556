// Times as the API writes them.
#ifndef GSH_SRC_KUBERNETES_COMMON_MICRO_TIME_H_
#define GSH_SRC_KUBERNETES_COMMON_MICRO_TIME_H_

#include <optional>
#include <string>
#include <string_view>

#include "gsh/clock.h"

namespace gsh::kubernetes {

// "2026-11-21T14:00:00.000000Z" (metav1.MicroTime), UTC.
std::string FormatMicroTime(WallTime time);
// "2026-11-21T14:00:00Z" (metav1.Time).
std::string FormatTime(WallTime time);
// RFC 3339 with any number of fractional digits; only "Z" as zone, which is what the API writes.
std::optional<WallTime> ParseTime(std::string_view text);

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_COMMON_MICRO_TIME_H_
