// What a person wants to know of the TLS files when a connection does not come about.
#ifndef GSH_SRC_PROBE_TLS_REPORT_H_
#define GSH_SRC_PROBE_TLS_REPORT_H_

#include <string>

#include "gsh/options.h"

namespace gsh::probe {

// Lines: each file, who it is for, who issued it, until when it is valid, or what is wrong with it.
std::string DescribeTls(const TlsOptions& tls);

}  // namespace gsh::probe

#endif  // GSH_SRC_PROBE_TLS_REPORT_H_
