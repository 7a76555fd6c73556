#include "tests/conformance/engines.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <optional>
#include <random>
#include <sstream>
#include <thread>

#include "gsh/kubernetes/kubeconfig.h"
#include "gsh/openmatch/evaluator.h"
#include "gsh/testing/sandbox.h"
#include "src/rpc/tls_credentials.h"
#include "src/testing/temporary_directory.h"

namespace gsh::conformance {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSandboxPendingRelease{2000};

std::string Env(const char* name, std::string otherwise = {}) {
  const char* value = getenv((std::string("GSH_CONFORMANCE_") + name).c_str());
  return value != nullptr ? value : otherwise;
}

testing::SandboxOptions SandboxOptions(const std::string& dir) {
  testing::SandboxOptions options{.dir = dir};
  options.replicas = 30;
  options.open_match.registration_interval = milliseconds(100);
  options.open_match.pending_release_timeout = kSandboxPendingRelease;
  options.allocation_batch_wait = milliseconds(20);
  options.fleet.counters = {{"rooms", 10}};
  options.fleet.lists = {{"players", 10}};
  options.fleet.player_capacity = 10;
  return options;
}

class Engines final : public ::testing::Environment {
 public:
  void SetUp() override {
    if (!Env("EVALUATOR").empty()) StartEvaluator();
    if (HasFatalFailure()) return;
    if (Env("OPENMATCH").empty() || Env("ALLOCATOR").empty() || Env("SDK").empty() ||
        Env("SDK_HTTP").empty() || Env("KUBECONFIG").empty()) {
      StartSandbox();
    }
    if (HasFatalFailure()) return;
    ReadOpenMatch();
    ReadAllocator();
    sdk.endpoint = Env("SDK", sdk.endpoint);
    sdk.http_endpoint = Env("SDK_HTTP", sdk.http_endpoint);
  }

  void TearDown() override {
    sandbox_.reset();
    evaluator_.reset();
    dir_.reset();
  }

  OpenMatchEngine open_match;
  AllocatorEngine allocator;
  SdkEngine sdk;

 private:
  static bool HasFatalFailure() { return ::testing::Test::HasFatalFailure(); }

  // Plaintext for the sandbox, which is then plaintext too.
  void StartEvaluator() {
    const std::filesystem::path tls = Env("OPENMATCH_TLS");
    openmatch::EvaluatorServerOptions options{.listen = Env("EVALUATOR"),
                                              .tls = {.insecure = true},
                                              .function = openmatch::MakeDefaultEvaluator()};
    if (!tls.empty()) options.tls = {.cert_file = tls / "tls.crt", .key_file = tls / "tls.key"};
    auto started = openmatch::StartEvaluatorServer(std::move(options));
    ASSERT_TRUE(started.ok()) << started.status();
    evaluator_ = *std::move(started);
  }

  void StartSandbox() {
    dir_.emplace();
    testing::SandboxOptions options = SandboxOptions(dir_->string());
    if (evaluator_ != nullptr && Env("OPENMATCH").empty()) {
      options.evaluator = "127.0.0.1:" + std::to_string(evaluator_->port());
      options.insecure = true;
    }
    auto started = testing::Sandbox::Start(options);
    ASSERT_TRUE(started.ok()) << started.status();
    sandbox_ = *std::move(started);
    const testing::SandboxEndpoints& endpoints = sandbox_->endpoints();
    open_match = {.frontend = endpoints.frontend,
                  .backend = endpoints.backend,
                  .query = endpoints.query,
                  .tls_dir = options.insecure ? "" : dir_->File("openmatch-tls"),
                  .pending_release_timeout = kSandboxPendingRelease};
    allocator = {.endpoint = endpoints.allocators.at(allocator.region),
                 .rest_endpoint = endpoints.allocators_rest.at(allocator.region),
                 .kubernetes = {.server = (options.insecure ? "http://" : "https://") +
                                          endpoints.allocation_api,
                                .ca_file = sandbox_->allocator_tls().ca_file},
                 .tls = sandbox_->allocator_tls()};
    // The side-cars of two servers that no allocation takes: in another region.
    const auto find_sdk = [this](const auto& servers) {
      for (const auto& server : servers) {
        if (server.state != "Ready" || server.labels.at("region") == allocator.region) continue;
        const bool first = sdk.endpoint.empty();
        (first ? sdk.endpoint : sdk.http_endpoint) =
            "127.0.0.1:" + std::to_string(first ? server.sdk_port : server.sdk_http_port);
        if (!first) return true;
      }
      sdk = {};
      return false;
    };
    ASSERT_TRUE(sandbox_->WaitForGameServers(find_sdk, std::chrono::seconds(20)));
  }

