#include <iterator>
#include <optional>
#include <utility>

#include "gsh/openmatch/query.h"
#include "src/openmatch/convert.h"
#include "src/openmatch/methods.h"
#include "src/openmatch/wire_match_function.h"
#include "src/proto/openmatch.h"
#include "src/proto/serialised.h"
#include "src/rpc/arena_message.h"
#include "src/rpc/client.h"

namespace gsh::openmatch {
namespace {

// One query whose pages are joined. A stream that broke is begun again from its start: pages carry
// no position.
template <typename Request, typename Response, typename Element>
class PagedQuery : public std::enable_shared_from_this<PagedQuery<Request, Response, Element>> {
 public:
  using AppendPage = void (*)(Response&&, std::vector<Element>&);
  using Done = std::function<void(StatusOr<std::vector<Element>>)>;

  PagedQuery(rpc::Client& client, const Method& method, Pool pool, CallOptions options,
             AppendPage append, Done done)
      : client_(client),
        method_(method),
        request_(std::make_shared<Request>()),
        options_(std::move(options)),
        append_(append),
        done_(std::move(done)),
        started_(client_.options().clock->SteadyNow()),
        deadline_(rpc::DeadlineOf(client_.options(), options_, started_)) {
    ToWire(std::move(pool), *request_->mutable_pool());
  }

  void Run() {
    elements_.clear();
    CallOptions options = options_;
    options.timeout = Left().value_or(rpc::kNoTimeout);
    client_.ServerStream(
        method_, request_, rpc::MakeArenaMessage<Response>,
        [self = this->shared_from_this()](google::protobuf::MessageLite& page) {
          self->append_(std::move(static_cast<Response&>(page)), self->elements_);
          return true;
        },
        std::move(options),
        [self = this->shared_from_this()](Status status) { self->Finish(std::move(status)); });
  }

 private:
  void Finish(Status status) {
    if (status.ok()) return done_(std::move(elements_));
    const rpc::RetryDecision decision = client_.DecideRetry(method_, status, ++attempts_, Left());
    if (!decision.delay) return done_(InAll(status, decision.stop));
    CallOptions options = options_;
    options.timeout = rpc::kNoTimeout;
    client_.Pause(*decision.delay, std::move(options),
                  [self = this->shared_from_this()](Status pause) {
                    if (!pause.ok()) return self->done_(std::move(pause));
                    self->Run();
                  });
  }

  // Each stream counted itself alone, and did not ask whether another would follow.
  Status InAll(const Status& status, RetryStop stop) const {
    if (status.info() == nullptr) return status;
    ErrorInfo info = *status.info();
    info.attempts = attempts_;
    info.elapsed = client_.options().clock->SteadyNow() - started_;
    if (info.retry_stop == RetryStop::kNone) info.retry_stop = stop;
    return Status(status.code(), status.message(), std::move(info));
  }

  std::optional<Duration> Left() const {
    if (!deadline_) return std::nullopt;
    return *deadline_ - client_.options().clock->SteadyNow();
  }

  rpc::Client& client_;
  const Method& method_;
  const std::shared_ptr<Request> request_;
  const CallOptions options_;
  const AppendPage append_;
  const Done done_;
  const SteadyTime started_;
  const std::optional<SteadyTime> deadline_;
  std::vector<Element> elements_;
  int attempts_ = 0;
};

void AppendTickets(wire_openmatch::QueryTicketsResponse&& page, std::vector<Ticket>& to) {
  to.reserve(to.size() + static_cast<std::size_t>(page.tickets_size()));
  for (auto& ticket : *page.mutable_tickets()) to.push_back(FromWire(std::move(ticket)));
}

void AppendWireTickets(serialised::TicketPage&& page, std::vector<std::string>& to) {
  std::move(page.mutable_tickets()->begin(), page.mutable_tickets()->end(), std::back_inserter(to));
}

void AppendIds(wire_openmatch::QueryTicketIdsResponse&& page, std::vector<std::string>& to) {
  std::move(page.mutable_ids()->begin(), page.mutable_ids()->end(), std::back_inserter(to));
}

void AppendBackfills(wire_openmatch::QueryBackfillsResponse&& page, std::vector<Backfill>& to) {
  for (auto& backfill : *page.mutable_backfills()) to.push_back(FromWire(std::move(backfill)));
}

class GrpcQuery final : public Query, public WireQuery {
 public:
  explicit GrpcQuery(std::unique_ptr<rpc::Client> client) : client_(std::move(client)) {}

  void QueryTicketsAsync(Pool pool, CallOptions options, Callback<Ticket> done) override {
    Start<wire_openmatch::QueryTicketsRequest>(kQueryTickets, AppendTickets, std::move(pool),
                                               std::move(options), std::move(done));
  }

  void QueryWireTicketsAsync(Pool pool, CallOptions options, Callback<std::string> done) override {
    Start<wire_openmatch::QueryTicketsRequest>(kQueryTickets, AppendWireTickets, std::move(pool),
                                               std::move(options), std::move(done));
  }

  void QueryTicketIdsAsync(Pool pool, CallOptions options, Callback<std::string> done) override {
    Start<wire_openmatch::QueryTicketIdsRequest>(kQueryTicketIds, AppendIds, std::move(pool),
                                                 std::move(options), std::move(done));
  }

  void QueryBackfillsAsync(Pool pool, CallOptions options, Callback<Backfill> done) override {
    Start<wire_openmatch::QueryBackfillsRequest>(kQueryBackfills, AppendBackfills, std::move(pool),
                                                 std::move(options), std::move(done));
  }

 private:
  template <typename Request, typename Response, typename Element>
  void Start(const Method& method, void (*append)(Response&&, std::vector<Element>&), Pool pool,
             CallOptions options, Callback<Element> done) {
    std::make_shared<PagedQuery<Request, Response, Element>>(
        *client_, method, std::move(pool), std::move(options), append, std::move(done))
        ->Run();
  }

  const std::unique_ptr<rpc::Client> client_;
};

}  // namespace

StatusOr<std::unique_ptr<Query>> MakeQuery(QueryOptions options) {
  auto client = rpc::Client::Make(std::move(options.client));
  if (!client.ok()) return client.status().WithContext("openmatch::Query");
  return std::unique_ptr<Query>(std::make_unique<GrpcQuery>(std::move(client).value()));
}

}  // namespace gsh::openmatch
