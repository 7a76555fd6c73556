// What stands on InstanceMetadata::GetAsync.
#include <openssl/crypto.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "gsh/aws/instance_metadata.h"
#include "src/aws/imds/answers.h"
#include "src/aws/imds/gather.h"

namespace gsh::aws {
namespace {

template <typename T>
using Callback = InstanceMetadata::Callback<T>;
using Texts = std::vector<std::optional<std::string>>;
using TagMap = std::map<std::string, std::string>;

// EC2 lets nobody have more than 50.
constexpr std::size_t kMostTags = 200;

// For the steps of a call: what is left of its time.
class TimeLeft {
 public:
  TimeLeft(Clock& clock, CallOptions options) : clock_(clock), options_(std::move(options)) {
    constexpr Duration kLongest = std::chrono::hours(24 * 365);
    if (options_.timeout && *options_.timeout < kLongest) {
      deadline_ = clock.SteadyNow() + *options_.timeout;
    }
  }
  CallOptions Options() const {
    CallOptions options = options_;
    if (deadline_) options.timeout = *deadline_ - clock_.SteadyNow();
    return options;
  }

 private:
  Clock& clock_;
  const CallOptions options_;
  std::optional<SteadyTime> deadline_;
};

template <typename T, typename Parse>
void Read(InstanceMetadata& imds, const std::string& path, CallOptions options, Parse parse,
          Callback<T> done) {
  imds.GetAsync(path, std::move(options),
                [path, parse, done = std::move(done)](StatusOr<std::string> text) {
                  if (!text.ok()) return done(text.status());
                  StatusOr<T> value = parse(*text);
                  if (!value.ok()) return done(value.status().WithContext(path));
                  done(std::move(value));
                });
}

void ReadLine(InstanceMetadata& imds, const std::string& path, CallOptions options,
              Callback<std::string> done) {
  Read<std::string>(imds, path, std::move(options), ParseLine, std::move(done));
}

template <typename T, typename Parse>
void ReadOptional(InstanceMetadata& imds, const std::string& path, CallOptions options, Parse parse,
                  Callback<std::optional<T>> done) {
  Read<T>(imds, path, std::move(options), parse, [done = std::move(done)](StatusOr<T> value) {
    if (value.ok()) return done(std::optional<T>(*std::move(value)));
    if (value.status().code() == StatusCode::kNotFound) return done(std::optional<T>());
    done(value.status());
  });
}

// As IAM takes them: nothing that would lead the next request elsewhere.
bool IsRoleName(std::string_view name) {
  constexpr std::string_view kMarks = "_+=,.@-";
  return name.size() <= 128 && name != "." && name != ".." &&
         std::ranges::all_of(name, [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  kMarks.find(c) != kMarks.npos;
         });
}

StatusOr<std::string> FirstRole(std::string_view text) {
  const auto lines = ParseLines(text);
  if (!lines.ok()) return lines.status();
  if (lines->empty()) return NotFoundError("the instance has no role");
  if (!IsRoleName(lines->front())) return InternalError("what was answered is no role's name");
  return lines->front();
}

StatusOr<InstanceNetwork> ToNetwork(const Texts& texts) {
  InstanceNetwork network;
  std::string* const members[] = {&network.local_ipv4, &network.local_hostname,
                                  &network.public_ipv4, &network.public_hostname, &network.ipv6};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i]) continue;
    const StatusOr<std::string> line = ParseLine(*texts[i]);
    if (!line.ok()) return line.status();
    *members[i] = *line;
  }
  return network;
}

// A tag that went between the list and its value is left out.
TagMap ToTags(const std::vector<std::string>& keys, const Texts& values) {
  TagMap tags;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (values[i]) tags.emplace(keys[i], *values[i]);
  }
  return tags;
}

}  // namespace

Clock& InstanceMetadata::clock() const { return SystemClock(); }

void InstanceMetadata::InstanceIdAsync(CallOptions options, Callback<std::string> done) {
  ReadLine(*this, "meta-data/instance-id", std::move(options), std::move(done));
}

void InstanceMetadata::InstanceTypeAsync(CallOptions options, Callback<std::string> done) {
  ReadLine(*this, "meta-data/instance-type", std::move(options), std::move(done));
}

void InstanceMetadata::RegionAsync(CallOptions options, Callback<std::string> done) {
  ReadLine(*this, "meta-data/placement/region", std::move(options), std::move(done));
}

void InstanceMetadata::AvailabilityZoneAsync(CallOptions options, Callback<std::string> done) {
  ReadLine(*this, "meta-data/placement/availability-zone", std::move(options), std::move(done));
}

