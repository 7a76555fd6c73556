// What options, environment and profile say together of the metadata service.
#ifndef GSH_SRC_AWS_IMDS_SETTINGS_H_
#define GSH_SRC_AWS_IMDS_SETTINGS_H_

#include "gsh/aws/instance_metadata.h"
#include "gsh/status.h"
#include "src/aws/imds/endpoint.h"

namespace gsh::aws {

struct MetadataSettings {
  MetadataEndpoint endpoint = {};
  bool disabled = false;
  bool allow_v1 = false;
  Duration attempt_timeout{0};
  int max_attempts = 0;
};

// InvalidArgument names the option, the variable or the profile's setting that is wrong.
StatusOr<MetadataSettings> ResolveMetadataSettings(const InstanceMetadataOptions& options);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_IMDS_SETTINGS_H_
