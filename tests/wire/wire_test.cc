// Every message, field number, type, enum value and RPC of proto/ equals the engines' (the *.txt
// beside this file), and nothing is missing or more.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace pb = google::protobuf;

// A fact is one line with what it belongs to in front: "openmatch.Ticket: 1 id string".
using Facts = std::set<std::string>;

std::string TypeName(const std::string& dotted) { return dotted.substr(1); }

std::string ScalarName(pb::FieldDescriptorProto::Type type) {
  return pb::FieldDescriptor::TypeName(static_cast<pb::FieldDescriptor::Type>(type));
}

class Describer {
 public:
  explicit Describer(Facts& facts) : facts_(facts) {}

  void File(const pb::FileDescriptorProto& file) {
    for (const auto& message : file.message_type()) Message(file.package(), message);
    for (const auto& type : file.enum_type()) Enum(file.package(), type);
    for (const auto& service : file.service()) Service(file.package(), service);
  }

 private:
  void Message(const std::string& scope, const pb::DescriptorProto& message) {
    const std::string name = scope + "." + message.name();
    facts_.insert("message " + name);
    std::map<std::string, std::string> map_types;
    for (const auto& nested : message.nested_type()) {
      if (nested.options().map_entry()) {
        map_types[name + "." + nested.name()] =
            "map<" + Type(nested.field(0), {}) + "," + Type(nested.field(1), {}) + ">";
      } else {
        Message(name, nested);
      }
    }
    for (const auto& type : message.enum_type()) Enum(name, type);
    for (const auto& field : message.field()) {
      const std::string type = Type(field, map_types);
      std::string fact = name + ": " + std::to_string(field.number()) + " " + field.name() + " ";
      if (field.label() == field.LABEL_REPEATED && type.rfind("map<", 0) != 0) fact += "repeated ";
      fact += type;
      if (field.options().deprecated()) fact += " deprecated";
      facts_.insert(fact);
    }
    for (const auto& range : message.reserved_range()) {
      facts_.insert(name + ": reserved " + std::to_string(range.start()) + ".." +
                    std::to_string(range.end() - 1));
    }
  }

  static std::string Type(const pb::FieldDescriptorProto& field,
                          const std::map<std::string, std::string>& map_types) {
    if (field.type_name().empty()) return ScalarName(field.type());
    const std::string name = TypeName(field.type_name());
    const auto map = map_types.find(name);
    return map == map_types.end() ? name : map->second;
  }

  void Enum(const std::string& scope, const pb::EnumDescriptorProto& type) {
    std::string fact = "enum " + scope + "." + type.name() + ":";
    const char* separator = " ";
    for (const auto& value : type.value()) {
      fact += separator + value.name() + "=" + std::to_string(value.number());
      separator = ", ";
    }
    facts_.insert(fact);
  }

  void Service(const std::string& scope, const pb::ServiceDescriptorProto& service) {
    const std::string name = scope + "." + service.name();
    facts_.insert("service " + name);
    for (const auto& method : service.method()) {
      facts_.insert(name + ": " + method.name() + "(" +
                    (method.client_streaming() ? "stream " : "") + TypeName(method.input_type()) +
                    ") -> " + (method.server_streaming() ? "stream " : "") +
                    TypeName(method.output_type()));
    }
  }

  Facts& facts_;
};

Facts FromDescriptors() {
  std::ifstream in(DESCRIPTORS, std::ios::binary);
  pb::FileDescriptorSet set;
  EXPECT_TRUE(set.ParseFromIstream(&in)) << DESCRIPTORS;
  Facts facts;
  for (const auto& file : set.file()) Describer(facts).File(file);
  return facts;
}

// The HTTP bindings of a method are not part of the protos here.
std::string WithoutHttp(const std::string& line) { return line.substr(0, line.find("   HTTP ")); }

void ReadFacts(const std::string& file, Facts& facts) {
  std::ifstream in(std::string(FACTS_DIR) + "/" + file);
  ASSERT_TRUE(in) << file;
  std::string owner;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == ' ') {
      facts.insert(owner + ": " + WithoutHttp(line.substr(2)));
      continue;
    }
    facts.insert(line);
    owner = line.substr(line.find(' ') + 1);
  }
}

std::vector<std::string> Minus(const Facts& a, const Facts& b) {
  std::vector<std::string> result;
  for (const std::string& fact : a) {
    if (!b.contains(fact)) result.push_back(fact);
  }
  return result;
}

TEST(WireTest, ProtosAreTheEngines) {
  Facts expected;
  ReadFacts("openmatch.txt", expected);
  ReadFacts("agones.txt", expected);
  const Facts actual = FromDescriptors();
  EXPECT_GT(actual.size(), 250u);
  EXPECT_EQ(Minus(expected, actual), std::vector<std::string>()) << "missing from proto/";
  EXPECT_EQ(Minus(actual, expected), std::vector<std::string>())
      << "in proto/ but not in the engine";
}

TEST(WireTest, GeneratedCodeIsLite) {
  std::ifstream in(DESCRIPTORS, std::ios::binary);
  pb::FileDescriptorSet set;
  ASSERT_TRUE(set.ParseFromIstream(&in));
  EXPECT_EQ(set.file_size(), 11);
  for (const auto& file : set.file()) {
    EXPECT_EQ(file.options().optimize_for(), pb::FileOptions::LITE_RUNTIME) << file.name();
  }
}

}  // namespace