void InstanceMetadata::LifeCycleAsync(CallOptions options, Callback<std::string> done) {
  ReadLine(*this, "meta-data/instance-life-cycle", std::move(options), std::move(done));
}

void InstanceMetadata::NetworkAsync(CallOptions options, Callback<InstanceNetwork> done) {
  Gather(*this,
         {"meta-data/local-ipv4", "meta-data/local-hostname", "meta-data/public-ipv4",
          "meta-data/public-hostname", "meta-data/ipv6"},
         options, [done = std::move(done)](const StatusOr<Texts>& texts) {
           if (!texts.ok()) return done(texts.status());
           done(ToNetwork(*texts));
         });
}

void InstanceMetadata::IdentityAsync(CallOptions options, Callback<InstanceIdentity> done) {
  Read<InstanceIdentity>(*this, "dynamic/instance-identity/document", std::move(options),
                         ParseIdentity, std::move(done));
}

void InstanceMetadata::TagsAsync(CallOptions options, Callback<std::optional<TagMap>> done) {
  const TimeLeft time(clock(), std::move(options));
  const std::string path = "meta-data/tags/instance";
  ReadOptional<std::vector<std::string>>(
      *this, path, time.Options(), ParseLines,
      [this, path, time, done = std::move(done)](auto keys) {
        if (!keys.ok()) return done(keys.status());
        if (!*keys) return done(std::optional<TagMap>());
        if ((*keys)->size() > kMostTags) return done(InternalError(path + ": too many tags"));
        std::vector<std::string> paths;
        for (const std::string& key : **keys) paths.push_back(path + "/" + key);
        Gather(*this, std::move(paths), time.Options(),
               [done, keys = **std::move(keys)](const StatusOr<Texts>& values) {
                 if (!values.ok()) return done(values.status());
                 done(std::optional<TagMap>(ToTags(keys, *values)));
               });
      });
}

void InstanceMetadata::SpotActionAsync(CallOptions options,
                                       Callback<std::optional<SpotInstanceAction>> done) {
  ReadOptional<SpotInstanceAction>(*this, "meta-data/spot/instance-action", std::move(options),
                                   ParseSpotAction, std::move(done));
}

void InstanceMetadata::SpotTerminationTimeAsync(CallOptions options,
                                                Callback<std::optional<WallTime>> done) {
  ReadOptional<WallTime>(*this, "meta-data/spot/termination-time", std::move(options),
                         ParseTimeLine, std::move(done));
}

void InstanceMetadata::RebalanceRecommendationAsync(CallOptions options,
                                                    Callback<std::optional<WallTime>> done) {
  ReadOptional<WallTime>(*this, "meta-data/events/recommendations/rebalance", std::move(options),
                         ParseRebalance, std::move(done));
}

void InstanceMetadata::ScheduledEventsAsync(CallOptions options,
                                            Callback<std::vector<ScheduledEvent>> done) {
  ReadOptional<std::vector<ScheduledEvent>>(
      *this, "meta-data/events/maintenance/scheduled", std::move(options), ParseScheduledEvents,
      [done = std::move(done)](auto events) {
        if (!events.ok()) return done(events.status());
        done(std::move(*events).value_or(std::vector<ScheduledEvent>()));
      });
}

void InstanceMetadata::AutoScalingTargetStateAsync(CallOptions options,
                                                   Callback<std::optional<std::string>> done) {
  ReadOptional<std::string>(*this, "meta-data/autoscaling/target-lifecycle-state",
                            std::move(options), ParseLine, std::move(done));
}

void InstanceMetadata::IamRoleAsync(CallOptions options, Callback<std::string> done) {
  Read<std::string>(*this, "meta-data/iam/security-credentials/", std::move(options), FirstRole,
                    std::move(done));
}

void InstanceMetadata::IamCredentialsAsync(CallOptions options, Callback<Credentials> done) {
  const TimeLeft time(clock(), std::move(options));
  IamRoleAsync(time.Options(), [this, time, done = std::move(done)](StatusOr<std::string> role) {
    if (!role.ok()) return done(role.status());
    GetAsync("meta-data/iam/security-credentials/" + *role, time.Options(),
             [done](StatusOr<std::string> json) {
               if (!json.ok()) return done(json.status());
               StatusOr<Credentials> credentials = ParseIamCredentials(*json);
               if (!json->empty()) OPENSSL_cleanse(json->data(), json->size());
               done(std::move(credentials));
             });
  });
}

}  // namespace gsh::aws
