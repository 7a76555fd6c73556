// The requests and answers of this client against the API's model, botocore's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/aws/gamelift/fields.h"
#include "src/aws/gamelift/operations.h"

namespace gsh::aws::gamelift {
namespace {

using nlohmann::json;

const json& Model() {
  static const json kModel = [] {
    std::ifstream file(GSH_SOURCE_DIR "/tests/data/gamelift/fleetiq-model.json");
    return json::parse(file);
  }();
  return kModel;
}
const json& Shape(const std::string& name) { return Model().at("shapes").at(name); }

// What Fields says of structures: each one's members as "Name: Shape" or "Name: Shape required".
class Collector {
 public:
  using Members = std::set<std::string>;

  void Begin(const char* name) { name_ = name; }
  void Text(const char* name, const std::string&, const TextShape& shape, bool required = false) {
    Add(name, shape.name, required);
    texts_[std::string(shape.name)] = &shape;
  }
  void Texts(const char* name, const std::vector<std::string>&, const ListShape& shape,
             const TextShape& element, bool required = false) {
    Add(name, shape.name, required);
    lists_.insert_or_assign(std::string(shape.name), std::pair(shape, element.name));
    texts_[std::string(element.name)] = &element;
  }
  void Integer(const char* name, std::int32_t, const IntegerShape& shape) {
    Add(name, shape.name, true);
    integers_[std::string(shape.name)] = shape.min;
  }
  void Integer(const char* name, std::optional<std::int32_t>, const IntegerShape& shape) {
    Add(name, shape.name, false);
    integers_[std::string(shape.name)] = shape.min;
  }
  void Number(const char* name, double, double) { Add(name, "NonNegativeDouble", true); }
  void Time(const char* name, const std::optional<WallTime>&) { Add(name, "Timestamp", false); }
  template <typename T>
  void Structure(const char* name, const T& value, bool required = false) {
    Add(name, Visit(value), required);
  }
  template <typename T>
  void Structure(const char* name, const std::optional<T>&, bool = false) {
    Add(name, Visit(T{}), false);
  }
  template <typename T>
  void Structures(const char* name, const std::vector<T>&, const ListShape& shape,
                  bool required = false) {
    Add(name, shape.name, required);
    const std::string element = Visit(T{});
    lists_.insert_or_assign(std::string(shape.name), std::pair(shape, element));
  }

  // Its name in the model; `name` if it does not say one.
  template <typename T>
  std::string Visit(const T& value, const std::string& name = "") {
    const std::string outer_name = std::exchange(name_, name);
    Members outer = std::exchange(members_, {});
    Fields(*this, value);
    const std::string visited = name_;
    structures_[visited] = std::exchange(members_, std::move(outer));
    name_ = outer_name;
    return visited;
  }

  std::map<std::string, Members> structures_;
  std::map<std::string, const TextShape*> texts_;
  std::map<std::string, std::pair<ListShape, std::string>> lists_;
  std::map<std::string, std::int32_t> integers_;

 private:
  void Add(const char* name, std::string_view shape, bool required) {
    members_.insert(std::string(name) + ": " + std::string(shape) + (required ? " required" : ""));
  }

