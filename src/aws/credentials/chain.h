// The standard chain: from a plan to credentials.
#ifndef GSH_SRC_AWS_CREDENTIALS_CHAIN_H_
#define GSH_SRC_AWS_CREDENTIALS_CHAIN_H_

#include <functional>
#include <memory>

#include "gsh/aws/instance_metadata.h"
#include "gsh/aws/options.h"
#include "gsh/aws/sts.h"
#include "src/aws/credentials/source.h"

namespace gsh::aws {

struct ChainParts {
  std::function<StatusOr<std::unique_ptr<Sts>>(AwsOptions)> make_sts = MakeSts;
  std::shared_ptr<InstanceMetadata> metadata = {};  // null: made when it is needed
};

// Reads files and environment and asks the source that they name, with every call.
BlockingFetch MakeChainFetch(AwsOptions options, ChainParts parts);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CREDENTIALS_CHAIN_H_
