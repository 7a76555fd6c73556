#include "src/http/client/transfer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gsh::http {
namespace {

// Milliseconds for curl, whose 0 means "no limit": never less than 1.
long ToMillis(Duration duration) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
  return static_cast<long>(std::clamp<std::int64_t>(ms, 1, 1'000'000'000));
}

curl_blob BlobOf(const std::string& text) {
  return {.data = const_cast<char*>(text.data()), .len = text.size(), .flags = CURL_BLOB_COPY};
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::strchr(" \t\r\n", text.back()) != nullptr) text.remove_suffix(1);
  while (!text.empty() && std::strchr(" \t", text.front()) != nullptr) text.remove_prefix(1);
  return text;
}

}  // namespace

Transfer::~Transfer() {
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
  curl_slist_free_all(connect_to_);
}

template <typename T>
void Transfer::Set(CURLoption option, T value) {
  set_up_ = set_up_ && curl_easy_setopt(easy_, option, value) == CURLE_OK;
}

CURL* Transfer::Begin() {
  easy_ = curl_easy_init();
  if (easy_ == nullptr) return nullptr;
  Set(CURLOPT_ERRORBUFFER, error_.data());
  Set(CURLOPT_NOSIGNAL, 1L);
  Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  Set(CURLOPT_HEADERFUNCTION, &Header);
  Set(CURLOPT_HEADERDATA, this);
  Set(CURLOPT_WRITEFUNCTION, &Write);
  Set(CURLOPT_WRITEDATA, this);
  SetUrl();
  SetMethod();
  SetHeaders();
  SetTls();
  SetLimits();
  return set_up_ ? easy_ : nullptr;
}

void Transfer::SetUrl() {
  const std::string& endpoint = request_.endpoint;
  const std::string port = endpoint.substr(endpoint.rfind(':'));
  std::string authority = endpoint;
  if (!request_.plaintext && !request_.server_name.empty()) {
    // The name in the URL is the one that is checked; the connection goes to the endpoint.
    authority = request_.server_name + port;
    connect_to_ = curl_slist_append(nullptr, (authority + ":" + endpoint).c_str());
    Set(CURLOPT_CONNECT_TO, connect_to_);
    AddHeader("Host: " + endpoint);
  }
  const std::string url =
      (request_.plaintext ? "http://" : "https://") + authority + request_.request.target;
  Set(CURLOPT_URL, url.c_str());
  Set(CURLOPT_PATH_AS_IS, 1L);
  Set(CURLOPT_PROTOCOLS_STR, "http,https");
  if (!request_.proxy.empty() || !request_.proxy_from_environment) {
    Set(CURLOPT_PROXY, request_.proxy.c_str());  // "": not even the environment's
    Set(CURLOPT_NOPROXY, "");                    // for all hosts, whatever no_proxy says
  }
}

