// Credentials as JSON: from a credential_process and from the endpoints of containers.
#ifndef GSH_SRC_AWS_CREDENTIALS_CREDENTIAL_JSON_H_
#define GSH_SRC_AWS_CREDENTIALS_CREDENTIAL_JSON_H_

#include <optional>
#include <string>
#include <string_view>

#include "gsh/aws/credentials.h"
#include "gsh/status.h"

namespace gsh::aws {

// {"Version":1,"AccessKeyId":...,"SecretAccessKey":...,"SessionToken":...,"Expiration":...}; the
// last two and AccountId may be missing. InvalidArgument says what is wrong, and quotes nothing.
StatusOr<Credentials> ParseProcessCredentials(std::string_view json);

// {"AccessKeyId":...,"SecretAccessKey":...,"Token":...,"Expiration":...}; all four are needed.
StatusOr<Credentials> ParseContainerCredentials(std::string_view json);

// InvalidArgument for keys that are empty, or could not be sent as they are: blanks, control
// characters, other than ASCII. Quotes nothing.
Status CheckCredentials(const Credentials& credentials);

// RFC 3339 with "Z" or an offset ("+02:00").
std::optional<WallTime> ParseExpiration(std::string_view text);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CREDENTIALS_CREDENTIAL_JSON_H_