  void ReadOpenMatch() {
    const std::string endpoints = Env("OPENMATCH");  // one for all, or frontend,backend,query
    if (endpoints.empty()) return;
    std::istringstream stream(endpoints);
    std::getline(stream, open_match.frontend, ',');
    if (!std::getline(stream, open_match.backend, ',')) open_match.backend = open_match.frontend;
    if (!std::getline(stream, open_match.query, ',')) open_match.query = open_match.backend;
    open_match.tls_dir = Env("OPENMATCH_TLS");
    open_match.pending_release_timeout =
        milliseconds(std::stoi(Env("PENDING_RELEASE_MS", "60000")));
  }

  void ReadAllocator() {
    if (Env("ALLOCATOR").empty()) return;
    const std::filesystem::path dir = Env("ALLOCATOR_TLS");
    allocator.endpoint = Env("ALLOCATOR");
    allocator.rest_endpoint = Env("ALLOCATOR_REST", allocator.endpoint);
    if (!Env("KUBECONFIG").empty()) {
      auto cluster = kubernetes::LoadKubeconfig({.files = {Env("KUBECONFIG")}});
      ASSERT_TRUE(cluster.ok()) << cluster.status();
      allocator.kubernetes = *std::move(cluster);
    }
    allocator.region = Env("REGION", allocator.region);
    allocator.tls = {
        .ca_file = dir / "ca.crt", .cert_file = dir / "client.crt", .key_file = dir / "client.key"};
    if (dir.empty()) allocator.tls = {.insecure = true};
  }

  std::optional<testing::TemporaryDirectory> dir_;
  std::unique_ptr<openmatch::EvaluatorServer> evaluator_;
  std::unique_ptr<testing::Sandbox> sandbox_;
};

Engines& TheEngines() {
  static Engines* engines = [] {
    auto made = new Engines;  // GoogleTest's from now on
    ::testing::AddGlobalTestEnvironment(made);
    return made;
  }();
  return *engines;
}

// Before main, so that it is set up before the first test.
[[maybe_unused]] const Engines& registered = TheEngines();

}  // namespace

const OpenMatchEngine& OpenMatch() { return TheEngines().open_match; }
const AllocatorEngine& Allocator() { return TheEngines().allocator; }
const SdkEngine& Sdk() { return TheEngines().sdk; }

TlsOptions OpenMatchTls() {
  const std::filesystem::path dir = OpenMatch().tls_dir;
  if (dir.empty()) return {.insecure = true};
  return {.ca_file = dir / "ca.crt", .cert_file = dir / "tls.crt", .key_file = dir / "tls.key"};
}

std::shared_ptr<grpc::Channel> Connect(const std::string& endpoint, const TlsOptions& tls) {
  const auto loaded = rpc::LoadClientCredentials(tls);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  grpc::ChannelArguments own;  // no connection shared between tests
  own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(
      endpoint, loaded.ok() ? loaded->credentials : grpc::InsecureChannelCredentials(), own);
}

std::string UniqueName(const std::string& stem) {
  static const std::uint32_t run = std::random_device()();
  static std::atomic<int> next = 0;
  return stem + "-" + std::to_string(run) + "-" + std::to_string(next++);
}

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return true;
}

}  // namespace gsh::conformance
