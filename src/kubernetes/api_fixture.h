// An API server in the process, and a client of it.
#ifndef GSH_SRC_KUBERNETES_API_FIXTURE_H_
#define GSH_SRC_KUBERNETES_API_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "gsh/kubernetes/client.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/kubernetes/common/json.h"
#include "src/testing/sandbox/kubernetes/api_server.h"

namespace gsh::kubernetes {

class ApiTest : public ::testing::Test {
 protected:
  using ApiServer = gsh::testing::kubernetes::ApiServer;

  void SetUp() override {
    auto server = ApiServer::Start();
    ASSERT_THAT(server, gsh::testing::IsOk());
    api_ = *std::move(server);
    client_ = Make(Options());
  }

  // No pauses between attempts.
  KubernetesOptions Options() const {
    return {.cluster = {.server = api_->url()},
            .retry = {.initial_backoff = Duration(0), .max_backoff = Duration(0)},
            .log = &log_};
  }
  static std::unique_ptr<Client> Make(KubernetesOptions options) {
    auto client = MakeClient(std::move(options));
    EXPECT_THAT(client, gsh::testing::IsOk());
    return client.ok() ? *std::move(client) : nullptr;
  }
  // Straight into the server.
  void Put(const std::string& kind, const std::string& object) {
    ASSERT_THAT(api_->store().Create(kind, Json::parse(object)), gsh::testing::IsOk());
  }
  Json Stored(const std::string& kind, const std::string& ns, const std::string& name) {
    const auto object = api_->store().Get(kind, ns, name);
    return object.ok() ? *object : Json();
  }

  mutable gsh::testing::RecordingLog log_;
  std::unique_ptr<ApiServer> api_;
  std::unique_ptr<Client> client_;
};

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_API_FIXTURE_H_
