#include "src/rpc/common/tls_diagnosis.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <utility>
#include <vector>

#include "src/rpc/common/pem.h"

namespace gsh::rpc {
namespace {

bool Contains(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(
      parts, [text](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

bool IssuedByOneOf(X509* certificate, const std::vector<X509Ptr>& authorities) {
  for (const X509Ptr& authority : authorities) {
    if (X509_check_issued(authority.get(), certificate) == X509_V_OK &&
        X509_verify(certificate, X509_get0_pubkey(authority.get())) == 1) {
      return true;
    }
  }
  ERR_clear_error();
  return false;
}

// The chain's last certificate counts: intermediate ones come with the client's own.
std::string DiagnoseIssuer(const TlsOptions& options, const std::vector<X509Ptr>& chain) {
  if (options.ca_file.empty()) return "";
  auto pem = ReadPemFile(options.ca_file);
  if (!pem.ok()) return pem.status().message();
  auto authorities = ParseCertificates(options.ca_file, *pem);
  if (!authorities.ok()) return authorities.status().message();
  for (const X509Ptr& certificate : chain) {
    if (IssuedByOneOf(certificate.get(), *authorities)) return "";
  }
  return "the client certificate in " + options.cert_file + " was not issued by the CA in " +
         options.ca_file + " (right only if the server trusts another CA)";
}

bool MeantForClients(X509* certificate) {
  const std::uint32_t usage = X509_get_extended_key_usage(certificate);
  return usage == UINT32_MAX || (usage & (XKU_SSL_CLIENT | XKU_ANYEKU)) != 0;
}

std::string DiagnoseKey(const TlsOptions& options, X509* leaf) {
  auto pem = ReadPemFile(options.key_file);
  if (!pem.ok()) return pem.status().message();
  const SecretText text(*std::move(pem));
  auto key = ParseKey(options.key_file, text.text());
  if (!key.ok()) return key.status().message();
  if (X509_check_private_key(leaf, key->get()) == 1) return "";
  ERR_clear_error();
  return "the key in " + options.key_file + " does not belong to the certificate in " +
         options.cert_file;
}

std::string DiagnoseValidity(const std::string& file, const X509* leaf) {
  const WallTime now = std::chrono::system_clock::now();
  if (NotAfter(leaf) <= now) {
    return "the client certificate in " + file + " expired at " + FormatTime(NotAfter(leaf));
  }
  if (NotBefore(leaf) > now) {
    return "the client certificate in " + file + " is not valid before " +
           FormatTime(NotBefore(leaf));
  }
  return "";
}

// What the text alone says about the server.
std::string DiagnoseText(const TlsOptions& options, std::string_view endpoint,
                         std::string_view error) {
  const std::string where(endpoint);
  if (Contains(error, {"Connection refused", "Couldn't connect"})) {
    return "nothing listens at " + where;
  }
  if (Contains(error, {"DNS resolution failed", "not known", "resolve host"})) {
    return "the host of " + where + " has no address";
  }
  if (Contains(error, {"WRONG_VERSION_NUMBER", "wrong version number"})) {
    return where + " does not speak TLS (a plaintext server?)";
  }
  if (Contains(error, {"is not in peer certificate", "certificate subject name"})) {
    return "the server's certificate carries another name: set server_name to one that it has";
  }
  if (Contains(error, {"CERTIFICATE_VERIFY_FAILED", "certificate verify failed",
                       "SSL certificate problem"})) {
    return "the server's certificate is expired or was not issued by " +
           (options.ca_file.empty() ? std::string("a CA of this system (ca_file is empty)")
                                    : "the CA in " + options.ca_file);
  }
  return "";
}

// A server that refuses the client's certificate only closes the connection, as far as gRPC tells.
bool LooksLikeRefusal(std::string_view error) {
  return Contains(error, {"handshake", "Handshake", "TSI_", "SSL", "Socket closed",
                          "Connection reset", "Broken pipe", "recvmsg"});
}

}  // namespace

std::string DiagnoseFiles(const TlsOptions& options) {
  if (options.insecure || options.cert_file.empty()) return "";
  auto pem = ReadPemFile(options.cert_file);
  if (!pem.ok()) return pem.status().message();
  auto chain = ParseCertificates(options.cert_file, *pem);
  if (!chain.ok()) return chain.status().message();
  X509* leaf = chain->front().get();
  if (auto found = DiagnoseValidity(options.cert_file, leaf); !found.empty()) return found;
  if (auto found = DiagnoseKey(options, leaf); !found.empty()) return found;
  if (!MeantForClients(leaf)) {
    return "the certificate in " + options.cert_file +
           " is not meant for clients (its extended key usage lacks clientAuth)";
  }
  return DiagnoseIssuer(options, *chain);
}

std::string DiagnoseTls(const TlsOptions& options, std::string_view endpoint,
                        std::string_view error,
                        const std::function<std::string()>& diagnose_files) {
  if (auto found = DiagnoseText(options, endpoint, error); !found.empty()) return found;
  if (!LooksLikeRefusal(error)) return "";
  if (options.insecure) return "the server may expect TLS, and this client was told not to use it";
  if (auto found = diagnose_files(); !found.empty()) return found;
  if (options.cert_file.empty()) {
    return "the server may ask for a client certificate, and cert_file is empty";
  }
  return "";
}

std::string TlsDiagnosis::Of(const ClientOptions& options, std::string_view error) {
  return DiagnoseTls(options.tls, options.endpoint, error, [&] { return OfFiles(options); });
}

std::string TlsDiagnosis::OfFiles(const ClientOptions& options) {
  std::lock_guard lock(mutex_);
  const SteadyTime now = options.clock->SteadyNow();
  if (!looked_at_ || now - *looked_at_ >= kInterval) {
    found_ = DiagnoseFiles(options.tls);
    looked_at_ = now;
  }
  return found_;
}

}  // namespace gsh::rpc
