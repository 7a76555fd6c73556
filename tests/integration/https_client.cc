#include "tests/integration/https_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace gsh::testing {
namespace {

int Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience = {.tv_sec = 30, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

std::string CommonName(SSL* ssl) {
  const std::unique_ptr<X509, void (*)(X509*)> peer(SSL_get1_peer_certificate(ssl), X509_free);
  char name[256] = {};
  if (peer == nullptr) return {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name, sizeof name);
  return name;
}

}  // namespace

HttpsAnswer HttpsGet(int port, const std::string& target, const std::string& headers) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's socket BIO writes without MSG_NOSIGNAL
  HttpsAnswer answer;
  const int fd = Connect(port);
  if (fd < 0) return answer;
  const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()),
                                                             SSL_CTX_free);
  const std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(context.get()), SSL_free);
  SSL_set_fd(ssl.get(), fd);
  std::string text;
  if (SSL_connect(ssl.get()) == 1) {
    answer.server = CommonName(ssl.get());
    const std::string request =
        "GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers + "\r\n";
    SSL_write(ssl.get(), request.data(), static_cast<int>(request.size()));
    char piece[4096];
    for (int size = 0; (size = SSL_read(ssl.get(), piece, sizeof piece)) > 0;) {
      text.append(piece, static_cast<std::size_t>(size));
    }
  }
  close(fd);
  const std::size_t end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.1 ") || end == std::string::npos) return answer;
  answer.code = std::atoi(text.c_str() + 9);
  answer.head = text.substr(0, end);
  answer.body = text.substr(end + 4);
  return answer;
}

std::string BasicLogin(const std::string& name, const std::string& password) {
  const std::string text = name + ":" + password;
  std::string encoded(4 * (text.size() / 3 + 1) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Authorization: Basic " + encoded + "\r\n";
}

}  // namespace gsh::testing
