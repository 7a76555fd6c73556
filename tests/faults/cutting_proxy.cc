#include "tests/faults/cutting_proxy.h"

#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace gsh::faults {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

auto Into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

tcp::endpoint ParseEndpoint(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  return {asio::ip::make_address(text.substr(0, colon)),
          static_cast<unsigned short>(std::stoi(text.substr(colon + 1)))};
}

}  // namespace

class CuttingProxy::Impl {
 public:
  Impl(const std::string& target, CutPlan plan)
      : target_(ParseEndpoint(target)), plan_(std::move(plan)) {
    holder_.open(tcp::v4());
    holder_.set_option(ReusePort(true));
    holder_.bind({asio::ip::address_v4::loopback(), 0});
    Listen();
    thread_ = std::thread([this] { io_.run(); });
  }

  ~Impl() {
    asio::post(io_, [this] { io_.stop(); });
    thread_.join();
  }

  void Kill(Duration refuse) {
    asio::post(io_, asio::use_future([this, refuse] {
                 for (const std::weak_ptr<Link>& weak : std::exchange(links_, {})) {
                   if (const LinkPtr link = weak.lock()) link->Close();
                 }
                 ++cuts_;
                 Refuse(refuse);
               }))
        .get();
  }

  int port() const { return holder_.local_endpoint().port(); }
  int cuts() const { return cuts_.load(); }

 private:
  // One client's connection and ours to the target.
  struct Link {
    Link(asio::io_context& io, tcp::socket accepted, Http2Tap::Plan plan)
        : client(std::move(accepted)), server(io), tap(std::move(plan)) {}
    void Close() {
      error_code ignored;
      client.close(ignored);
      server.close(ignored);
    }
    tcp::socket client;
    tcp::socket server;
    Http2Tap tap;
    std::optional<std::size_t> bytes_left;  // until it is cut
  };
  using LinkPtr = std::shared_ptr<Link>;

  // A second socket on the holder's port, so that refusing does not lose the port to others.
  void Listen() {
    acceptor_ = tcp::acceptor(io_);
    acceptor_.open(tcp::v4());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.set_option(ReusePort(true));
    acceptor_.bind(holder_.local_endpoint());
    acceptor_.listen();
    asio::co_spawn(io_, Accept(), asio::detached);
  }

  asio::awaitable<void> Accept() {
    for (;;) {
      error_code error;
      tcp::socket client = co_await acceptor_.async_accept(Into(error));
      if (error) co_return;
      asio::co_spawn(io_, Run(std::move(client)), asio::detached);
    }
  }

  asio::awaitable<void> Run(tcp::socket accepted) {
    const auto link =
        std::make_shared<Link>(io_, std::move(accepted), [this](Step& step) { return Ask(step); });
    ++connections_;
    std::erase_if(links_, [](const auto& weak) { return weak.expired(); });
    links_.push_back(link);
    if (plan_.after_bytes) link->bytes_left = plan_.after_bytes(connections_);
    error_code error;
    co_await link->server.async_connect(target_, Into(error));
    if (error) {
      link->Close();
      co_return;
    }
    link->client.set_option(tcp::no_delay(true), error);
    link->server.set_option(tcp::no_delay(true), error);
    asio::co_spawn(io_, Pump(link, /*from_client=*/true), asio::detached);
    co_await Pump(link, /*from_client=*/false);
  }

  asio::awaitable<void> Pump(LinkPtr link, bool from_client) {
    tcp::socket& from = from_client ? link->client : link->server;
    tcp::socket& to = from_client ? link->server : link->client;
    std::array<char, 16384> buffer;
    for (;;) {
      error_code error;
      const std::size_t size = co_await from.async_read_some(asio::buffer(buffer), Into(error));
      if (error) break;
      const Http2Tap::Verdict verdict = Look(*link, from_client, {buffer.data(), size});
      co_await asio::async_write(to, asio::buffer(buffer.data(), verdict.pass), Into(error));
      if (verdict.cut) Cut(*link);
      if (error || verdict.cut) break;
    }
    link->Close();
  }

  Http2Tap::Verdict Look(Link& link, bool from_client, std::string_view bytes) {
    if (link.bytes_left && !from_client) {
      const std::size_t pass = std::min(*link.bytes_left, bytes.size());
      *link.bytes_left -= pass;
      return {.pass = pass, .cut = *link.bytes_left == 0};
    }
    if (!plan_.at_call) return {.pass = bytes.size()};
    return from_client ? link.tap.FromClient(bytes) : link.tap.FromServer(bytes);
  }

  bool Ask(Step& step) {
    const std::optional<Step> answer = plan_.at_call(++calls_);
    step = answer.value_or(step);
    return answer.has_value();
  }

  void Cut(Link& link) {
    link.Close();
    ++cuts_;
    Refuse(plan_.refuse);
  }

  void Refuse(Duration how_long) {
    if (how_long <= Duration::zero() || !acceptor_.is_open()) return;
    error_code ignored;
    acceptor_.close(ignored);
    timer_.expires_after(how_long);
    timer_.async_wait([this](error_code error) {
      if (!error) Listen();
    });
  }

  const tcp::endpoint target_;
  const CutPlan plan_;
  asio::io_context io_{1};
  tcp::socket holder_{io_};  // bound, but it never listens
  tcp::acceptor acceptor_{io_};
  asio::steady_timer timer_{io_};
  std::vector<std::weak_ptr<Link>> links_;
  int connections_ = 0;
  int calls_ = 0;
  std::atomic<int> cuts_ = 0;
  std::thread thread_;
};

CuttingProxy::CuttingProxy(const std::string& target, CutPlan plan)
    : impl_(std::make_unique<Impl>(target, std::move(plan))) {}
CuttingProxy::~CuttingProxy() = default;

std::string CuttingProxy::endpoint() const { return "127.0.0.1:" + std::to_string(impl_->port()); }
void CuttingProxy::Kill(Duration refuse) { impl_->Kill(refuse); }
int CuttingProxy::cuts() const { return impl_->cuts(); }

}  // namespace gsh::faults
