// The one place where gRPC calls are made: channel with reloaded certificates, deadline, retry with
// budget, cancellation, metrics, logging, callbacks on the executor, clean destruction. Adapters
// above it only convert messages.
#ifndef GSH_SRC_RPC_CLIENT_H_
#define GSH_SRC_RPC_CLIENT_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "gsh/options.h"
#include "gsh/status.h"
#include "src/rpc/common/client_base.h"
#include "src/rpc/common/deadline.h"
#include "src/rpc/common/method.h"
#include "src/rpc/common/retry.h"

namespace gsh::rpc {

struct ClientTraits {
  // Turns a transport's status into the caller's, before it is decided whether to retry. Null: code
  // for code, and codes outside gRPC's enum become InvalidArgument for 4xx, else Unknown, with the
  // number in ErrorInfo::name.
  std::function<Status(const grpc::Status&)> map_status = {};
  // As in RetryRules.
  std::function<bool(const Status&)> is_transient = {};
  std::function<bool(const Status&)> did_not_happen = {};
  grpc::ChannelArguments channel_arguments = {};

  RetryRules retry_rules() const { return {is_transient, did_not_happen}; }
};

class Client {
 public:
  static StatusOr<std::unique_ptr<Client>> Make(ClientOptions options, ClientTraits traits = {});
  // Cancels what is in flight. Callbacks that have not begun run on this thread with Cancelled
  // (those of a ManualExecutor are destroyed unrun); those that run on other threads are waited
  // for. May be called from a callback; a stream whose on_element is on this thread's stack gets
  // its `done` after on_element returns.
  virtual ~Client() = default;

  using DoneCallback = std::function<void(Status)>;

  // `response` belongs to the caller's shared state and is complete when `done` gets OK. `done`
  // runs exactly once on the call's executor (never before this returns, but with InlineExecutor
  // perhaps on another thread).
  virtual void Unary(const Method& method,
                     std::shared_ptr<const google::protobuf::MessageLite> request,
                     std::shared_ptr<google::protobuf::MessageLite> response, CallOptions options,
                     DoneCallback done) = 0;

  // Server streaming, one attempt (whoever calls knows what a repeat means). `new_response` makes
  // an empty message for each element; `on_element` runs in order, one at a time, on the call's
  // executor, and returns false to cancel the rest (then `done` gets OK). `done` runs once, after
  // the last element. Reading goes no more than a few elements ahead of `on_element`.
  virtual void ServerStream(
      const Method& method, std::shared_ptr<const google::protobuf::MessageLite> request,
      std::function<std::shared_ptr<google::protobuf::MessageLite>()> new_response,
      std::function<bool(google::protobuf::MessageLite&)> on_element, CallOptions options,
      DoneCallback done) = 0;

  // What the retry loop would do after such a failure of a stream: by the options and the budget
  // that all calls share. `attempts` have been made in all, `remaining` is what is left of the
  // time.
  virtual RetryDecision DecideRetry(const Method& method, const Status& status, int attempts,
                                    std::optional<Duration> remaining) = 0;

  // A pause that ends as a call does: `done` gets OK after `delay`, Cancelled when options.stop is
  // asked for or the client is destroyed. For whoever repeats a stream.
  virtual void Pause(Duration delay, CallOptions options, DoneCallback done) = 0;

  // Asked for when the destructor begins, before any callback runs because of it. Take it early: it
  // may be looked at when the client is no more, by a callback that let its caller destroy the
  // client.
  virtual std::stop_token gone() const = 0;

  // For client streams (Agones' Health): the current channel, and what the options chose.
  virtual std::shared_ptr<grpc::Channel> channel() = 0;
  // Null members are already replaced by the defaults.
  virtual const ClientOptions& options() const = 0;
};

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_CLIENT_H_
