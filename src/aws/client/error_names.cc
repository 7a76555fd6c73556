#include "src/aws/client/error_names.h"

#include <algorithm>
#include <array>

namespace gsh::aws {
namespace {

// botocore's list for its standard retry mode, without LimitExceededException: GameLift says so of
// quotas, which a pause does not raise.
constexpr std::array kThrottling = std::to_array<std::string_view>({
    "429",
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "KmsThrottled",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
});

constexpr std::array kTimeouts =
    std::to_array<std::string_view>({"408", "504", "RequestTimeout", "RequestTimeoutException"});

constexpr std::array kStale = std::to_array<std::string_view>({
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "TokenRefreshRequired",
    "UnrecognizedClientException",
});

constexpr std::array kClockSkew = std::to_array<std::string_view>({
    "AuthFailure",
    "InvalidSignatureException",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
});

struct Row {
  std::string_view name;
  StatusCode code;
};
// "...Exception" is looked up without it, too.
constexpr std::array kCodes = std::to_array<Row>({
    {"AccessDenied", StatusCode::kPermissionDenied},
    {"AuthorizationError", StatusCode::kPermissionDenied},
    {"Conflict", StatusCode::kAborted},
    {"IDPCommunicationError", StatusCode::kUnavailable},  // STS cannot reach an identity provider
    {"IncompleteSignature", StatusCode::kUnauthenticated},
    {"InternalError", StatusCode::kInternal},
    {"InternalFailure", StatusCode::kInternal},
    {"InternalServerError", StatusCode::kInternal},
    {"InternalService", StatusCode::kInternal},
    {"InternalServiceError", StatusCode::kInternal},
    {"InternalServiceFault", StatusCode::kInternal},
    {"InvalidAction", StatusCode::kUnimplemented},
    {"InvalidParameterCombination", StatusCode::kInvalidArgument},
    {"InvalidParameterValue", StatusCode::kInvalidArgument},
    {"InvalidRequest", StatusCode::kInvalidArgument},
    {"KmsAccessDenied", StatusCode::kPermissionDenied},
    {"LimitExceeded", StatusCode::kResourceExhausted},
    {"MessageNotInflight", StatusCode::kFailedPrecondition},
    {"MissingAuthenticationToken", StatusCode::kUnauthenticated},
    {"MissingParameter", StatusCode::kInvalidArgument},
    {"NotAuthorized", StatusCode::kPermissionDenied},
    {"NotFound", StatusCode::kNotFound},
    {"OptInRequired", StatusCode::kPermissionDenied},
    {"OutOfCapacity", StatusCode::kResourceExhausted},
    {"OverLimit", StatusCode::kResourceExhausted},
    {"QueueDoesNotExist", StatusCode::kNotFound},
    {"AWS.SimpleQueueService.NonExistentQueue", StatusCode::kNotFound},
    {"QueueDeletedRecently", StatusCode::kFailedPrecondition},
    {"ReceiptHandleIsInvalid", StatusCode::kInvalidArgument},
    {"ResourceContention", StatusCode::kAborted},
    {"ResourceNotFound", StatusCode::kNotFound},
    {"ServiceUnavailable", StatusCode::kUnavailable},
    {"Unauthorized", StatusCode::kPermissionDenied},
    {"UnauthorizedOperation", StatusCode::kPermissionDenied},
    {"UnknownOperation", StatusCode::kUnimplemented},
    {"UnsupportedOperation", StatusCode::kFailedPrecondition},
    {"ValidationError", StatusCode::kInvalidArgument},
    {"Validation", StatusCode::kInvalidArgument},
});

template <typename Names>
bool Has(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool IsThrottlingName(std::string_view name) { return Has(kThrottling, name); }
bool IsTimeoutName(std::string_view name) { return Has(kTimeouts, name); }
bool IsStaleCredentialsName(std::string_view name) { return Has(kStale, name); }
bool MayBeClockSkewName(std::string_view name) { return Has(kClockSkew, name); }

std::optional<StatusCode> CodeOfErrorName(std::string_view name) {
  if (IsThrottlingName(name)) return StatusCode::kResourceExhausted;
  if (IsTimeoutName(name)) return StatusCode::kDeadlineExceeded;
  if (IsStaleCredentialsName(name) || MayBeClockSkewName(name)) return StatusCode::kUnauthenticated;
  constexpr std::string_view kSuffix = "Exception";
  if (name.ends_with(kSuffix)) name.remove_suffix(kSuffix.size());
  const auto row = std::ranges::find(kCodes, name, &Row::name);
  if (row == kCodes.end()) return std::nullopt;
  return row->code;
}

}  // namespace gsh::aws
