#include "src/testing/certificates.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <utility>

namespace gsh::testing {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using CertPtr = std::unique_ptr<X509, Deleter<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using BigNumPtr = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using AddressPtr = std::unique_ptr<ASN1_OCTET_STRING, Deleter<ASN1_OCTET_STRING_free>>;

Status OpenSslError(const std::string& what) {
  char text[256] = "no detail";
  if (const unsigned long error = ERR_get_error(); error != 0) {
    ERR_error_string_n(error, text, sizeof text);
  }
  ERR_clear_error();
  return InternalError(what + ": " + text);
}

KeyPtr NewKey(KeyType type) {
  return KeyPtr(type == KeyType::kEcP256
                    ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                    : EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
}

bool AddExtension(X509* cert, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension != nullptr && X509_add_ext(cert, extension.get(), -1) == 1;
}

bool SetRandomSerial(X509* cert) {
  BigNumPtr serial(BN_new());
  return serial != nullptr &&
         BN_rand(serial.get(), 126, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(cert)) != nullptr;
}

bool SetSubject(X509* cert, const std::string& common_name) {
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8, text,
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

// Everything but issuer, extensions and signature.
CertPtr NewCertificate(const CertificateRequest& request, EVP_PKEY* key) {
  CertPtr cert(X509_new());
  if (cert == nullptr || X509_set_version(cert.get(), X509_VERSION_3) != 1 ||
      !SetRandomSerial(cert.get()) || !SetSubject(cert.get(), request.common_name) ||
      X509_gmtime_adj(X509_getm_notBefore(cert.get()), request.not_before.count()) == nullptr ||
      X509_gmtime_adj(X509_getm_notAfter(cert.get()), request.not_after.count()) == nullptr ||
      X509_set_pubkey(cert.get(), key) != 1) {
    return nullptr;
  }
  return cert;
}

std::string AltNames(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    const AddressPtr address(a2i_IPADDRESS(name.c_str()));
    text += (text.empty() ? "" : ",") + std::string(address != nullptr ? "IP:" : "DNS:") + name;
  }
  ERR_clear_error();  // a2i_IPADDRESS leaves one for each host name
  return text;
}

std::string ExtendedUsage(const CertificateRequest& request) {
  if (request.server_auth && request.client_auth) return "serverAuth,clientAuth";
  return request.server_auth ? "serverAuth" : request.client_auth ? "clientAuth" : "";
}

std::string ToText(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

StatusOr<std::string> CertToPem(X509* cert) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_X509(bio.get(), cert) != 1) {
    return OpenSslError("writing a certificate");
  }
  return ToText(bio.get());
}

StatusOr<std::string> KeyToPem(EVP_PKEY* key) {
  BioPtr bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return OpenSslError("writing a key");
  }
  return ToText(bio.get());
}

Status FileError(const std::string& file) {
  return UnavailableError("cannot write " + file + ": " + std::strerror(errno));
}

bool WriteAll(int fd, const std::string& content) {
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t written = ::write(fd, content.data() + done, content.size() - done);
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace

struct CertificateAuthority::Impl {
  KeyPtr key;
  CertPtr cert;
};

StatusOr<CertificateAuthority> CertificateAuthority::Make(std::string common_name,
                                                          KeyType key_type) {
  auto impl = std::make_shared<Impl>();
  impl->key = NewKey(key_type);
  if (impl->key == nullptr) return OpenSslError("making a key");
  CertificateRequest request;
  request.common_name = std::move(common_name);
  request.not_after = std::chrono::hours(24 * 3650);
  impl->cert = NewCertificate(request, impl->key.get());
  X509* cert = impl->cert.get();
  if (cert == nullptr || X509_set_issuer_name(cert, X509_get_subject_name(cert)) != 1 ||
      !AddExtension(cert, cert, NID_basic_constraints, "critical,CA:TRUE") ||
      !AddExtension(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !AddExtension(cert, cert, NID_subject_key_identifier, "hash") ||
      X509_sign(cert, impl->key.get(), EVP_sha256()) == 0) {
    return OpenSslError("making a certificate authority");
  }
  CertificateAuthority authority;
  auto pem = CertToPem(cert);
  if (!pem.ok()) return pem.status();
  authority.cert_pem_ = *std::move(pem);
  authority.impl_ = std::move(impl);
  return authority;
}

StatusOr<PemPair> CertificateAuthority::Issue(const CertificateRequest& request) const {
  const KeyPtr key = NewKey(request.key_type);
  if (key == nullptr) return OpenSslError("making a key");
  const CertPtr owned = NewCertificate(request, key.get());
  X509* cert = owned.get();
  X509* issuer = impl_->cert.get();
  const std::string usage = ExtendedUsage(request);
  const std::string names = AltNames(request.names);
  if (cert == nullptr || X509_set_issuer_name(cert, X509_get_subject_name(issuer)) != 1 ||
      !AddExtension(cert, issuer, NID_basic_constraints, "critical,CA:FALSE") ||
      !AddExtension(cert, issuer, NID_authority_key_identifier, "keyid") ||
      (!usage.empty() && !AddExtension(cert, issuer, NID_ext_key_usage, usage)) ||
      (!names.empty() && !AddExtension(cert, issuer, NID_subject_alt_name, names)) ||
      X509_sign(cert, impl_->key.get(), EVP_sha256()) == 0) {
    return OpenSslError("issuing a certificate to " + request.common_name);
  }
  auto cert_pem = CertToPem(cert);
  if (!cert_pem.ok()) return cert_pem.status();
  auto key_pem = KeyToPem(key.get());
  if (!key_pem.ok()) return key_pem.status();
  return PemPair{.cert = *std::move(cert_pem), .key = *std::move(key_pem)};
}

StatusOr<PemPair> CertificateAuthority::IssueServer(std::vector<std::string> names) const {
  CertificateRequest request;
  request.common_name = names.empty() ? "server" : names.front();
  request.names = std::move(names);
  request.server_auth = true;
  return Issue(request);
}

StatusOr<PemPair> CertificateAuthority::IssueClient(std::string common_name) const {
  CertificateRequest request;
  request.common_name = std::move(common_name);
  request.client_auth = true;
  return Issue(request);
}

Status CertificateAuthority::WriteCert(const std::string& file) const {
  return WriteFileAtomically(file, cert_pem_, 0644);
}

Status PemPair::Write(const std::string& cert_file, const std::string& key_file) const {
  if (Status status = WriteFileAtomically(key_file, key, 0600); !status.ok()) return status;
  return WriteFileAtomically(cert_file, cert, 0644);
}

Status WriteFileAtomically(const std::string& file, const std::string& content, unsigned mode) {
  const std::string temporary = file + ".tmp";
  ::unlink(temporary.c_str());  // of a run that was killed
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return FileError(temporary);
  const bool written = WriteAll(fd, content) && ::fchmod(fd, mode) == 0;
  if (::close(fd) != 0 || !written) return FileError(temporary);
  if (std::rename(temporary.c_str(), file.c_str()) != 0) return FileError(file);
  return OkStatus();
}

}  // namespace gsh::testing
