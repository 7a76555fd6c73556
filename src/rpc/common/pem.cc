#include "src/rpc/common/pem.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <utility>

namespace gsh::rpc {
namespace {

constexpr std::size_t kMaxFileBytes = 1 << 20;

using BioPtr = std::unique_ptr<BIO, OpenSslDeleter<BIO_free_all>>;

BioPtr BioOf(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Never asks the terminal for a pass phrase.
int NoPassPhrase(char*, int, int, void*) { return -1; }

// Times after 2262, where WallTime ends, become its end: certificates without expiry say 9999 (RFC
// 5280, section 4.1.2.5).
WallTime ToWallTime(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return WallTime{};
  const std::time_t seconds = timegm(&parts);
  const std::time_t last = std::chrono::system_clock::to_time_t(WallTime::max());
  return seconds >= last ? WallTime::max() : std::chrono::system_clock::from_time_t(seconds);
}

Status CheckValidity(const std::string& file, const X509* certificate, WallTime now) {
  if (NotAfter(certificate) <= now) {
    return InvalidArgumentError(file + ": the certificate expired at " +
                                FormatTime(NotAfter(certificate)));
  }
  if (NotBefore(certificate) > now) {
    return InvalidArgumentError(file + ": the certificate is not valid before " +
                                FormatTime(NotBefore(certificate)));
  }
  return OkStatus();
}

}  // namespace

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  if (this != &other) {
    Wipe();
    text_ = std::move(other.text_);
    other.Wipe();
  }
  return *this;
}

void SecretText::Wipe() {
  // The whole capacity: a moved-from short string still holds its bytes.
  text_.resize(text_.capacity());
  OPENSSL_cleanse(text_.data(), text_.size());
  text_.clear();
}

StatusOr<std::string> ReadPemFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    const std::string why = std::strerror(errno);
    return errno == ENOENT ? NotFoundError(file + ": " + why) : UnavailableError(file + ": " + why);
  }
  std::string text(kMaxFileBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return UnavailableError(file + ": cannot be read");
  const auto size = static_cast<std::size_t>(in.gcount());
  if (size > kMaxFileBytes) return InvalidArgumentError(file + ": larger than 1 MiB");
  std::string result = text.substr(0, size);
  OPENSSL_cleanse(text.data(), size);  // it may have been a key
  return result;
}

StatusOr<std::vector<X509Ptr>> ParseCertificates(const std::string& file, const std::string& pem) {
  std::vector<X509Ptr> certificates;
  const BioPtr bio = BioOf(pem);
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, NoPassPhrase, nullptr)) {
    certificates.emplace_back(next);
  }
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  if (ERR_GET_REASON(error) != PEM_R_NO_START_LINE) {
    return InvalidArgumentError(file + ": holds a damaged certificate");
  }
  if (certificates.empty()) return InvalidArgumentError(file + ": holds no PEM certificate");
  return certificates;
}

StatusOr<KeyPtr> ParseKey(const std::string& file, const std::string& pem) {
  KeyPtr key(PEM_read_bio_PrivateKey(BioOf(pem).get(), nullptr, NoPassPhrase, nullptr));
  ERR_clear_error();
  if (key == nullptr) {
    return InvalidArgumentError(file + ": holds no unencrypted PEM private key");
  }
  return key;
}

WallTime NotBefore(const X509* certificate) { return ToWallTime(X509_get0_notBefore(certificate)); }

WallTime NotAfter(const X509* certificate) { return ToWallTime(X509_get0_notAfter(certificate)); }

std::string FormatTime(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

StatusOr<Identity> LoadIdentity(const std::string& cert_file, const std::string& key_file,
                                WallTime now) {
  auto chain = ReadPemFile(cert_file);
  if (!chain.ok()) return chain.status();
  auto key_text = ReadPemFile(key_file);
  if (!key_text.ok()) return key_text.status();
  Identity identity;
  identity.chain = *std::move(chain);
  identity.key = SecretText(*std::move(key_text));
  auto certificates = ParseCertificates(cert_file, identity.chain);
  if (!certificates.ok()) return certificates.status();
  auto key = ParseKey(key_file, identity.key.text());
  if (!key.ok()) return key.status();
  const X509* leaf = certificates->front().get();
  if (X509_check_private_key(leaf, key->get()) != 1) {
    ERR_clear_error();
    return InvalidArgumentError(key_file + ": the key does not belong to the certificate in " +
                                cert_file);
  }
  if (Status status = CheckValidity(cert_file, leaf, now); !status.ok()) return status;
  identity.not_after = NotAfter(leaf);
  return identity;
}

StatusOr<Roots> LoadRoots(const std::string& ca_file, WallTime now) {
  auto pem = ReadPemFile(ca_file);
  if (!pem.ok()) return pem.status();
  auto certificates = ParseCertificates(ca_file, *pem);
  if (!certificates.ok()) return certificates.status();
  Roots roots{.pem = *std::move(pem)};
  Status problem;
  for (const X509Ptr& certificate : *certificates) {
    Status status = CheckValidity(ca_file, certificate.get(), now);
    if (status.ok()) roots.not_after = std::max(roots.not_after, NotAfter(certificate.get()));
    if (problem.ok()) problem = std::move(status);
  }
  if (roots.not_after == WallTime{}) return problem;
  return roots;
}

FileStamp StampOf(const std::string& file) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0) return {};
  return {.device = info.st_dev,
          .inode = info.st_ino,
          .size = info.st_size,
          .modified_ns = info.st_mtim.tv_sec * std::int64_t{1'000'000'000} + info.st_mtim.tv_nsec};
}

}  // namespace gsh::rpc
