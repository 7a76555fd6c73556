// Signature Version 4 of AWS: headers and presigned URLs.
#ifndef GSH_AWS_SIGNER_H_
#define GSH_AWS_SIGNER_H_

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gsh/aws/credentials.h"
#include "gsh/clock.h"
#include "gsh/export.h"
#include "gsh/status.h"

namespace gsh::aws {

struct SigningRequest {
  std::string method = "POST";
  std::string host = {};   // with the port, unless it is the scheme's own
  std::string path = "/";  // percent-encoded, as it is sent
  std::string query = {};  // likewise, without "?" and the parameters of a signature
  // All that shall be signed, but "host", and "x-amz-date" and "x-amz-security-token", which come
  // from the signer.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
};

struct SigningOptions {
  bool unsigned_payload = false;       // "UNSIGNED-PAYLOAD" stands for the body's hash
  bool normalize_path = true;          // "." and "..", "//": not for S3
  bool encode_path_twice = true;       // not for S3
  bool content_sha256_header = false;  // x-amz-content-sha256, as S3 wants it
  bool sign_session_token = true;      // else it is only added, as IoT Core wants it
};

// One service in one region. Threads may share it; it keeps the day's signing key.
class GSH_EXPORT Signer {
 public:
  // `region` "eu-west-1", `service` the signing name ("gamelift").
  static StatusOr<std::unique_ptr<Signer>> Make(std::string region, std::string service,
                                                SigningOptions options = {});
  virtual ~Signer() = default;

  // The headers to add: authorization, x-amz-date, x-amz-security-token if there is a token (and
  // x-amz-content-sha256 if asked for).
  virtual StatusOr<std::vector<std::pair<std::string, std::string>>> Sign(
      const SigningRequest& request, const Credentials& credentials, WallTime time) = 0;
  // "https://host/path?query&X-Amz-..." that whoever has it may use for `lifetime` (1 s to 7 days),
  // but no longer than the credentials are good.
  virtual StatusOr<std::string> Presign(const SigningRequest& request,
                                        const Credentials& credentials, WallTime time,
                                        std::chrono::seconds lifetime) = 0;
};

}  // namespace gsh::aws

#endif  // GSH_AWS_SIGNER_H_
