// Transfer: one request on the wire, as a curl easy handle.
#ifndef GSH_SRC_HTTP_CLIENT_TRANSFER_H_
#define GSH_SRC_HTTP_CLIENT_TRANSFER_H_

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gsh/clock.h"
#include "src/http/client/client.h"

namespace gsh::http {

struct TransferRequest {
  ClientRequest request = {};
  std::string endpoint = {};     // "host:port"
  std::string server_name = {};  // that the certificate must carry; empty: the endpoint's host
  bool plaintext = false;
  std::shared_ptr<const rpc::TlsMaterial> tls = {};  // null: the system's roots
  bool repeatable = true;  // curl may send it again if a kept connection turns out to be closed
  std::optional<Duration> timeout = {};
  Duration connect_timeout = {};
  std::string proxy = {};
  bool proxy_from_environment = false;
};

struct TransferEnd {
  CURLcode code = CURLE_OK;
  std::string error = {};   // curl's words; empty for CURLE_OK
  bool sent = false;        // something of the request went to the server
  bool connecting = false;  // it was the connection that took too long, not the answer
};

// Its functions run on the loop's thread, OnEnd last and once, and must not block.
class TransferHandler {
 public:
  enum class Body { kTaken, kPause, kTooLarge };

  virtual ~TransferHandler() = default;
  virtual void OnHead(const ClientResponse& head) = 0;
  // After kPause the same bytes come again.
  virtual Body OnBody(std::string_view bytes) = 0;
  // `head` is empty if no answer came.
  virtual void OnEnd(const TransferEnd& end, ClientResponse head) = 0;
};

class Transfer {
 public:
  static constexpr std::size_t kMaxHeaderBytes = 64u << 10;

  Transfer(TransferRequest request, std::shared_ptr<TransferHandler> handler)
      : request_(std::move(request)), handler_(std::move(handler)) {}
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // For the loop. Begin makes the handle; null: no memory.
  CURL* Begin();
  CURL* easy() const { return easy_; }
  void Cancel() { cancelled_ = true; }  // before Begin
  bool cancelled() const { return cancelled_; }
  void End(CURLcode code);

 private:
  static std::size_t Header(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t Write(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t Read(char* to, std::size_t, std::size_t size, void* self);
  static int Seek(void* self, curl_off_t offset, int origin);

  void SetUrl();
  void SetMethod();
  void SetHeaders();
  void SetTls();
  void SetLimits();
  void AddHeader(const std::string& line);
  bool OnHeaderLine(std::string_view line);
  template <typename T>
  void Set(CURLoption option, T value);

  TransferRequest request_;
  std::shared_ptr<TransferHandler> handler_;
  CURL* easy_ = nullptr;
  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_ = {};
  std::string failure_ = {};  // our own reason to stop
  bool cancelled_ = false;
  bool set_up_ = true;    // every option was taken
  std::size_t sent_ = 0;  // bytes of the body
  std::size_t header_bytes_ = 0;
  ClientResponse head_;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_TRANSFER_H_
