// What SQS computes over messages.
#ifndef GSH_SRC_AWS_SQS_DIGEST_H_
#define GSH_SRC_AWS_SQS_DIGEST_H_

#include <string>
#include <string_view>

#include "gsh/aws/sqs.h"

namespace gsh::aws::sqs {

// MD5, in lower-case hexadecimal. Empty where OpenSSL does not offer it (FIPS).
std::string Md5(std::string_view bytes);

// Of attributes, as SQS computes it: each name, type and value with its length before it, in the
// order of the names.
std::string Md5OfAttributes(const MessageAttributes& attributes);

bool IsBinary(const MessageAttribute& attribute);

}  // namespace gsh::aws::sqs

#endif  // GSH_SRC_AWS_SQS_DIGEST_H_
