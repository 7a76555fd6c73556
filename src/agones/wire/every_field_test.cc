// Nothing that Agones' allocation messages can say is lost: the fields are taken from proto/agones,
// so that one that is added there fails here until it is converted.
#include "src/agones/every_field.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <memory>
#include <set>
#include <string>

#include "src/agones/json/allocation_json.h"
#include "src/agones/wire/allocation_convert.h"
#include "src/proto/json/agones_json.h"

namespace gsh::agones {
namespace {

namespace pb = google::protobuf;
using ::testing::IsEmpty;

class Reflection {
 public:
  Reflection() {
    pb::FileDescriptorSet files;
    const std::string_view bytes = wire_json::Descriptors();
    EXPECT_TRUE(files.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    for (const auto& file : files.file()) EXPECT_NE(pool_.BuildFile(file), nullptr);
  }
  std::unique_ptr<pb::Message> New(std::string_view name) {
    const pb::Descriptor* type = pool_.FindMessageTypeByName(std::string(name));
    return std::unique_ptr<pb::Message>(factory_.GetPrototype(type)->New());
  }

 private:
  pb::DescriptorPool pool_;
  pb::DynamicMessageFactory factory_{&pool_};
};

// Deprecated, or the older name of `metadata`: read by no allocator that knows the newer ones.
bool IsNotSent(const pb::FieldDescriptor& field) {
  return field.options().deprecated() || field.name() == "metaPatch";
}

// Fields of the message, and of those in it, that hold nothing.
void CollectUnset(const pb::Message& message, const std::string& path,
                  std::set<std::string>& unset) {
  const pb::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const pb::FieldDescriptor* field = message.GetDescriptor()->field(i);
    const std::string name = path + field->name();
    if (IsNotSent(*field)) continue;
    const bool is_message = field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
    if (field->is_repeated()) {
      const int size = reflection.FieldSize(message, field);
      if (size == 0) unset.insert(name);
      for (int j = 0; is_message && j < size; ++j) {
        CollectUnset(reflection.GetRepeatedMessage(message, field, j), name + ".", unset);
      }
    } else if (!reflection.HasField(message, field)) {
      unset.insert(name);
    } else if (is_message) {
      CollectUnset(reflection.GetMessage(message, field), name + ".", unset);
    }
  }
}

// With one selector that has every field, none of them the default, which protobuf does not send.
AllocationRequest FullRequest() {
  AllocationRequest request = FullAllocationRequest();
  request.selectors.erase(request.selectors.begin());
  request.selectors.front().state = GameServerSelector::State::kAllocated;
  return request;
}

TEST(EveryFieldOf, ARequestIsSent) {
  Reflection reflection;
  const auto sent = reflection.New(wire_json::kAllocationRequest);
  ASSERT_TRUE(sent->ParseFromString(ToWire(FullRequest()).SerializeAsString()));
  std::set<std::string> unset;
  CollectUnset(*sent, "", unset);
  EXPECT_THAT(unset, IsEmpty());
}

// What has no protobuf writes the same message.
TEST(EveryFieldOf, ARequestIsSentAsJson) {
  const auto json = WriteAllocationRequest(FullRequest(), JsonDialect::kMessage);
  ASSERT_TRUE(json.ok()) << json.status();
  const auto bytes = wire_json::FromJson(wire_json::kAllocationRequest, json->dump());
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  wire_allocation::AllocationRequest sent;
  ASSERT_TRUE(sent.ParseFromString(*bytes));
  EXPECT_EQ(sent.SerializeAsString(), ToWire(FullRequest()).SerializeAsString());
}

// Gives every field a value of its own; texts, numbers, one element of each list and map.
class Filler {
 public:
  void Fill(pb::Message& message) {
    const pb::Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const pb::FieldDescriptor* field = message.GetDescriptor()->field(i);
      const bool many = field->is_repeated();
      switch (field->cpp_type()) {
        case pb::FieldDescriptor::CPPTYPE_MESSAGE:
          Fill(many ? *reflection.AddMessage(&message, field)
                    : *reflection.MutableMessage(&message, field));
          break;
        case pb::FieldDescriptor::CPPTYPE_STRING:
          many ? reflection.AddString(&message, field, Text())
               : reflection.SetString(&message, field, Text());
          break;
        case pb::FieldDescriptor::CPPTYPE_INT32:
          reflection.SetInt32(&message, field, Number());
          break;
        case pb::FieldDescriptor::CPPTYPE_INT64:
          reflection.SetInt64(&message, field, Number());
          break;
        default:
          ADD_FAILURE() << "a kind of field that this test does not know: " << field->full_name();
      }
    }
  }
  const std::set<std::string>& values() const { return values_; }

 private:
  std::string Text() { return *values_.insert("text" + std::to_string(++count_)).first; }
  int Number() {
    values_.insert(std::to_string(1000 + ++count_));
    return 1000 + count_;
  }

  int count_ = 0;
  std::set<std::string> values_;
};

std::set<std::string> ValuesOf(const Allocation& allocation) {
  std::set<std::string> values = {allocation.game_server, allocation.address, allocation.node,
                                  allocation.source};
  const auto add_labels = [&](const Labels& labels) {
    for (const auto& [key, value] : labels) values.insert({key, value});
  };
  add_labels(allocation.labels);
  add_labels(allocation.annotations);
  for (const auto& port : allocation.ports) values.insert({port.name, std::to_string(port.port)});
  for (const auto& address : allocation.addresses) values.insert({address.type, address.address});
  for (const auto& [name, counter] : allocation.counters) {
    values.insert({name, std::to_string(counter.count), std::to_string(counter.capacity)});
  }
  for (const auto& [name, list] : allocation.lists) {
    values.insert({name, std::to_string(list.capacity)});
    values.insert(list.values.begin(), list.values.end());
  }
  return values;
}

TEST(EveryFieldOf, AnAnswerIsRead) {
  Reflection reflection;
  const auto answer = reflection.New(wire_json::kAllocationResponse);
  Filler filler;
  filler.Fill(*answer);
  wire_allocation::AllocationResponse response;
  ASSERT_TRUE(response.ParseFromString(answer->SerializeAsString()));
  EXPECT_EQ(ValuesOf(FromWire(response)), filler.values());

  const auto json = wire_json::ToJson(wire_json::kAllocationResponse, answer->SerializeAsString(),
                                      wire_json::Defaults::kWritten);
  ASSERT_TRUE(json.ok()) << json.status();
  Allocation read;
  EXPECT_TRUE(ReadJson(*json, "answer", [&](const JsonFields& fields) {
                ReadAllocation(fields, read);
              }).ok());
  EXPECT_EQ(ValuesOf(read), filler.values());
}

}  // namespace
}  // namespace gsh::agones
