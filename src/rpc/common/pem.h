// PEM files of certificates and keys: read, checked, and described.
#ifndef GSH_SRC_RPC_COMMON_PEM_H_
#define GSH_SRC_RPC_COMMON_PEM_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "gsh/clock.h"
#include "gsh/status.h"

namespace gsh::rpc {

template <auto Free>
struct OpenSslDeleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using X509Ptr = std::unique_ptr<X509, OpenSslDeleter<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslDeleter<EVP_PKEY_free>>;

// A secret's text, wiped when it goes.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string text) : text_(std::move(text)) {}
  SecretText(SecretText&& other) noexcept : text_(std::move(other.text_)) { other.Wipe(); }
  SecretText& operator=(SecretText&& other) noexcept;
  ~SecretText() { Wipe(); }
  const std::string& text() const { return text_; }

 private:
  void Wipe();
  std::string text_;
};

// Whole file, at most 1 MiB. NotFound or Unavailable names the file.
StatusOr<std::string> ReadPemFile(const std::string& file);

// Every certificate in the text; at least one, or InvalidArgument that names `file`.
StatusOr<std::vector<X509Ptr>> ParseCertificates(const std::string& file, const std::string& pem);
StatusOr<KeyPtr> ParseKey(const std::string& file, const std::string& pem);

WallTime NotBefore(const X509* certificate);
WallTime NotAfter(const X509* certificate);
std::string FormatTime(WallTime time);  // "2026-11-21T14:00:00Z"

// A certificate chain with its key.
struct Identity {
  std::string chain = {};
  SecretText key = {};
  WallTime not_after = {};
};

// Reads and checks both: they parse, belong together, and the certificate is valid at `now`. The
// error names the file and what is wrong with it.
StatusOr<Identity> LoadIdentity(const std::string& cert_file, const std::string& key_file,
                                WallTime now);

struct Roots {
  std::string pem = {};
  WallTime not_after = {};  // of the one that lasts longest
};

// At least one certificate that is valid at `now`.
StatusOr<Roots> LoadRoots(const std::string& ca_file, WallTime now);

// What changes when a file is written, replaced, or swapped under a symbolic link.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = -1;  // -1: not there
  std::int64_t modified_ns = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
FileStamp StampOf(const std::string& file);

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_COMMON_PEM_H_
