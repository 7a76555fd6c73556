// The operations of SQS that this library calls. All may be repeated: standard queues deliver at
// least once anyway, FIFO queues know a second sending by its deduplication id.
#ifndef GSH_SRC_AWS_SQS_OPERATIONS_H_
#define GSH_SRC_AWS_SQS_OPERATIONS_H_

#include <array>

#include "src/aws/config/service.h"
#include "src/rpc/common/method.h"

namespace gsh::aws::sqs {

inline constexpr Service kSqs{.name = "aws.SQS",
                              .id = "SQS",
                              .signing_name = "sqs",
                              .endpoint_prefix = "sqs",
                              .protocol = Protocol::kJson10,
                              .target_prefix = "AmazonSQS",
                              .version = "2012-11-05"};

inline constexpr rpc::Method kGetQueueUrl{"aws.SQS", "GetQueueUrl"};
inline constexpr rpc::Method kGetQueueAttributes{"aws.SQS", "GetQueueAttributes"};
inline constexpr rpc::Method kSendMessage{"aws.SQS", "SendMessage"};
inline constexpr rpc::Method kSendMessageBatch{"aws.SQS", "SendMessageBatch"};
inline constexpr rpc::Method kReceiveMessage{"aws.SQS", "ReceiveMessage"};
inline constexpr rpc::Method kDeleteMessage{"aws.SQS", "DeleteMessage"};
inline constexpr rpc::Method kDeleteMessageBatch{"aws.SQS", "DeleteMessageBatch"};
inline constexpr rpc::Method kChangeMessageVisibility{"aws.SQS", "ChangeMessageVisibility"};

inline constexpr std::array kOperations = {
    kGetQueueUrl,    kGetQueueAttributes, kSendMessage,        kSendMessageBatch,
    kReceiveMessage, kDeleteMessage,      kDeleteMessageBatch, kChangeMessageVisibility};

}  // namespace gsh::aws::sqs

#endif  // GSH_SRC_AWS_SQS_OPERATIONS_H_
