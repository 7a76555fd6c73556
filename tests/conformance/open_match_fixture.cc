#include "tests/conformance/open_match_fixture.h"

#include <gtest/gtest.h>

#include <utility>

#include "src/rpc/common/pem.h"

namespace gsh::conformance {
namespace {

std::string ReadPem(const std::string& file) {
  const auto pem = rpc::ReadPemFile(file);
  EXPECT_TRUE(pem.ok()) << pem.status();
  return pem.ok() ? *pem : "";
}

std::shared_ptr<grpc::ServerCredentials> FunctionCredentials() {
  const TlsOptions tls = OpenMatchTls();
  if (tls.insecure) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({ReadPem(tls.key_file), ReadPem(tls.cert_file)});
  return grpc::SslServerCredentials(options);
}

}  // namespace

ScriptedFunction::ScriptedFunction(Body body) : body_(std::move(body)) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", FunctionCredentials(), &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
}

ScriptedFunction::ScriptedFunction(std::vector<wire::Match> proposals, grpc::Status end)
    : ScriptedFunction([proposals = std::move(proposals), end](const auto&, Writer& writer) {
        for (const wire::Match& proposal : proposals) {
          wire::RunResponse response;
          *response.mutable_proposal() = proposal;
          writer.Write(response);
        }
        return end;
      }) {}

ScriptedFunction::~ScriptedFunction() { server_->Shutdown(std::chrono::system_clock::now()); }

grpc::Status ScriptedFunction::Run(grpc::ServerContext*, const wire::RunRequest* request,
                                   Writer* writer) {
  return body_(request->profile(), *writer);
}

std::vector<std::string> Fetched::ids() const {
  std::vector<std::string> ids;
  for (const wire::Match& match : matches) ids.push_back(match.match_id());
  return ids;
}

void OpenMatchTest::SetUp() {
  const TlsOptions tls = OpenMatchTls();
  frontend_ = wire::FrontendService::NewStub(Connect(OpenMatch().frontend, tls));
  backend_ = wire::BackendService::NewStub(Connect(OpenMatch().backend, tls));
  query_ = wire::QueryService::NewStub(Connect(OpenMatch().query, tls));
}

void OpenMatchTest::TearDown() {
  for (const std::string& id : tickets_) EXPECT_TRUE(Delete(id).ok());
  for (const std::string& id : backfills_) {
    wire::DeleteBackfillRequest request;
    request.set_backfill_id(id);
    google::protobuf::Empty response;
    EXPECT_TRUE(Call(*frontend_, &FrontendStub::DeleteBackfill, request, &response).ok());
  }
}

wire::Ticket OpenMatchTest::NewTicket() const {
  wire::Ticket ticket;
  ticket.mutable_search_fields()->add_tags(tag_);
  return ticket;
}

std::string OpenMatchTest::Create(const wire::Ticket& ticket) {
  wire::CreateTicketRequest request;
  *request.mutable_ticket() = ticket;
  wire::Ticket created;
  const grpc::Status status = Call(*frontend_, &FrontendStub::CreateTicket, request, &created);
  EXPECT_TRUE(status.ok()) << status.error_message();
  if (status.ok()) tickets_.push_back(created.id());
  return created.id();
}

grpc::Status OpenMatchTest::Get(const std::string& id, wire::Ticket* ticket) {
  wire::GetTicketRequest request;
  request.set_ticket_id(id);
  return Call(*frontend_, &FrontendStub::GetTicket, request, ticket);
}

grpc::Status OpenMatchTest::Delete(const std::string& id) {
  wire::DeleteTicketRequest request;
  request.set_ticket_id(id);
  google::protobuf::Empty response;
  return Call(*frontend_, &FrontendStub::DeleteTicket, request, &response);
}

wire::Backfill OpenMatchTest::CreateBackfill() {
  wire::CreateBackfillRequest request;
  request.mutable_backfill()->mutable_search_fields()->add_tags(tag_);
  wire::Backfill created;
  const grpc::Status status = Call(*frontend_, &FrontendStub::CreateBackfill, request, &created);
  EXPECT_TRUE(status.ok()) << status.error_message();
  if (status.ok()) backfills_.push_back(created.id());
  return created;
}

