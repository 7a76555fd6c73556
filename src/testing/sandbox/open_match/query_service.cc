#include "src/testing/sandbox/open_match/query_service.h"

#include <algorithm>
#include <span>
#include <utility>

#include "src/rpc/byte_buffer.h"
#include "src/testing/sandbox/open_match/paged_stream.h"
#include "src/testing/sandbox/open_match/raw_messages.h"
#include "src/testing/sandbox/open_match/wire_pool.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;

constexpr int kMinPageSize = 10;
constexpr int kMaxPageSize = 10000;

// Hands `items` out in pages of `page_size`, each made into a message by `to_page`.
template <typename Message, typename Item, typename ToPage>
typename PagedStream<Message>::NextPage Pages(std::vector<Item> items, std::size_t page_size,
                                              ToPage to_page) {
  return [items = std::move(items), page_size, to_page,
          start = std::size_t{0}](Message* page) mutable {
    if (start >= items.size()) return false;
    const std::size_t count = std::min(page_size, items.size() - start);
    *page = to_page(std::span<const Item>(items).subspan(start, count));
    start += count;
    return true;
  };
}

Status CheckPool(bool has_pool, const wire::Pool& pool) {
  return has_pool ? CheckWirePool(pool) : InvalidArgumentError("pool is required");
}

wire::QueryTicketIdsResponse IdPage(std::span<const TicketRef> tickets) {
  wire::QueryTicketIdsResponse page;
  for (const TicketRef& ticket : tickets) page.add_ids(ticket->id);
  return page;
}

wire::QueryBackfillsResponse BackfillPage(std::span<const BackfillRef> backfills) {
  wire::QueryBackfillsResponse page;
  for (const BackfillRef& backfill : backfills) *page.add_backfills() = *backfill;
  return page;
}

std::vector<BackfillRef> BackfillsInPool(const BackfillStore& store, const wire::Pool& pool) {
  std::vector<BackfillRef> backfills = store.Active();
  std::erase_if(backfills, [&](const BackfillRef& b) { return !InWirePool(pool, *b); });
  return backfills;
}

// QueryTickets is raw, so that its pages are put together from the tickets' serialised forms.
using QueryBase = wire::QueryService::WithRawCallbackMethod_QueryTickets<
    wire::QueryService::WithCallbackMethod_QueryTicketIds<
        wire::QueryService::WithCallbackMethod_QueryBackfills<wire::QueryService::Service>>>;

class QueryService final : public QueryBase {
 public:
  QueryService(std::shared_ptr<const Engine> engine, int page_size)
      : engine_(std::move(engine)),
        page_size_(static_cast<std::size_t>(std::clamp(page_size, kMinPageSize, kMaxPageSize))) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* QueryTickets(
      grpc::CallbackServerContext*, const grpc::ByteBuffer* buffer) override {
    wire::QueryTicketsRequest request;
    const bool parsed = rpc::Parse(*buffer, &request);
    return Stream<grpc::ByteBuffer>(
        "QueryTickets", [this, parsed, request = std::move(request)]() -> NextOr<grpc::ByteBuffer> {
          if (!parsed) return InternalError("the request cannot be parsed");
          const Status valid = CheckPool(request.has_pool(), request.pool());
          if (!valid.ok()) return valid;
          return Pages<grpc::ByteBuffer>(TicketsInPool(*engine_->tickets, request.pool()),
                                         page_size_, TicketPage);
        });
  }

  grpc::ServerWriteReactor<wire::QueryTicketIdsResponse>* QueryTicketIds(
      grpc::CallbackServerContext*, const wire::QueryTicketIdsRequest* request) override {
    using Page = wire::QueryTicketIdsResponse;
    return Stream<Page>("QueryTicketIds", [this, request = *request]() -> NextOr<Page> {
      const Status valid = CheckPool(request.has_pool(), request.pool());
      if (!valid.ok()) return valid;
      return Pages<Page>(TicketsInPool(*engine_->tickets, request.pool()), page_size_, IdPage);
    });
  }

  grpc::ServerWriteReactor<wire::QueryBackfillsResponse>* QueryBackfills(
      grpc::CallbackServerContext*, const wire::QueryBackfillsRequest* request) override {
    using Page = wire::QueryBackfillsResponse;
    return Stream<Page>("QueryBackfills", [this, request = *request]() -> NextOr<Page> {
      const Status valid = CheckPool(request.has_pool(), request.pool());
      if (!valid.ok()) return valid;
      return Pages<Page>(BackfillsInPool(*engine_->backfills, request.pool()), page_size_,
                         BackfillPage);
    });
  }

 private:
  template <typename Message>
  using NextOr = StatusOr<typename PagedStream<Message>::NextPage>;

  template <typename Message>
  grpc::ServerWriteReactor<Message>* Stream(const char* method,
                                            typename PagedStream<Message>::Prepare prepare) {
    return PagedStream<Message>::Start(engine_->faults, engine_->clock, engine_->executor, method,
                                       std::move(prepare));
  }

  const std::shared_ptr<const Engine> engine_;
  const std::size_t page_size_;
};

}  // namespace

std::vector<TicketRef> TicketsInPool(const TicketStore& store, const wire::Pool& pool) {
  std::vector<TicketRef> tickets;
  store.ForEachActive([&](const TicketRef& ticket) {
    if (InWirePool(pool, ticket->wire)) tickets.push_back(ticket);
  });
  std::ranges::sort(tickets, {}, [](const TicketRef& ticket) { return ticket->sequence; });
  return tickets;
}

std::unique_ptr<grpc::Service> MakeQueryService(std::shared_ptr<const Engine> engine,
                                                int page_size) {
  return std::make_unique<QueryService>(std::move(engine), page_size);
}

}  // namespace gsh::sandbox
