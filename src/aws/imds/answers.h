// What the metadata service's texts say.
#ifndef GSH_SRC_AWS_IMDS_ANSWERS_H_
#define GSH_SRC_AWS_IMDS_ANSWERS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/aws/instance_metadata.h"
#include "gsh/status.h"

namespace gsh::aws {

// Errors are Internal: the service has answered, but not this.

StatusOr<InstanceIdentity> ParseIdentity(std::string_view json);
StatusOr<SpotInstanceAction> ParseSpotAction(std::string_view json);
StatusOr<WallTime> ParseRebalance(std::string_view json);
StatusOr<std::vector<ScheduledEvent>> ParseScheduledEvents(std::string_view json);
// FailedPrecondition, with the service's own code, if it says that there are none.
StatusOr<Credentials> ParseIamCredentials(std::string_view json);

// One line, without blanks around it. Control characters are an error.
StatusOr<std::string> ParseLine(std::string_view text);
// Lines that are not empty.
StatusOr<std::vector<std::string>> ParseLines(std::string_view text);
// "2026-11-22T03:00:00Z".
StatusOr<WallTime> ParseTimeLine(std::string_view text);
// "21 Jan 2026 09:00:43 GMT".
std::optional<WallTime> ParseEventTime(std::string_view text);

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_IMDS_ANSWERS_H_
