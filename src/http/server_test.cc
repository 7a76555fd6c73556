// The server against raw sockets: what clients do well, badly, slowly and with bad intent.
#include "src/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <future>
#include <latch>
#include <stdexcept>
#include <thread>

#include "gsh/testing/fakes.h"
#include "gsh/testing/matchers.h"
#include "src/testing/certificates.h"

namespace gsh::http {
namespace {

using gsh::testing::IsOk;
using gsh::testing::StatusIs;
using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr milliseconds kPatience{20'000};  // fails instead of hanging

class Socket {
 public:
  explicit Socket(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connected() const { return connected_; }
  int fd() const { return fd_; }
  bool Send(const std::string& text) const {
    return send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  void SetTimeout(milliseconds patience) const {
    const timeval limit = {patience.count() / 1000, patience.count() % 1000 * 1000};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }
  // Until something is there to read, or the end.
  bool Readable(milliseconds patience = kPatience) const {
    pollfd fds = {fd_, POLLIN, 0};
    return poll(&fds, 1, static_cast<int>(patience.count())) > 0;
  }
  // What comes until the server closes; "(timeout)" at the end if it does not.
  std::string ReadAll() const {
    std::string text;
    char chunk[65536];
    for (;;) {
      if (!Readable()) return text + "(timeout)";
      const ssize_t count = recv(fd_, chunk, sizeof chunk, 0);
      if (count <= 0) return text;
      text.append(chunk, static_cast<std::size_t>(count));
    }
  }
  // What comes until `end` is there.
  std::string ReadUntil(const std::string& end) const {
    std::string text;
    char byte = 0;
    while (!text.ends_with(end)) {
      if (!Readable() || recv(fd_, &byte, 1, 0) != 1) return text + "(no more)";
      text += byte;
    }
    return text;
  }

 private:
  int fd_;
  bool connected_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  // OpenSSL's socket BIO in AskTls writes without MSG_NOSIGNAL.
  static void SetUpTestSuite() { std::signal(SIGPIPE, SIG_IGN); }

  void Start(ServerOptions options = {}) {
    if (options.address.empty()) options.address = "127.0.0.1:0";
    if (!options.handler) {
      options.handler = [this](const Request& request) {
        ++calls_;
        return Response{.body = request.method + " " + request.path + "?" + request.query + " [" +
                                request.body + "]"};
      };
    }
    auto server = Server::Start(std::move(options));
    ASSERT_THAT(server, IsOk());
    server_ = std::move(*server);
  }
  // The whole answer to one message, after which the server closes.
  std::string Ask(const std::string& message) {
    Socket socket(server_->port());
    EXPECT_TRUE(socket.Send(message));
    return socket.ReadAll();
  }

  std::atomic<int> calls_ = 0;
  std::unique_ptr<Server> server_;
};

const std::string kClose = "Host: h\r\nConnection: close\r\n";

TEST_F(ServerTest, AnswersAGet) {
  Start();
  const std::string answer = Ask("GET /a%20b?x=1 HTTP/1.1\r\n" + kClose + "\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, AllOf(HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"),
                            HasSubstr("Content-Length: 15\r\n"), HasSubstr("Connection: close\r\n"),
                            HasSubstr("Date: ")));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nGET /a b?x=1 []"));
}

TEST_F(ServerTest, PassesHeadersAndPeerOn) {
  Request seen;
  ServerOptions options;
  options.handler = [&](const Request& request) { return seen = request, Response{.code = 204}; };
  Start(std::move(options));
  const std::string answer =
      Ask("GET /?ticket=a%2Fb HTTP/1.1\r\nX-One: 1\r\nX-one: 2\r\n" + kClose + "\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 204 "), Not(HasSubstr("Content-Length"))));
  ASSERT_NE(seen.FindHeader("x-ONE"), nullptr);
  EXPECT_EQ(*seen.FindHeader("x-ONE"), "1");
  EXPECT_EQ(seen.FindHeader("X-Two"), nullptr);
  EXPECT_EQ(seen.QueryValue("ticket"), "a/b");
  EXPECT_THAT(seen.peer, StartsWith("127.0.0.1:"));
}

TEST_F(ServerTest, KeepsAliveAndPipelines) {
  Start();
  Socket socket(server_->port());
  const std::string get = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
  ASSERT_TRUE(socket.Send(get));
  EXPECT_THAT(socket.ReadUntil("GET /1? []"), StartsWith("HTTP/1.1 200"));
  ASSERT_TRUE(socket.Send(get + get + "GET /2 HTTP/1.1\r\n" + kClose + "\r\n"));
  EXPECT_THAT(socket.ReadAll(), AllOf(StartsWith("HTTP/1.1 200"), EndsWith("GET /2? []")));
  EXPECT_EQ(calls_, 4);
}

TEST_F(ServerTest, Http10Closes) {
  Start();
  EXPECT_THAT(Ask("GET / HTTP/1.0\r\n\r\n"), AllOf(StartsWith("HTTP/1.0 200"), EndsWith("[]")));
}

TEST_F(ServerTest, HeadHasTheLengthButNoBody) {
  Start();
  const std::string answer = Ask("HEAD / HTTP/1.1\r\n" + kClose + "\r\n");
  EXPECT_THAT(answer, AllOf(HasSubstr("Content-Length: 10\r\n"), EndsWith("\r\n\r\n")));
}

TEST_F(ServerTest, ReadsBodies) {
  Start();
  EXPECT_THAT(Ask("POST / HTTP/1.1\r\n" + kClose + "Content-Length: 3\r\n\r\nabc"),
              EndsWith("[abc]"));
  EXPECT_THAT(Ask("POST / HTTP/1.1\r\n" + kClose +
                  "Transfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"),
              EndsWith("[abc]"));
}

TEST_F(ServerTest, SaysContinueWhenAsked) {
  Start();
  Socket socket(server_->port());
  ASSERT_TRUE(socket.Send("POST / HTTP/1.1\r\n" + kClose +
                          "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
  EXPECT_THAT(socket.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 100 "));
  ASSERT_TRUE(socket.Send("abc"));
  EXPECT_THAT(socket.ReadAll(), EndsWith("[abc]"));
}

TEST_F(ServerTest, HandlersHeadersCannotSplitTheResponse) {
  ServerOptions options;
  options.handler = [](const Request&) {
    return Response{.content_type = "text/plain\r\nX-Type: evil",
                    .headers = {{"X-Good", "1"},
                                {"X-Bad", "1\r\nX-Evil: 1"},
                                {"X-Evil: 2\r\nX", "1"},
                                {"content-length", "99"},
                                {"WWW-Authenticate", "Basic realm=\"gsh\""}}};
  };
  Start(std::move(options));
  const std::string answer = Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n");
  EXPECT_THAT(answer, AllOf(HasSubstr("X-Good: 1\r\n"), HasSubstr("WWW-Authenticate: Basic"),
                            Not(HasSubstr("vil")), Not(HasSubstr("99"))));
}

TEST_F(ServerTest, AnExceptionOfTheHandlerIsA500) {
  gsh::testing::RecordingLog log;
  ServerOptions options;
  options.log = &log;
  options.handler = [](const Request&) -> Response { throw std::runtime_error("the reason"); };
  Start(std::move(options));
  const std::string answer = Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("the reason"))));
  EXPECT_EQ(log.Count("the reason"), 1);
}

// What two implementations could read differently; a second request must never come out of it.
class SmugglingTest : public ServerTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(SmugglingTest, IsRefused) {
  Start();
  const std::string answer = Ask(GetParam() + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << GetParam();
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(calls_, 0);
}

std::string Post(const std::string& headers, const std::string& body = "0\r\n\r\n") {
  return "POST / HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + body;
}

INSTANTIATE_TEST_SUITE_P(
    Forms, SmugglingTest,
    ::testing::Values(
        Post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        Post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
        Post("Content-Length: 5\r\nContent-Length: 5\r\n"),
        Post("Content-Length: 0\r\nContent-Length: 5\r\n"), Post("Content-Length: 5, 5\r\n"),
        Post("Content-Length: +5\r\n"), Post("Content-Length: -5\r\n"),
        Post("Content-Length: 0x5\r\n"), Post("Content-Length: 5 5\r\n"),
        Post("Content-Length:\r\n"), Post("Content-Length: 18446744073709551617\r\n"),
        Post("Transfer-Encoding: gzip\r\n"), Post("Transfer-Encoding: identity\r\n"),
        Post("Transfer-Encoding: xchunked\r\n"), Post("Transfer-Encoding: gzip, chunked\r\n"),
        Post("Transfer-Encoding: chunked, chunked\r\n"),
        Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
        Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        Post("Transfer-Encoding : chunked\r\n"),
        Post("Transfer-Encoding: \x0b"
             "chunked\r\n"),
        Post("Transfer-Encoding: \"chunked\"\r\n"), Post("X: y\nTransfer-Encoding: chunked\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "5x\r\nabcde\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"),
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        std::string("GET / HTTP/1.1\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        std::string("GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n"),
        std::string("GET * HTTP/1.1\r\nHost: h\r\n\r\n"),
        std::string("GET / HTTP/1.1\nHost: h\n\n"), std::string("nonsense\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n")));

TEST_F(ServerTest, OtherVersionsAreRefused) {
  Start();
  EXPECT_THAT(Ask("GET / HTTP/3.0\r\nHost: h\r\n\r\n"), Not(HasSubstr(" 200 ")));
  EXPECT_THAT(Ask("GET / HTTP/1.2\r\nHost: h\r\n\r\n"), Not(HasSubstr(" 200 ")));
  EXPECT_EQ(calls_, 0);
}

TEST_F(ServerTest, BoundsHeaderAndBody) {
  ServerOptions options;
  options.max_header_bytes = 1024;
  options.max_body_bytes = 10;
  Start(std::move(options));
  const std::string filler(2000, 'x');
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\nX: " + filler + "\r\n" + kClose + "\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\nX: " + std::string(900, 'x') + "\r\n" + kClose + "\r\n"),
              StartsWith("HTTP/1.1 200 "));
  const std::string post = "POST / HTTP/1.1\r\n" + kClose;
  EXPECT_THAT(Ask(post + "Content-Length: 11\r\n\r\nabcdefghijk"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(Ask(post + "Content-Length: 10\r\n\r\nabcdefghij"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(
      Ask(post + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n"),
      StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(calls_, 2);
}

TEST_F(ServerTest, ARefusalReachesAClientThatIsStillSending) {
  ServerOptions options;
  options.max_body_bytes = 10;
  Start(std::move(options));
  const std::string answer = Ask("POST / HTTP/1.1\r\n" + kClose + "Content-Length: 200000\r\n\r\n" +
                                 std::string(100'000, 'x'));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
}

// One byte every few milliseconds resets any timeout of a single read, but not the request's
// deadline.
TEST_F(ServerTest, ASlowClientIsCutOffAndHoldsNobodyUp) {
  ServerOptions options;
  options.request_timeout = milliseconds(300);
  Start(std::move(options));
  std::vector<std::unique_ptr<Socket>> slow;
  for (int i = 0; i < 50; ++i) {
    slow.push_back(std::make_unique<Socket>(server_->port()));
    ASSERT_TRUE(slow.back()->Send("GET / HTTP/1.1\r\nX: "));
  }
  EXPECT_THAT(Ask("GET /fast HTTP/1.1\r\n" + kClose + "\r\n"), EndsWith("GET /fast? []"));
  const auto start = std::chrono::steady_clock::now();
  while (!slow[0]->Readable(milliseconds(10)) &&
         std::chrono::steady_clock::now() - start < kPatience) {
    slow[0]->Send("x");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, kPatience / 2);
  for (const auto& socket : slow) EXPECT_EQ(socket->ReadAll(), "");
}

TEST_F(ServerTest, ASlowBodyIsCutOff) {
  ServerOptions options;
  options.request_timeout = milliseconds(100);
  Start(std::move(options));
  EXPECT_EQ(Ask("POST / HTTP/1.1\r\n" + kClose + "Content-Length: 10\r\n\r\nabc"), "");
  EXPECT_EQ(calls_, 0);
}

TEST_F(ServerTest, AClientThatDoesNotReadIsCutOff) {
  ServerOptions options;
  options.request_timeout = milliseconds(200);
  options.handler = [](const Request&) { return Response{.body = std::string(64u << 20, 'x')}; };
  Start(std::move(options));
  Socket socket(server_->port());
  ASSERT_TRUE(socket.Send("GET / HTTP/1.1\r\n" + kClose + "\r\n"));
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(socket.Readable());
  while (server_->connections() > 0 && std::chrono::steady_clock::now() - start < kPatience) {
    std::this_thread::yield();
  }
  EXPECT_EQ(server_->connections(), 0u);
  EXPECT_LT(socket.ReadAll().size(), 64u << 20);
}

TEST_F(ServerTest, IdleConnectionsEnd) {
  ServerOptions options;
  options.idle_timeout = milliseconds(50);
  Start(std::move(options));
  Socket fresh(server_->port());
  EXPECT_EQ(fresh.ReadAll(), "");
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("GET /? []"));
}

TEST_F(ServerTest, ConnectionsAreBounded) {
  ServerOptions options;
  options.max_connections = 4;
  Start(std::move(options));
  std::vector<std::unique_ptr<Socket>> open;
  for (int i = 0; i < 4; ++i) {
    open.push_back(std::make_unique<Socket>(server_->port()));
    ASSERT_TRUE(open.back()->Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    open.back()->ReadUntil("GET /? []");
  }
  EXPECT_EQ(server_->connections(), 4u);
  EXPECT_EQ(Socket(server_->port()).ReadAll(), "");
  open.pop_back();
  std::string answer;
  const auto start = std::chrono::steady_clock::now();
  while (answer.empty() && std::chrono::steady_clock::now() - start < kPatience) {
    Socket again(server_->port());
    again.Send("GET / HTTP/1.1\r\n" + kClose + "\r\n");
    answer = again.ReadAll();
  }
  EXPECT_THAT(answer, EndsWith("GET /? []"));
}

TEST_F(ServerTest, ManyClientsAtOnce) {
  Start();
  std::atomic<int> good = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        Socket socket(server_->port());
        socket.Send("POST / HTTP/1.1\r\n" + kClose + "Content-Length: 2\r\n\r\nok");
        if (socket.ReadAll().ends_with("[ok]")) ++good;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(good, 400);
}

TEST_F(ServerTest, HandlersOnAnExecutorRunAtTheSameTime) {
  std::latch both(2);
  ServerOptions options;
  options.executor = MakeThreadPool(2);
  options.handler = [&](const Request&) {
    both.arrive_and_wait();
    return Response{.body = "both"};
  };
  Start(std::move(options));
  auto first =
      std::async(std::launch::async, [&] { return Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n"); });
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n"), EndsWith("both"));
  EXPECT_THAT(first.get(), EndsWith("both"));
}

TEST_F(ServerTest, StopLetsARequestFinish) {
  std::latch entered(1);
  std::latch leave(1);
  ServerOptions options;
  options.executor = MakeThreadPool(1);
  options.handler = [&](const Request&) {
    entered.count_down();
    leave.wait();
    return Response{.body = "finished"};
  };
  Start(std::move(options));
  Socket idle(server_->port());
  Socket busy(server_->port());
  ASSERT_TRUE(busy.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  entered.wait();
  auto stopped = std::async(std::launch::async, [&] { server_->Stop(); });
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_EQ(stopped.wait_for(milliseconds(0)), std::future_status::timeout);
  leave.count_down();
  EXPECT_THAT(busy.ReadAll(), AllOf(HasSubstr("Connection: close"), EndsWith("finished")));
  stopped.get();
  EXPECT_FALSE(Socket(server_->port()).connected());
  server_->Stop();  // again: nothing happens
}

TEST_F(ServerTest, StopWaitsForAHandlerThatTakesTooLong) {
  std::latch entered(1);
  std::promise<void> leave;
  std::atomic<bool> left = false;
  ServerOptions options;
  options.request_timeout = milliseconds(50);
  options.executor = MakeThreadPool(1);
  options.handler = [&](const Request&) {
    entered.count_down();
    leave.get_future().wait();
    left = true;
    return Response{};
  };
  Start(std::move(options));
  Socket busy(server_->port());
  ASSERT_TRUE(busy.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  entered.wait();
  auto stopped = std::async(std::launch::async, [&] {
    server_->Stop();
    return left.load();
  });
  EXPECT_EQ(busy.ReadAll(), "");  // Stop closed it when request_timeout was over
  leave.set_value();
  EXPECT_TRUE(stopped.get());
}

TEST_F(ServerTest, BadOptionsAndAddresses) {
  EXPECT_THAT(Server::Start({.address = "127.0.0.1:0"}), StatusIs(StatusCode::kInvalidArgument));
  const Handler handler = [](const Request&) { return Response{}; };
  EXPECT_THAT(Server::Start({.address = "nonsense", .handler = handler}),
              StatusIs(StatusCode::kInvalidArgument));
  Start();
  EXPECT_THAT(Server::Start(
                  {.address = "127.0.0.1:" + std::to_string(server_->port()), .handler = handler}),
              StatusIs(StatusCode::kUnavailable, HasSubstr("cannot listen on 127.0.0.1:")));
}

TEST_F(ServerTest, NoHostIsAllAddresses) {
  ServerOptions options;
  options.address = ":0";
  Start(std::move(options));
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\n" + kClose + "\r\n"), EndsWith("GET /? []"));
}

// A TLS context with a certificate for `name`.
std::shared_ptr<SSL_CTX> ServerContext(const gsh::testing::CertificateAuthority& authority,
                                       const std::string& name) {
  const auto pair = authority.IssueServer({name});
  const std::string stem = ::testing::TempDir() + "/http_server_test_" + std::to_string(getpid());
  EXPECT_THAT(pair->Write(stem + ".crt", stem + ".key"), IsOk());
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  EXPECT_EQ(SSL_CTX_use_certificate_chain_file(context.get(), (stem + ".crt").c_str()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context.get(), (stem + ".key").c_str(), SSL_FILETYPE_PEM),
            1);
  unlink((stem + ".crt").c_str());
  unlink((stem + ".key").c_str());
  return context;
}

// The certificate's common name and the response, as "name: response".
std::string AskTls(int port) {
  Socket socket(port);
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()),
                                                       SSL_CTX_free);
  std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(context.get()), SSL_free);
  socket.SetTimeout(kPatience);  // OpenSSL blocks in recv
  SSL_set_fd(ssl.get(), socket.fd());
  if (SSL_connect(ssl.get()) != 1) return "no TLS";
  const std::string get = "GET / HTTP/1.1\r\n" + kClose + "\r\n";
  SSL_write(ssl.get(), get.data(), static_cast<int>(get.size()));
  std::unique_ptr<X509, void (*)(X509*)> peer(SSL_get1_peer_certificate(ssl.get()), X509_free);
  char name[256] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name, sizeof name);
  std::string answer = std::string(name) + ": ";
  char chunk[4096];
  for (int count = 0; (count = SSL_read(ssl.get(), chunk, sizeof chunk)) > 0;) {
    answer.append(chunk, static_cast<std::size_t>(count));
  }
  return answer;
}

TEST_F(ServerTest, TlsContextIsAskedForEachConnection) {
  const auto authority = gsh::testing::CertificateAuthority::Make("test");
  ASSERT_THAT(authority, IsOk());
  const std::vector<std::shared_ptr<SSL_CTX>> contexts = {
      ServerContext(*authority, "first"), ServerContext(*authority, "second"), nullptr};
  std::atomic<std::size_t> next = 0;
  ServerOptions options;
  // The last one for all others: this port may be known to a client of an earlier test.
  options.tls = [&] { return contexts[std::min(next++, contexts.size() - 1)]; };
  Start(std::move(options));
  EXPECT_THAT(AskTls(server_->port()), AllOf(StartsWith("first: HTTP"), EndsWith("GET /? []")));
  EXPECT_THAT(AskTls(server_->port()), AllOf(StartsWith("second: HTTP"), EndsWith("GET /? []")));
  EXPECT_EQ(AskTls(server_->port()), "no TLS");
  server_->Stop();
}

TEST_F(ServerTest, AStalledHandshakeIsCutOff) {
  const auto authority = gsh::testing::CertificateAuthority::Make("test");
  const auto context = ServerContext(*authority, "name");
  ServerOptions options;
  options.request_timeout = milliseconds(100);
  options.tls = [&] { return context; };
  Start(std::move(options));
  EXPECT_EQ(Socket(server_->port()).ReadAll(), "");
}

}  // namespace
}  // namespace gsh::http
