// Certificates made on the spot: an authority and what it issues, for tests and the sandbox.
#ifndef GSH_SRC_TESTING_CERTIFICATES_H_
#define GSH_SRC_TESTING_CERTIFICATES_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::testing {

enum class KeyType { kEcP256, kRsa2048 };

// A certificate and its key as PEM text.
struct PemPair {
  std::string cert = {};
  std::string key = {};

  // Writes both, each by a temporary file and rename; the key's mode is 0600, the certificate's
  // 0644.
  GSH_EXPORT Status Write(const std::string& cert_file, const std::string& key_file) const;
};

struct CertificateRequest {
  std::string common_name = {};
  std::vector<std::string> names = {};  // subjectAltName: host names and IP addresses
  bool server_auth = false;             // extended key usage; neither of the two: no such extension
  bool client_auth = false;
  KeyType key_type = KeyType::kEcP256;
  // Validity, relative to now; both may be negative.
  std::chrono::seconds not_before = -std::chrono::hours(1);
  std::chrono::seconds not_after = std::chrono::hours(24 * 365);
};

class GSH_EXPORT CertificateAuthority {
 public:
  static StatusOr<CertificateAuthority> Make(std::string common_name,
                                             KeyType key_type = KeyType::kEcP256);

  StatusOr<PemPair> Issue(const CertificateRequest& request) const;
  // The usual two: a server under `names` (the first is the common name), and a client.
  StatusOr<PemPair> IssueServer(std::vector<std::string> names) const;
  StatusOr<PemPair> IssueClient(std::string common_name) const;

  const std::string& cert_pem() const { return cert_pem_; }
  Status WriteCert(const std::string& file) const;

 private:
  struct Impl;  // OpenSSL's certificate and key
  CertificateAuthority() = default;

  std::shared_ptr<const Impl> impl_;
  std::string cert_pem_;
};

// Writes by a temporary file beside it and rename, so that a reader never sees half of it.
GSH_EXPORT Status WriteFileAtomically(const std::string& file, const std::string& content,
                                      unsigned mode);

}  // namespace gsh::testing

#endif  // GSH_SRC_TESTING_CERTIFICATES_H_
