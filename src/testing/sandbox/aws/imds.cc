#include "src/testing/sandbox/aws/imds.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include "src/testing/sandbox/aws/random_text.h"

namespace gsh::testing::aws {
namespace {

constexpr char kTokenHeader[] = "X-aws-ec2-metadata-token";
constexpr char kTtlHeader[] = "X-aws-ec2-metadata-token-ttl-seconds";
constexpr std::size_t kMostTokens = 10'000;

http::Response Failure(int code, const std::string& title) {
  const std::string text = std::to_string(code) + " - " + title;
  return {.code = code,
          .content_type = "text/html",
          .body = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<html><head><title>" + text +
                  "</title></head><body><h1>" + text + "</h1></body></html>\n"};
}

std::optional<int> TtlOf(const http::Request& request) {
  const std::string* text = request.FindHeader(kTtlHeader);
  if (text == nullptr) return std::nullopt;
  int seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  const bool whole = error == std::errc() && end == text->data() + text->size();
  if (!whole || seconds < 1 || seconds > 21600) return std::nullopt;
  return seconds;
}

// What stands directly below `folder` ("meta-data/"), one name a line.
std::string ListOf(const std::map<std::string, std::string>& texts, const std::string& folder) {
  std::set<std::string> names;
  for (auto at = texts.lower_bound(folder); at != texts.end(); ++at) {
    if (!at->first.starts_with(folder)) break;
    const std::string rest = at->first.substr(folder.size());
    names.insert(rest.substr(0, rest.find('/')) + (rest.find('/') == rest.npos ? "" : "/"));
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : "\n") + name;
  return list;
}

}  // namespace

Imds::Imds(ImdsOptions options)
    : options_(std::move(options)),
      started_(options_.clock->Now()),
      target_state_(options_.instance.auto_scaling_group.empty() ? "" : "InService") {}

http::Response Imds::Answer(const http::Request& request) {
  std::lock_guard lock(mutex_);
  if (request.path == "/latest/api/token") {
    if (request.method != "PUT") return Failure(405, "Method Not Allowed");
    return GiveToken(request);
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return Failure(405, "Method Not Allowed");
  }
  if (!TokenIsGood(request)) return Failure(401, "Unauthorized");
  constexpr std::string_view kRoot = "/latest/";
  if (request.path == "/latest") return {.body = "dynamic\nmeta-data"};
  if (!request.path.starts_with(kRoot)) return Failure(404, "Not Found");
  const std::string path = request.path.substr(kRoot.size());
  const Texts texts = AllTexts();
  const std::string leaf = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
  if (const auto found = texts.find(leaf); found != texts.end()) return {.body = found->second};
  const std::string folder = path.empty() || path.ends_with('/') ? path : path + "/";
  const auto first = texts.lower_bound(folder);
  if (first == texts.end() || !first->first.starts_with(folder)) return Failure(404, "Not Found");
  return {.body = ListOf(texts, folder)};
}

http::Response Imds::GiveToken(const http::Request& request) {
  if (request.FindHeader("X-Forwarded-For") != nullptr) return Failure(403, "Forbidden");
  const std::optional<int> ttl = TtlOf(request);
  if (!ttl) return Failure(400, "Bad Request");
  const SteadyTime now = options_.clock->SteadyNow();
  std::erase_if(tokens_, [now](const auto& token) { return token.second <= now; });
  if (tokens_.size() >= kMostTokens) return Failure(503, "Service Unavailable");
  const std::string token = "AQAAA" + RandomText(*options_.rng, 51);
  tokens_[token] = now + std::chrono::seconds(*ttl);
  return {.body = token, .headers = {{kTtlHeader, std::to_string(*ttl)}}};
}

bool Imds::TokenIsGood(const http::Request& request) {
  const std::string* token = request.FindHeader(kTokenHeader);
  if (token == nullptr) return options_.v1;
  const auto found = tokens_.find(*token);
  return found != tokens_.end() && options_.clock->SteadyNow() < found->second;
}

void Imds::InterruptSpot(std::string action, Duration notice) {
  std::lock_guard lock(mutex_);
  spot_action_ = std::move(action);
  spot_time_ = options_.clock->Now() + std::chrono::duration_cast<WallTime::duration>(notice);
}

void Imds::RecommendRebalance() {
  std::lock_guard lock(mutex_);
  rebalance_ = options_.clock->Now();
}

void Imds::ScheduleEvent(std::string event_id, std::string code, std::string state,
                         Duration not_before) {
  std::lock_guard lock(mutex_);
  const WallTime at =
      options_.clock->Now() + std::chrono::duration_cast<WallTime::duration>(not_before);
  const auto known = std::ranges::find(events_, event_id, &Event::id);
  Event event{std::move(event_id), std::move(code), std::move(state), at};
  if (known != events_.end()) {
    *known = std::move(event);
  } else {
    events_.push_back(std::move(event));
  }
}

void Imds::SetAutoScalingTargetState(std::string state) {
  std::lock_guard lock(mutex_);
  target_state_ = std::move(state);
}

void Imds::ClearEvents() {
  std::lock_guard lock(mutex_);
  spot_time_.reset();
  rebalance_.reset();
  events_.clear();
}

void Imds::ForgetTokens() {
  std::lock_guard lock(mutex_);
  tokens_.clear();
}

TemporaryKey Imds::CurrentCredentials() {
  constexpr std::chrono::hours kLife{6};
  constexpr std::chrono::minutes kRenewed{
      15};  // before their end, as the service does at the latest
  const auto current = options_.keys->Find(access_key_id_);
  if (current && current->expiration - options_.clock->Now() >= kRenewed) return *current;
  const SandboxInstance& instance = options_.instance;
  const TemporaryKey made =
      options_.keys->Issue({.account = options_.account_id,
                            .arn = "arn:aws:sts::" + options_.account_id + ":assumed-role/" +
                                   instance.role + "/" + instance.instance_id,
                            .user_id = "AROASANDBOX0000000000:" + instance.instance_id},
                           kLife);
  access_key_id_ = made.access_key_id;
  return made;
}

}  // namespace gsh::testing::aws
