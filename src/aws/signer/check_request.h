// Refuses requests and credentials that cannot be signed, or would be read differently on the way.
#ifndef GSH_SRC_AWS_SIGNER_CHECK_REQUEST_H_
#define GSH_SRC_AWS_SIGNER_CHECK_REQUEST_H_

#include <string_view>

#include "gsh/aws/credentials.h"
#include "gsh/aws/signer.h"
#include "gsh/status.h"

namespace gsh::aws {

// InvalidArgument; no secret is in the message.
Status CheckSigningRequest(const SigningRequest& request);
Status CheckSigningKey(const Credentials& credentials);
// True for what a URL may hold as it stands (RFC 3986): else the server would see another text.
bool IsUrlText(std::string_view text);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_CHECK_REQUEST_H_
