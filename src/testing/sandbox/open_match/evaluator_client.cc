#include "src/testing/sandbox/open_match/evaluator_client.h"

#include <thread>
#include <unordered_map>
#include <utility>

#include "src/proto/openmatch.h"
#include "src/testing/sandbox/open_match/mmf_client.h"

namespace gsh::sandbox {
namespace {

namespace wire = wire_openmatch;

Status Failed(const std::string& what) { return UnknownError("evaluator: " + what); }

// The ids that are still to be accepted, and which proposals they are.
using Ids = std::unordered_map<std::string, std::size_t>;

// Moves what was accepted out of `ids`.
Status Take(const std::string& id, const Ids& all, Ids& left, std::vector<std::size_t>& accepted) {
  const auto found = left.find(id);
  if (found != left.end()) {
    accepted.push_back(found->second);
    left.erase(found);
    return OkStatus();
  }
  if (all.contains(id)) return Failed("accepted match \"" + id + "\" twice");
  return Failed("accepted match \"" + id + "\", which nobody proposed");
}

}  // namespace

EvaluatorClient::EvaluatorClient(const std::string& address,
                                 const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                                 grpc::ChannelArguments arguments)
    : address_(address),
      channel_(grpc::CreateCustomChannel("dns:///" + address, credentials,
                                         WithKeepalive(std::move(arguments)))) {}

StatusOr<std::vector<std::size_t>> EvaluatorClient::Evaluate(
    std::span<const serialised::Match* const> proposals, std::stop_token stop) {
  Ids all;
  for (std::size_t i = 0; i < proposals.size(); ++i) all[proposals[i]->match_id()] = i;
  grpc::ClientContext context;
  const std::stop_callback cancel(stop, [&context] { context.TryCancel(); });
  const auto stub = wire::Evaluator::NewStub(channel_);
  const auto stream = stub->Evaluate(&context);
  // An evaluator may answer while it still reads: neither side waits for the other.
  std::thread writer([&] {
    for (const serialised::Match* proposal : proposals) {
      wire::EvaluateRequest request;
      request.mutable_match()->ParseFromString(proposal->SerializeAsString());
      if (!stream->Write(request)) return;
    }
    stream->WritesDone();
  });
  Ids left = all;
  std::vector<std::size_t> accepted;
  Status wrong;
  wire::EvaluateResponse response;
  while (stream->Read(&response)) {
    if (wrong.ok()) wrong = Take(response.match_id(), all, left, accepted);
    if (!wrong.ok()) context.TryCancel();
  }
  writer.join();
  const grpc::Status ended = stream->Finish();
  if (stop.stop_requested()) return CancelledError("nobody waits for the evaluation");
  if (!wrong.ok()) return wrong;
  if (!ended.ok()) return Failed("at " + address_ + ": " + ended.error_message());
  return accepted;
}

}  // namespace gsh::sandbox
