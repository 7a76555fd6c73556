// Where the metadata service is.
#ifndef GSH_SRC_AWS_IMDS_ENDPOINT_H_
#define GSH_SRC_AWS_IMDS_ENDPOINT_H_

#include <string>
#include <string_view>

#include "gsh/aws/instance_metadata.h"
#include "gsh/status.h"
#include "src/aws/config/sources.h"

namespace gsh::aws {

struct MetadataEndpoint {
  std::string address = {};  // "host:port"
  std::string path = {};     // before "/latest"; empty or "/path"
  bool plaintext = true;
};

// InvalidArgument names what is wrong, and where it came from.
StatusOr<MetadataEndpoint> ResolveMetadataEndpoint(const InstanceMetadataOptions& options,
                                                   const Sources& sources);

// "http[s]://host[:port][/path]", nothing more. `plaintext_anywhere`: http:// is taken for every
// host, not for loopback and the service's own addresses alone.
StatusOr<MetadataEndpoint> ParseMetadataUrl(std::string_view url, bool plaintext_anywhere);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_IMDS_ENDPOINT_H_
