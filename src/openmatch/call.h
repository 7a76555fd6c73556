// One unary call from structs to structs: what the adapters' methods have in common.
#ifndef GSH_SRC_OPENMATCH_CALL_H_
#define GSH_SRC_OPENMATCH_CALL_H_

#include <functional>
#include <memory>
#include <utility>

#include "gsh/status.h"
#include "src/rpc/arena_message.h"
#include "src/rpc/client.h"

namespace gsh::openmatch {

// Sends `request`; `done` gets convert(Response&&), or the error.
template <typename Response, typename Result, typename Request, typename Convert>
void Call(rpc::Client& client, const rpc::Method& method, std::shared_ptr<Request> request,
          CallOptions options, Convert convert, std::function<void(StatusOr<Result>)> done) {
  auto response = rpc::MakeArenaMessage<Response>();
  client.Unary(method, std::move(request), response, std::move(options),
               [response, convert = std::move(convert), done = std::move(done)](Status status) {
                 if (!status.ok()) return done(std::move(status));
                 done(convert(std::move(*response)));
               });
}

// The same for answers that hold nothing.
template <typename Response, typename Request>
void Call(rpc::Client& client, const rpc::Method& method, std::shared_ptr<Request> request,
          CallOptions options, std::function<void(Status)> done) {
  client.Unary(method, std::move(request), std::make_shared<Response>(), std::move(options),
               std::move(done));
}

// Runs `done` with `result` as a call would, without sending anything.
template <typename Result>
void Answer(rpc::Client& client, CallOptions options, std::function<void(Result)> done,
            Result result) {
  client.Pause(Duration(0), std::move(options),
               [done = std::move(done), result = std::move(result)](const Status&) mutable {
                 done(std::move(result));
               });
}

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_CALL_H_
