// SQS's requests and answers as JSON.
#ifndef GSH_SRC_AWS_SQS_MESSAGES_H_
#define GSH_SRC_AWS_SQS_MESSAGES_H_

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gsh/aws/sqs.h"
#include "gsh/status.h"
#include "src/aws/client/mistakes.h"

namespace gsh::aws::sqs {

inline constexpr std::size_t kMaxEntries = 10;                  // of a batch
inline constexpr std::size_t kMaxBytes = std::size_t{1} << 20;  // of a message, and of a batch

// Of an answer: ten messages, of which JSON may have six bytes for one of theirs.
inline constexpr std::uint32_t kMaxAnswer = 64u << 20;

bool IsFifo(std::string_view queue_url);

// What of a message counts towards the limits: body, and names, types and values of attributes.
std::size_t SizeOf(const OutgoingMessage& message);
void CheckMessage(std::string_view queue_url, const OutgoingMessage& message,
                  const std::string& where, Mistakes& mistakes);
Status CheckReceive(const ReceiveRequest& request);

nlohmann::json ToJson(const OutgoingMessage& message);
std::string ReceiveBody(const ReceiveRequest& request);

// An answer as an object. InternalError if it is none.
StatusOr<nlohmann::json> ParseAnswer(std::string_view body);

// One result of sending; DataLoss if the digests are not the message's.
StatusOr<SentMessage> ReadSent(const nlohmann::json& answer, const OutgoingMessage& message);
StatusOr<std::vector<Message>> ReadMessages(std::string_view body);

// Of a batch whose entries have their numbers as ids: each entry's place in "Successful", or the
// error that "Failed" has for it.
struct EntryResult {
  Status status = {};
  nlohmann::json answer = {};
};
StatusOr<std::vector<EntryResult>> ReadBatch(std::string_view body, std::size_t entries);

}  // namespace gsh::aws::sqs

#endif  // GSH_SRC_AWS_SQS_MESSAGES_H_
