#include <algorithm>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "gsh/aws/sqs.h"
#include "src/rpc/common/base64.h"
#include "tools/aws/output.h"
#include "tools/aws/service_commands.h"

namespace gsh::aws_tool {
namespace {

struct Flags {
  std::string queue, body, receipt;
  std::string group, deduplication;
  std::vector<std::string> attributes;
  std::optional<int> delay, visibility;
  int max = 1;
  int wait = 0;
  bool remove = false;
};

// One command under way.
struct Task {
  aws::Sqs& sqs;
  std::string url;
  const Flags& flags;
  CallOptions options;
  std::vector<std::string> receipts = {};  // to be deleted once the answer has been printed
};
using Run = std::function<StatusOr<Json>(Task&)>;

std::optional<std::chrono::seconds> SecondsOf(const std::optional<int>& number) {
  return number ? std::optional(std::chrono::seconds(*number)) : std::nullopt;
}

bool IsBinary(const aws::sqs::MessageAttribute& attribute) {
  return attribute.data_type.starts_with("Binary");
}

Status BadAttribute(const std::string& text, const std::string& what) {
  return InvalidArgumentError("--attribute: '" + text + "' " + what);
}

// "NAME=VALUE", "NAME:TYPE=VALUE".
Status AddAttribute(const std::string& text, aws::sqs::MessageAttributes& attributes) {
  const std::size_t equals = std::min(text.find('='), text.size());
  std::string name = text.substr(0, equals);
  if (equals == text.size()) return BadAttribute(text, "is not NAME=VALUE or NAME:TYPE=VALUE");
  aws::sqs::MessageAttribute attribute{.value = text.substr(equals + 1)};
  if (const std::size_t colon = name.find(':'); colon != name.npos) {
    attribute.data_type = name.substr(colon + 1);
    name.resize(colon);
  }
  if (IsBinary(attribute)) {
    auto bytes = rpc::Base64Decode(attribute.value);
    if (!bytes) return BadAttribute(text, "has no Base64 after the =");
    attribute.value = *std::move(bytes);
  }
  if (!attributes.emplace(std::move(name), std::move(attribute)).second) {
    return BadAttribute(text, "has a name that stands there twice");
  }
  return OkStatus();
}

StatusOr<Json> Send(Task& task) {
  const Flags& flags = task.flags;
  aws::sqs::OutgoingMessage message{.body = flags.body,
                                    .delay = SecondsOf(flags.delay),
                                    .group_id = flags.group,
                                    .deduplication_id = flags.deduplication};
  if (flags.body == "-") message.body.assign(std::istreambuf_iterator<char>(std::cin), {});
  for (const std::string& text : flags.attributes) {
    if (Status status = AddAttribute(text, message.attributes); !status.ok()) return status;
  }
  const auto sent = task.sqs.SendMessage(task.url, std::move(message), task.options);
  if (!sent.ok()) return sent.status();
  Json json = {{"message_id", sent->message_id}};
  Add(json, "sequence_number", sent->sequence_number);
  return json;
}

Json JsonOf(const aws::sqs::Message& message, bool with_receipt) {
  Json json = {{"message_id", message.message_id}};
  if (with_receipt) json["receipt_handle"] = message.receipt_handle;
  json["body"] = message.body;
  json["attributes"] = Json::object();
  for (const auto& [name, attribute] : message.attributes) {
    json["attributes"][name] =
        IsBinary(attribute) ? rpc::Base64Encode(attribute.value) : attribute.value;
  }
  json["system_attributes"] = message.system_attributes;
  return json;
}

StatusOr<Json> Receive(Task& task) {
  const Flags& flags = task.flags;
  const auto messages = task.sqs.ReceiveMessage({.queue_url = task.url,
                                                 .max_messages = flags.max,
                                                 .wait = std::chrono::seconds(flags.wait),
                                                 .visibility_timeout = SecondsOf(flags.visibility)},
                                                task.options);
  if (!messages.ok()) return messages.status();
  Json list = Json::array();
  for (const auto& message : *messages) {
    list.push_back(JsonOf(message, !flags.remove));
    if (flags.remove) task.receipts.push_back(message.receipt_handle);
  }
  return list;
}

Status DeleteReceived(Task& task) {
  if (task.receipts.empty()) return OkStatus();
  const auto deleted = task.sqs.DeleteMessageBatch(task.url, task.receipts, task.options);
  if (!deleted.ok()) return deleted.status().WithContext("received, but not deleted");
  const auto failed = std::ranges::find_if_not(*deleted, &Status::ok);
  if (failed == deleted->end()) return OkStatus();
  const auto kept = std::ranges::count_if(*deleted, [](const Status& s) { return !s.ok(); });
  return failed->WithContext(std::to_string(kept) + " of " + std::to_string(deleted->size()) +
                             " were received, but not deleted");
}

StatusOr<Json> Delete(Task& task) {
  Status status = task.sqs.DeleteMessage(task.url, task.flags.receipt, task.options);
  if (!status.ok()) return status;
  return Json::object();
}

StatusOr<Json> Attributes(Task& task) {
  const auto attributes = task.sqs.GetQueueAttributes(task.url, {"All"}, task.options);
  if (!attributes.ok()) return attributes.status();
  return Json(*attributes);
}

Status RunOn(const CommonFlags& common, const Flags& flags, const Run& run, std::stop_token stop) {
  const auto sqs = aws::MakeSqs(common.options);
  if (!sqs.ok()) return sqs.status();
  Task task{.sqs = **sqs, .url = flags.queue, .flags = flags, .options = {.stop = std::move(stop)}};
  if (task.url.find('/') == task.url.npos) {
    auto found = task.sqs.GetQueueUrl(task.url, {}, task.options);
    if (!found.ok()) return found.status().WithContext("queue " + flags.queue);
    task.url = *std::move(found);
  }
  if (Status status = Print(std::cout, run(task), common.output); !status.ok()) return status;
  return DeleteReceived(task);
}

// One subcommand after the other, all with the same flags.
class Adder {
 public:
  Adder(CLI::App& cli, Commands& commands, const CommonFlags& common)
      : group_(cli, commands, "sqs", "SQS: queues and messages",
               "  gsh-aws sqs send my-queue 'hello' --attribute kind=greeting --delay 5\n"
               "  gsh-aws sqs send my-queue.fifo - --group-id match-1 --deduplication-id 7 < file\n"
               "  gsh-aws sqs receive my-queue --max 10 --wait 20 --delete\n"
               "  gsh-aws sqs receive my-queue    # then, by the receipt_handle that it shows:\n"
               "  gsh-aws sqs delete my-queue AQEB...\n"),
        common_(common) {}

