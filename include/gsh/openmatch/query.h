// openmatch::Query: what a match function calls (open-match v1.8: api/query.proto, all three RPCs).
#ifndef GSH_OPENMATCH_QUERY_H_
#define GSH_OPENMATCH_QUERY_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/openmatch/types.h"
#include "gsh/options.h"
#include "gsh/status.h"

namespace gsh::openmatch {

// A port; see Frontend for how it is used. The server's pages are joined; a broken stream is begun
// again.
class GSH_EXPORT Query {
 public:
  template <typename T>
  using Callback = std::function<void(StatusOr<std::vector<T>>)>;

  virtual ~Query() = default;
  virtual void QueryTicketsAsync(Pool pool, CallOptions options, Callback<Ticket> done) = 0;
  virtual void QueryTicketIdsAsync(Pool pool, CallOptions options, Callback<std::string> done) = 0;
  virtual void QueryBackfillsAsync(Pool pool, CallOptions options, Callback<Backfill> done) = 0;

  StatusOr<std::vector<Ticket>> QueryTickets(Pool pool, CallOptions options = {});
  StatusOr<std::vector<std::string>> QueryTicketIds(Pool pool, CallOptions options = {});
  StatusOr<std::vector<Backfill>> QueryBackfills(Pool pool, CallOptions options = {});
};

struct QueryOptions {
  ClientOptions client = {};
};

GSH_EXPORT StatusOr<std::unique_ptr<Query>> MakeQuery(QueryOptions options);

}  // namespace gsh::openmatch

#endif  // GSH_OPENMATCH_QUERY_H_
