// What the Open Match cases share: stubs, short forms of calls, match functions that a test
// scripts.
#ifndef GSH_TESTS_CONFORMANCE_OPEN_MATCH_FIXTURE_H_
#define GSH_TESTS_CONFORMANCE_OPEN_MATCH_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/proto/openmatch.h"
#include "tests/conformance/engines.h"

namespace gsh::conformance {

namespace wire = wire_openmatch;

using FrontendStub = wire::FrontendService::Stub;
using BackendStub = wire::BackendService::Stub;

// A match function on this machine, with the engine's certificate: the backend calls it.
class ScriptedFunction final : public wire::MatchFunction::Service {
 public:
  using Writer = grpc::ServerWriter<wire::RunResponse>;
  using Body = std::function<grpc::Status(const wire::MatchProfile&, Writer&)>;

  explicit ScriptedFunction(Body body);
  // Proposes the same matches in every run, then ends with `end`.
  explicit ScriptedFunction(std::vector<wire::Match> proposals,
                            grpc::Status end = grpc::Status::OK);
  ~ScriptedFunction() override;

  int port() const { return port_; }
  grpc::Status Run(grpc::ServerContext* context, const wire::RunRequest* request,
                   Writer* writer) override;

 private:
  const Body body_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

struct Fetched {
  grpc::Status status;
  std::vector<wire::Match> matches;

  std::vector<std::string> ids() const;
};

// Each test has a tag of its own, so that what else is in the engine does not matter.
class OpenMatchTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;  // deletes what the test created

  // A ticket with the test's tag.
  wire::Ticket NewTicket() const;
  std::string Create() { return Create(NewTicket()); }
  std::string Create(const wire::Ticket& ticket);
  grpc::Status Get(const std::string& id, wire::Ticket* ticket);
  grpc::Status Delete(const std::string& id);
  wire::Backfill CreateBackfill();

  // All that have the test's tag.
  wire::Pool TaggedPool() const;
  std::vector<std::string> Query() { return Query(TaggedPool()); }
  std::vector<std::string> Query(const wire::Pool& pool);
  std::vector<std::string> QueryBackfills(const wire::Pool& pool);

  wire::Match Proposal(const std::string& id, const std::vector<std::string>& tickets,
                       std::optional<double> score = std::nullopt) const;
  wire::FetchMatchesRequest FetchRequest(int port) const;
  Fetched Fetch(const wire::FetchMatchesRequest& request);
  Fetched Fetch(const ScriptedFunction& function) { return Fetch(FetchRequest(function.port())); }

  grpc::Status Assign(const wire::AssignTicketsRequest& request,
                      wire::AssignTicketsResponse* response);
  static wire::AssignTicketsRequest AssignRequest(const std::vector<std::string>& ids,
                                                  const std::string& connection);
  std::string ConnectionOf(const std::string& id);
  grpc::Status Release(const std::vector<std::string>& ids);

  const std::string tag_ = UniqueName("conformance");
  std::unique_ptr<FrontendStub> frontend_;
  std::unique_ptr<BackendStub> backend_;
  std::unique_ptr<wire::QueryService::Stub> query_;

 private:
  std::vector<std::string> tickets_;
  std::vector<std::string> backfills_;
};

}  // namespace gsh::conformance

#endif  // GSH_TESTS_CONFORMANCE_OPEN_MATCH_FIXTURE_H_