  CLI::App& Add(const char* name, const char* help, Run run) {
    CLI::App& command = group_.Add(
        name, help,
        [&common = common_, flags = flags_, run = std::move(run)](service::Program& program) {
          return RunOn(common, *flags, run, program.stop());
        });
    command.add_option("queue", flags_->queue, "its URL, or its name in this account and region")
        ->required();
    return command;
  }
  Flags& flags() { return *flags_; }

 private:
  CommandGroup group_;
  const CommonFlags& common_;
  const std::shared_ptr<Flags> flags_ = std::make_shared<Flags>();
};

}  // namespace

void AddSqsCommands(CLI::App& cli, Commands& commands, const CommonFlags& common) {
  Adder add(cli, commands, common);
  Flags& flags = add.flags();
  add.Add("url", "the URL of a queue", [](Task& task) { return StatusOr<Json>(Json(task.url)); });
  add.Add("attributes", "how a queue is set, and how many messages it has", Attributes);
  CLI::App& send = add.Add("send", "sends a message", Send);
  send.add_option("body", flags.body, "the message; -: standard input")->required();
  send.add_option(
          "--attribute", flags.attributes,
          "NAME=VALUE or NAME:TYPE=VALUE, repeatable up to 10; types String, Number, Binary "
          "(as Base64)")
      ->allow_extra_args(false);
  send.add_option("--delay", flags.delay,
                  "seconds, up to 900; none: the queue's. Not of FIFO queues");
  send.add_option("--group-id", flags.group, "FIFO queues need it: messages of one stay in order");
  send.add_option("--deduplication-id", flags.deduplication,
                  "FIFO queues: a second message with it is dropped for 5 minutes");
  CLI::App& receive = add.Add("receive", "receives messages, [] for none", Receive);
  receive.add_option("--max", flags.max, "messages, up to 10")->capture_default_str();
  receive.add_option("--wait", flags.wait, "seconds, up to 20, for the first one")
      ->capture_default_str();
  receive.add_option("--visibility-timeout", flags.visibility,
                     "seconds that others do not see them; none: the queue's");
  receive.add_flag("--delete", flags.remove, "delete them when they are printed");
  add.Add("delete", "deletes a message", Delete)
      .add_option("receipt", flags.receipt, "the receipt_handle that receive showed")
      ->required();
}

}  // namespace gsh::aws_tool
