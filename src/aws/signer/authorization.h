// The signature of a request that came in, as its Authorization header or its query has it.
#ifndef GSH_SRC_AWS_SIGNER_AUTHORIZATION_H_
#define GSH_SRC_AWS_SIGNER_AUTHORIZATION_H_

#include <string>
#include <vector>

#include "src/aws/signer/verify.h"

namespace gsh::aws {

struct Authorization {
  bool presigned = false;
  std::string access_key_id = {};
  std::string date = {};  // of the scope: "20150830"
  std::string region = {};
  std::string service = {};
  std::string terminator = {};                 // "aws4_request"
  std::string signed_headers = {};             // "host;x-amz-date", as it came
  std::vector<std::string> signed_names = {};  // of them
  std::string signature = {};
  std::string time = {};           // "20150830T123600Z"
  std::string session_token = {};  // empty: none
  long lifetime = 0;               // presigned: seconds
};

// Fills `authorization`; else says what is missing.
AuthVerdict ParseAuthorization(const IncomingRequest& request, Authorization& authorization);

// The value of the first header of that name (in any case); null if there is none.
const std::string* FindField(const IncomingRequest& request, std::string_view name);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_AUTHORIZATION_H_