void Transfer::SetMethod() {
  const ClientRequest& request = request_.request;
  const bool usually_has_body =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (request.method == "HEAD") {
    Set(CURLOPT_NOBODY, 1L);
  } else if (usually_has_body || !request.body.empty()) {
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    Set(CURLOPT_READFUNCTION, &Read);
    Set(CURLOPT_READDATA, this);
    Set(CURLOPT_SEEKFUNCTION, &Seek);
    Set(CURLOPT_SEEKDATA, this);
    Set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  } else if (request.method != "GET") {
    Set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  // A body that cannot be rewound keeps curl from sending it twice; without a body only a
  // connection of its own does.
  if (!request_.repeatable && request.body.empty()) Set(CURLOPT_FRESH_CONNECT, 1L);
}

void Transfer::SetHeaders() {
  const Headers& headers = request_.request.headers;
  for (const auto& [name, value] : headers) {
    AddHeader(value.empty() ? name + ";" : name + ": " + value);
  }
  AddHeader("Expect:");  // no waiting for "100 Continue"
  for (const char* ours : {"Content-Type", "Accept", "User-Agent"}) {
    if (FindHeader(headers, ours) != nullptr) continue;
    AddHeader(std::string(ours) + (std::strcmp(ours, "User-Agent") == 0 ? ": libgsh" : ":"));
  }
  Set(CURLOPT_HTTPHEADER, headers_);
}

void Transfer::AddHeader(const std::string& line) {
  curl_slist* const longer = curl_slist_append(headers_, line.c_str());
  set_up_ = set_up_ && longer != nullptr;
  if (longer != nullptr) headers_ = longer;
}

void Transfer::SetTls() {
  if (request_.plaintext) return;
  Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  const rpc::TlsMaterial* tls = request_.tls.get();
  if (tls == nullptr) return;
  if (!tls->roots.empty()) {
    curl_blob roots = BlobOf(tls->roots);
    Set(CURLOPT_CAINFO_BLOB, &roots);
    Set(CURLOPT_CAPATH, static_cast<char*>(nullptr));  // else the system's roots count, too
  }
  if (!tls->chain.empty()) {
    curl_blob chain = BlobOf(tls->chain);
    curl_blob key = BlobOf(tls->key.text());
    Set(CURLOPT_SSLCERT_BLOB, &chain);
    Set(CURLOPT_SSLKEY_BLOB, &key);
  }
}

void Transfer::SetLimits() {
  if (request_.timeout) Set(CURLOPT_TIMEOUT_MS, ToMillis(*request_.timeout));
  Set(CURLOPT_CONNECTTIMEOUT_MS, ToMillis(request_.connect_timeout));
  // A peer that has gone without a word is noticed under a long watch, too.
  Set(CURLOPT_TCP_KEEPALIVE, 1L);
  Set(CURLOPT_TCP_KEEPIDLE, 30L);
  Set(CURLOPT_TCP_KEEPINTVL, 10L);
}

std::size_t Transfer::Header(char* data, std::size_t, std::size_t size, void* self) {
  return static_cast<Transfer*>(self)->OnHeaderLine({data, size}) ? size : 0;
}

bool Transfer::OnHeaderLine(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) {
    failure_ = "headers of more than 64 KiB";
    return false;
  }
  if (line.starts_with("HTTP/")) {  // of the answer, after any 1xx
    head_ = {};
    return true;
  }
  if (const std::string_view text = Trim(line); !text.empty()) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::size_t value = std::min(colon + 1, text.size());
    head_.headers.emplace_back(text.substr(0, colon), Trim(text.substr(value)));
    return true;
  }
  long code = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &code);
  if (code >= 200 && head_.code == 0) {  // not the end of the trailers
    head_.code = static_cast<int>(code);
    handler_->OnHead(head_);
  }
  return true;
}

std::size_t Transfer::Write(char* data, std::size_t, std::size_t size, void* self) {
  auto* const transfer = static_cast<Transfer*>(self);
  switch (transfer->handler_->OnBody({data, size})) {
    case TransferHandler::Body::kTaken:
      return size;
    case TransferHandler::Body::kPause:
      return CURL_WRITEFUNC_PAUSE;
    case TransferHandler::Body::kTooLarge:
      transfer->failure_ = "a body larger than max_message_bytes";
  }
  return 0;
}

std::size_t Transfer::Read(char* to, std::size_t, std::size_t size, void* self) {
  auto* const transfer = static_cast<Transfer*>(self);
  const std::string& body = transfer->request_.request.body;
  const std::size_t count = std::min(size, body.size() - transfer->sent_);
  std::memcpy(to, body.data() + transfer->sent_, count);
  transfer->sent_ += count;
  return count;
}

int Transfer::Seek(void* self, curl_off_t offset, int origin) {
  auto* const transfer = static_cast<Transfer*>(self);
  if (!transfer->request_.repeatable || origin != SEEK_SET || offset < 0 ||
      static_cast<std::size_t>(offset) > transfer->request_.request.body.size()) {
    return CURL_SEEKFUNC_FAIL;
  }
  transfer->sent_ = static_cast<std::size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

void Transfer::End(CURLcode code) {
  TransferEnd end{.code = code};
  if (code != CURLE_OK) {
    end.error = error_[0] != '\0' ? std::string(error_.data()) : curl_easy_strerror(code);
    if (!failure_.empty()) end.error = failure_;
  }
  if (easy_ != nullptr) {
    long bytes = 0;
    curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &bytes);
    end.sent = bytes > 0;
  }
  end.connecting = code == CURLE_OPERATION_TIMEDOUT && !end.sent &&
                   (!request_.timeout || request_.connect_timeout < *request_.timeout);
  // Curl reads the callbacks' data no more; the handler may drop the last reference to us.
  const std::shared_ptr<TransferHandler> handler = std::move(handler_);
  handler->OnEnd(end, std::move(head_));
}

}  // namespace gsh::http