  std::string name_;
  Members members_;
};

Collector CollectAll() {
  Collector all;
  all.Visit(ClaimGameServerRequest{});
  all.Visit(CreateGameServerGroupRequest{});
  all.Visit(DeleteGameServerGroupRequest{});
  all.Visit(DeregisterGameServerRequest{});
  all.Visit(DescribeGameServerRequest{});
  all.Visit(DescribeGameServerGroupRequest{});
  all.Visit(DescribeGameServerInstancesRequest{});
  all.Visit(ListGameServerGroupsRequest{});
  all.Visit(ListGameServersRequest{});
  all.Visit(RegisterGameServerRequest{});
  all.Visit(ResumeGameServerGroupRequest{});
  all.Visit(SuspendGameServerGroupRequest{});
  all.Visit(UpdateGameServerRequest{});
  all.Visit(UpdateGameServerGroupRequest{});
  all.Visit(Page<GameServer>{});
  all.Visit(Page<GameServerGroup>{});
  all.Visit(Page<GameServerInstance>{});
  for (const char* name : {"ClaimGameServerOutput", "DescribeGameServerOutput",
                           "RegisterGameServerOutput", "UpdateGameServerOutput"}) {
    all.Visit(Result<GameServer>{}, name);
  }
  for (const char* name : {"CreateGameServerGroupOutput", "DeleteGameServerGroupOutput",
                           "DescribeGameServerGroupOutput", "ResumeGameServerGroupOutput",
                           "SuspendGameServerGroupOutput", "UpdateGameServerGroupOutput"}) {
    all.Visit(Result<GameServerGroup>{}, name);
  }
  return all;
}

Collector::Members MembersInModel(const std::string& structure) {
  const json& shape = Shape(structure);
  std::set<std::string> required;
  if (shape.contains("required")) required = shape.at("required").get<std::set<std::string>>();
  // The API promises nothing of its answers; we need what an operation is for.
  const bool answer = structure.ends_with("Output");
  Collector::Members members;
  for (const auto& [name, member] : shape.at("members").items()) {
    const bool needed = required.contains(name) ||
                        (answer && name != "NextToken" && Shape(member).at("type") == "structure");
    members.insert(name + ": " + member.get<std::string>() + (needed ? " required" : ""));
  }
  return members;
}

TEST(GameLiftModel, EveryStructureHasTheModelsMembers) {
  const Collector ours = CollectAll();
  for (const auto& [name, members] : ours.structures_) {
    EXPECT_EQ(members, MembersInModel(name)) << name;
  }
  for (const auto& [name, shape] : Model().at("shapes").items()) {
    if (shape.at("type") != "structure" || name.ends_with("Exception")) continue;
    EXPECT_TRUE(ours.structures_.contains(name)) << name;
  }
}

TEST(GameLiftModel, EveryOperationIsHere) {
  std::set<std::string> ours;
  for (const rpc::Method& method : kOperations) ours.insert(method.operation);
  std::set<std::string> theirs;
  for (const auto& [name, operation] : Model().at("operations").items()) theirs.insert(name);
  EXPECT_EQ(ours, theirs);
  EXPECT_EQ(ours.size(), 14u);
  const json& metadata = Model().at("metadata");
  EXPECT_EQ(metadata.at("targetPrefix").get<std::string>(), kGameLift.target_prefix);
  EXPECT_EQ(metadata.at("endpointPrefix").get<std::string>(), kGameLift.endpoint_prefix);
  EXPECT_EQ(metadata.at("serviceId").get<std::string>(), kGameLift.id);
  EXPECT_EQ(metadata.at("apiVersion").get<std::string>(), kGameLift.version);
}

TEST(GameLiftModel, TextsHaveTheModelsConstraints) {
  const Collector ours = CollectAll();
  for (const auto& [name, text] : ours.texts_) {
    const json& shape = Shape(name);
    EXPECT_EQ(shape.at("type"), "string") << name;
    EXPECT_EQ(text->min, shape.value("min", std::size_t{0})) << name;
    EXPECT_EQ(text->max, shape.value("max", TextShape{}.max)) << name;
    EXPECT_EQ(text->pattern, shape.value("pattern", "")) << name;
    EXPECT_EQ(text->matches != nullptr, shape.contains("pattern")) << name;
    std::vector<std::string> values;
    if (shape.contains("enum")) values = shape.at("enum").get<std::vector<std::string>>();
    EXPECT_THAT(text->values, ::testing::ElementsAreArray(values)) << name;
  }
}

TEST(GameLiftModel, ListsAndNumbersHaveTheModelsConstraints) {
  const Collector ours = CollectAll();
  for (const auto& [name, list] : ours.lists_) {
    const json& shape = Shape(name);
    EXPECT_EQ(shape.at("type"), "list") << name;
    EXPECT_EQ(list.first.min, shape.value("min", std::size_t{0})) << name;
    EXPECT_EQ(list.first.max, shape.value("max", ListShape{""}.max)) << name;
    EXPECT_EQ(list.second, shape.at("member").get<std::string>()) << name;
  }
  for (const auto& [name, min] : ours.integers_) EXPECT_EQ(min, Shape(name).at("min")) << name;
  EXPECT_EQ(kLeastNonNegativeDouble, Shape("NonNegativeDouble").at("min"));
}

// Texts near the borders of the patterns, and every one of them with a character put in, taken out
// or exchanged.
std::vector<std::string> Samples() {
  const std::vector<std::string> seeds = {"a",
                                          "group-1.b",
                                          "arn:aws:gamelift:eu-west-1:1:gameservergroup/g",
                                          "arn:x:gameservergroup/",
                                          "arn:aws:iam::1:role/name",
                                          "arn:aws:iam::1:role/",
                                          "arn:role/x",
                                          "arn::role/x y",
                                          "arn:a:role/ :role/b",
                                          "i-0123456789abcdefg",
                                          "i-0123456789abcdef",
                                          "subnet-0a1b",
                                          "subnet-",
                                          "1",
                                          "999",
                                          "0",
                                          "0999",
                                          "100",
                                          "(t)./_-",
                                          " ",
                                          "  x ",
                                          "\t",
                                          "x\ny",
                                          "\n",
                                          "arn:gameservergroup/a:gameservergroup/b",
                                          ""};
  std::vector<std::string> samples = seeds;
  for (const std::string& seed : seeds) {
    for (std::size_t i = 0; i <= seed.size(); ++i) {
      for (const char c : std::string("aZ5-._/: \n\r\t,=@+(")) {
        std::string changed = seed;
        samples.push_back(changed.insert(i, 1, c));
        if (i == seed.size()) continue;
        changed = seed;
        changed[i] = c;
        samples.push_back(changed);
      }
      std::string shorter = seed;
      if (i < seed.size()) samples.push_back(shorter.erase(i, 1));
    }
  }
  return samples;
}

TEST(GameLiftModel, PatternsMatchWhatTheModelsDo) {
  const Collector ours = CollectAll();
  const std::vector<std::string> samples = Samples();
  int compared = 0;
  for (const auto& [name, text] : ours.texts_) {
    // Ranges of Unicode characters, which std::regex does not have: see below.
    if (text->matches == nullptr || text->pattern.find("\\u0020") != std::string_view::npos) {
      continue;
    }
    std::string pattern(text->pattern);
    for (std::size_t at; (at = pattern.find("\\u00")) != std::string::npos;) {
      pattern.replace(at, 6, 1,
                      static_cast<char>(std::stoi(pattern.substr(at + 2, 4), nullptr, 16)));
    }
    const std::regex regex(pattern);
    int matched = 0;
    for (const std::string& sample : samples) {
      const bool expected = std::regex_search(sample, regex);
      matched += expected;
      EXPECT_EQ(text->matches(sample), expected) << name << ": \"" << sample << '"';
    }
    EXPECT_GT(matched, 5) << name;
    ++compared;
  }
  EXPECT_EQ(compared, 11);
}

TEST(GameLiftModel, XmlTextHasNoControls) {
  for (const char* good : {"a", "\t\r\n", "\xC3\xA9", "\xF0\x9F\x98\x80", "\x7f"}) {
    EXPECT_TRUE(kLaunchTemplateId.matches(good)) << good;
  }
  for (const char* bad : {"\x01", "a\x1f", "\xEF\xBF\xBE", "x\xEF\xBF\xBF"}) {
    EXPECT_FALSE(kLaunchTemplateId.matches(bad)) << bad;
  }
}

}  // namespace
}  // namespace gsh::aws::gamelift
