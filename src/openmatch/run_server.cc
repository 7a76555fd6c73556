#include "src/openmatch/run_server.h"

#include <grpcpp/health_check_service_interface.h>

#include <chrono>
#include <exception>
#include <utility>

#include "src/rpc/server_credentials.h"

namespace gsh::openmatch {
namespace {

constexpr int kMaxMessageBytes = 16 << 20;  // a profile, or a proposal

}  // namespace

Status RunServer::Listen(grpc::Service* service) {
  auto credentials = rpc::MakeServerCredentials(
      {.tls = options_.tls,
       .clients = options_.require_client_certificate ? rpc::ClientCertificates::kRequire
                  : options_.tls.ca_file.empty()      ? rpc::ClientCertificates::kNone
                                                      : rpc::ClientCertificates::kVerifyIfGiven,
       .log = options_.log,
       .metrics = options_.metrics});
  if (!credentials.ok()) return credentials.status().WithContext(options_.name);
  credentials_ = std::move(credentials).value();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options_.listen, credentials_, &port_);
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a second one on the port must fail
  // Open Match pings each 20 s, with or without calls (internal/rpc/clients.go); by default gRPC
  // closes such a connection, with the runs on it.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.RegisterService(service);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) {
    return UnavailableError(options_.name + ": cannot listen on " + options_.listen +
                            " (is the port taken?)");
  }
  return OkStatus();
}

void RunServer::Stop() {
  std::lock_guard lock(stop_mutex_);
  if (server_ == nullptr) return;
  server_->GetHealthCheckService()->SetServingStatus(false);
  registry_->Close();
  if (!registry_->WaitUntilEmpty(options_.drain_timeout)) registry_->StopAll();
  server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
  registry_->WaitUntilEmpty();
  server_.reset();
}

Status WithoutExceptions(const std::string& what, const std::function<Status()>& function) {
  try {
    return function();
  } catch (const std::exception& exception) {
    return InternalError("the " + what + " threw: " + exception.what());
  } catch (...) {
    return InternalError("the " + what + " threw something that is no std::exception");
  }
}

grpc::Status Refusal(RunRegistry::Admission admission, const std::string& what, int limit) {
  switch (admission) {
    case RunRegistry::Admission::kClosed:
      return {grpc::StatusCode::UNAVAILABLE, "the " + what + " is stopping"};
    case RunRegistry::Admission::kFull:
      return {grpc::StatusCode::RESOURCE_EXHAUSTED,
              std::to_string(limit) + " runs are in progress already"};
    case RunRegistry::Admission::kAdmitted:
      break;
  }
  return grpc::Status::OK;
}

}  // namespace gsh::openmatch
