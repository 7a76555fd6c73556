// What options, environment and profile say together of one client.
#ifndef GSH_SRC_AWS_CONFIG_SETTINGS_H_
#define GSH_SRC_AWS_CONFIG_SETTINGS_H_

#include <string>

#include "gsh/aws/options.h"
#include "gsh/status.h"
#include "src/aws/config/service.h"
#include "src/aws/config/shared_config.h"

namespace gsh::aws {

struct ClientSettings {
  std::string profile = {};
  std::string region = {};                       // empty: nobody says; the instance may
  std::string endpoint_url = {};                 // empty: the region's
  std::string endpoint_set_by = "endpoint_url";  // for errors: a variable, a setting, the option
  bool use_fips = false;
  bool use_dual_stack = false;
  std::string ca_file = {};
  bool allow_plaintext = false;
};

// `option`, else AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". InvalidArgument if one that was named
// is in neither file.
StatusOr<std::string> ResolveProfile(const std::string& option, const Env& env,
                                     const SharedConfig& config);

StatusOr<ClientSettings> ResolveSettings(const AwsOptions& options, const Service& service);

// Where requests go.
struct Endpoint {
  std::string host = {};       // without brackets and port
  std::string address = {};    // "host:port", as http::Client takes it
  std::string authority = {};  // as the Host header says it: no default port
  std::string path = {};       // a prefix of every target; empty or "/path", no slash at the end
  bool plaintext = false;
  std::string signing_region = {};
};

// InvalidArgument for a region that is no host label, an endpoint URL with user, query or fragment,
// plaintext that is not allowed: nothing that could send a signed request to another host.
StatusOr<Endpoint> ResolveEndpoint(const ClientSettings& settings, const Service& service);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CONFIG_SETTINGS_H_
