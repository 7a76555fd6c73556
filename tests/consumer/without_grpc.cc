// A program for which gRPC is too much: Agones over HTTP and through the Kubernetes API, and AWS.
// CMake looks at the libraries that it loads.
#include "check.h"
#include "gsh/agones_kubernetes/allocator.h"
#include "gsh/agones_rest/allocator.h"
#include "gsh/agones_rest/game_server_sdk.h"
#include "gsh/aws/default_credentials.h"
#include "gsh/aws/gamelift.h"
#include "gsh/aws/instance_metadata.h"
#include "gsh/aws/sqs.h"
#include "gsh/kubernetes/client.h"

namespace {

// Nobody listens there.
gsh::aws::AwsOptions Aws() {
  return {.region = "us-east-1",
          .endpoint_url = "http://127.0.0.1:9",
          .credentials = gsh::aws::MakeStaticCredentials(gsh::aws::Credentials("AKID", "secret")),
          .retry = {.max_attempts = 1}};
}

void TryAws() {
  const auto gamelift = gsh::aws::MakeGameLift(Aws());
  CHECK(gamelift.ok());
  CHECK((*gamelift)->ClaimGameServer({.game_server_group_name = "group"}).status().code() ==
        gsh::StatusCode::kUnavailable);
  const auto sqs = gsh::aws::MakeSqs(Aws());
  CHECK(sqs.ok());
  CHECK((*sqs)->GetQueueUrl("queue").status().code() == gsh::StatusCode::kUnavailable);
  CHECK(!gsh::aws::MakeInstanceMetadata({.endpoint_url = "http://192.0.2.1"}).ok());
}

}  // namespace

// Nobody listens there; each refusal is said by the code that has to be in the program.
int main() {
  CHECK(!gsh::agones_rest::MakeAllocator({}).ok());
  CHECK(!gsh::agones_kubernetes::MakeAllocator(nullptr).ok());
  CHECK(!gsh::kubernetes::MakeClient({}).ok());
  const auto sdk = gsh::agones_rest::MakeGameServerSdk(
      {.client = {
           .endpoint = "127.0.0.1:9", .tls = {.insecure = true}, .retry = {.max_attempts = 1}}});
  CHECK(sdk.ok());
  CHECK((*sdk)->GetGameServer().status().code() == gsh::StatusCode::kUnavailable);
  TryAws();
  return 0;
}
