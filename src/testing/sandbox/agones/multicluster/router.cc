#include "src/testing/sandbox/agones/multicluster/router.h"

#include <utility>
#include <vector>

#include "src/testing/sandbox/agones/allocation_match.h"
#include "src/testing/sandbox/agones/allocation_validation.h"
#include "src/testing/sandbox/agones/multicluster/remote_allocation.h"

// Agones fills the deprecated fields in for older clusters.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace gsh::sandbox {
namespace {

using wire_allocation::AllocationRequest;
using wire_allocation::AllocationResponse;
using wire_allocation::GameServerSelector;

// As Agones writes it for the other cluster, which must not forward it again (agones:
// pkg/allocation/converters/converter.go, ConvertGSAToAllocationRequest).
AllocationRequest Forwarded(const AllocationRequest& request, const std::string& ns) {
  AllocationRequest out = request;
  out.set_namespace_(ns);
  out.mutable_multiclustersetting()->set_enabled(false);
  std::vector<GameServerSelector> selectors;
  for (const GameServerSelector* selector : SelectorsOf(request)) selectors.push_back(*selector);
  out.clear_gameserverselectors();
  out.clear_preferredgameserverselectors();
  for (const GameServerSelector& selector : selectors) *out.add_gameserverselectors() = selector;
  for (std::size_t i = 0; i + 1 < selectors.size(); ++i) {
    *out.add_preferredgameserverselectors() = selectors[i];
  }
  *out.mutable_requiredgameserverselector() = selectors.back();
  const wire_allocation::MetaPatch metadata = MetadataOf(request);
  *out.mutable_metadata() = metadata;
  *out.mutable_metapatch() = metadata;
  return out;
}

AllocationRequest Local(const AllocationRequest& request, const std::string& ns) {
  AllocationRequest out = request;
  out.set_namespace_(ns);
  out.mutable_multiclustersetting()->set_enabled(false);
  return out;
}

}  // namespace

// One request on its way from policy to policy.
class Router::Run : public std::enable_shared_from_this<Run> {
 public:
  Run(Router& router, Request request, std::vector<AllocationPolicy> policies, Done done,
      Expressions expressions)
      : router_(router),
        request_(std::move(request)),
        policies_(std::move(policies)),
        order_(policies_, *router.options_.rng),
        done_(std::move(done)),
        expressions_(std::move(expressions)) {}

  void Next() {
    const ConnectionInfo* connection = order_.Next();
    if (router_.stop_.stop_requested()) return Finish(grpc::Status::CANCELLED, {});
    if (connection == nullptr) return Finish(last_, {});
    auto on_answer = [self = shared_from_this()](const grpc::Status& status,
                                                 AllocationResponse answer) {
      self->OnAnswer(status, std::move(answer));
    };
    if (connection->endpoints.empty()) {
      return router_.queue_->Submit(
          std::make_shared<const AllocationRequest>(Local(*request_, connection->ns)), on_answer,
          expressions_);
    }
    StatusOr<TlsOptions> tls = TlsOptions{.insecure = true};
    if (!router_.options_.insecure) {
      tls = router_.policies_->Secret(request_->namespace_(), connection->secret);
    }
    if (!tls.ok()) return OnAnswer({grpc::StatusCode::UNKNOWN, tls.status().message()}, {});
    RemoteAllocation::Start(
        connection->endpoints, *std::move(tls), Forwarded(*request_, connection->ns),
        {.clock = router_.options_.clock, .stop = router_.stop_.get_token()}, on_answer);
  }

 private:
  void OnAnswer(const grpc::Status& status, AllocationResponse answer) {
    if (status.ok()) return Finish(status, std::move(answer));
    last_ = status;
    Next();
  }

  void Finish(const grpc::Status& status, AllocationResponse answer) {
    done_(status, std::move(answer));
    std::lock_guard lock(router_.mutex_);
    if (--router_.runs_ == 0) router_.idle_.notify_all();
  }

  Router& router_;
  const Request request_;
  const std::vector<AllocationPolicy> policies_;
  PolicyOrder order_;
  const Done done_;
  const Expressions expressions_;
  // If every policy's weight is 0 nobody is asked, and Agones answers nothing at all.
  grpc::Status last_;
};

Router::Router(std::unique_ptr<AllocationQueue> queue, std::unique_ptr<PolicyFiles> policies,
               RouterOptions options)
    : options_(options), queue_(std::move(queue)), policies_(std::move(policies)) {}

Router::~Router() { Stop(); }

void Router::Submit(Request request, Done done, Expressions expressions) {
  if (!request->multiclustersetting().enabled()) {
    return queue_->Submit(std::move(request), std::move(done), std::move(expressions));
  }
  if (const grpc::Status invalid = ValidateAllocation(*request); !invalid.ok()) {
    return done(invalid, {});
  }
  Forward(request, std::move(done), std::move(expressions));
}

void Router::Forward(const Request& request, Done done, Expressions expressions) {
  const auto& wanted = request->multiclustersetting().policyselector().matchlabels();
  auto policies = policies_->Find(request->namespace_(), {wanted.begin(), wanted.end()});
  if (policies.empty()) {
    return done({grpc::StatusCode::UNKNOWN, "no multi-cluster allocation policy is specified"}, {});
  }
  {
    std::lock_guard lock(mutex_);
    ++runs_;
  }
  std::make_shared<Run>(*this, request, std::move(policies), std::move(done),
                        std::move(expressions))
      ->Next();
}

void Router::Stop() {
  stop_.request_stop();
  queue_->Stop();
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return runs_ == 0; });
}

}  // namespace gsh::sandbox
