// The director's options: defaults put in, mistakes named.
#ifndef GSH_SRC_DIRECTOR_CHECK_OPTIONS_H_
#define GSH_SRC_DIRECTOR_CHECK_OPTIONS_H_

#include "gsh/director/director.h"

namespace gsh::director {

// The samples' latency ranges.
inline constexpr char kDefaultRanges[] = "0-24,25-49,50-74,74-99,100-9999";

// Replaces null and empty members by their defaults. InvalidArgument names every mistake.
StatusOr<DirectorOptions> CheckOptions(DirectorOptions options);

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_CHECK_OPTIONS_H_