wire::Pool OpenMatchTest::TaggedPool() const {
  wire::Pool pool;
  pool.set_name("pool");
  pool.add_tag_present_filters()->set_tag(tag_);
  return pool;
}

std::vector<std::string> OpenMatchTest::Query(const wire::Pool& pool) {
  grpc::ClientContext context;
  Limit(context);
  wire::QueryTicketsRequest request;
  *request.mutable_pool() = pool;
  const auto reader = query_->QueryTickets(&context, request);
  std::vector<std::string> ids;
  wire::QueryTicketsResponse page;
  while (reader->Read(&page)) {
    for (const wire::Ticket& ticket : page.tickets()) ids.push_back(ticket.id());
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return ids;
}

std::vector<std::string> OpenMatchTest::QueryBackfills(const wire::Pool& pool) {
  grpc::ClientContext context;
  Limit(context);
  wire::QueryBackfillsRequest request;
  *request.mutable_pool() = pool;
  const auto reader = query_->QueryBackfills(&context, request);
  std::vector<std::string> ids;
  wire::QueryBackfillsResponse page;
  while (reader->Read(&page)) {
    for (const wire::Backfill& backfill : page.backfills()) ids.push_back(backfill.id());
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return ids;
}

wire::Match OpenMatchTest::Proposal(const std::string& id, const std::vector<std::string>& tickets,
                                    std::optional<double> score) const {
  wire::Match match;
  match.set_match_id(tag_ + "." + id);
  match.set_match_profile("profile");
  match.set_match_function("conformance");
  for (const std::string& ticket : tickets) match.add_tickets()->set_id(ticket);
  if (score) {
    wire::DefaultEvaluationCriteria criteria;
    criteria.set_score(*score);
    google::protobuf::Any& input = (*match.mutable_extensions())["evaluation_input"];
    input.set_type_url("type.googleapis.com/openmatch.DefaultEvaluationCriteria");
    input.set_value(criteria.SerializeAsString());
  }
  return match;
}

wire::FetchMatchesRequest OpenMatchTest::FetchRequest(int port) const {
  wire::FetchMatchesRequest request;
  request.mutable_config()->set_host("127.0.0.1");
  request.mutable_config()->set_port(port);
  request.mutable_profile()->set_name("profile");
  return request;
}

Fetched OpenMatchTest::Fetch(const wire::FetchMatchesRequest& request) {
  grpc::ClientContext context;
  Limit(context);
  const auto reader = backend_->FetchMatches(&context, request);
  Fetched fetched;
  wire::FetchMatchesResponse response;
  while (reader->Read(&response)) fetched.matches.push_back(response.match());
  fetched.status = reader->Finish();
  for (const wire::Match& match : fetched.matches) {
    if (match.has_backfill()) backfills_.push_back(match.backfill().id());
  }
  return fetched;
}

grpc::Status OpenMatchTest::Assign(const wire::AssignTicketsRequest& request,
                                   wire::AssignTicketsResponse* response) {
  return Call(*backend_, &BackendStub::AssignTickets, request, response);
}

wire::AssignTicketsRequest OpenMatchTest::AssignRequest(const std::vector<std::string>& ids,
                                                        const std::string& connection) {
  wire::AssignTicketsRequest request;
  wire::AssignmentGroup& group = *request.add_assignments();
  group.mutable_assignment()->set_connection(connection);
  for (const std::string& id : ids) group.add_ticket_ids(id);
  return request;
}

std::string OpenMatchTest::ConnectionOf(const std::string& id) {
  wire::Ticket ticket;
  const grpc::Status status = Get(id, &ticket);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return ticket.assignment().connection();
}

grpc::Status OpenMatchTest::Release(const std::vector<std::string>& ids) {
  wire::ReleaseTicketsRequest request;
  for (const std::string& id : ids) request.add_ticket_ids(id);
  wire::ReleaseTicketsResponse response;
  return Call(*backend_, &BackendStub::ReleaseTickets, request, &response);
}

}  // namespace gsh::conformance
