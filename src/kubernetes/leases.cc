#include "gsh/kubernetes/leases.h"

#include <algorithm>
#include <utility>

#include "src/kubernetes/common/json.h"
#include "src/kubernetes/common/micro_time.h"
#include "src/kubernetes/object_meta.h"

namespace gsh::kubernetes {
namespace {

StatusOr<Lease> ToLease(StatusOr<std::string> answer) {
  if (!answer.ok()) return answer.status();
  const StatusOr<Json> json = ParseJsonObject(*answer);
  if (!json.ok()) return InternalError("a lease that is " + json.status().message());
  const ObjectMeta meta = MetaOf(*json);
  return Lease{.ns = meta.ns,
               .name = meta.name,
               .resource_version = meta.resource_version,
               .holder = TextAt(*json, {"spec", "holderIdentity"}),
               .duration = std::chrono::seconds(
                   std::max(0, Int32At(*json, {"spec", "leaseDurationSeconds"}))),
               .acquire_time = ParseTime(TextAt(*json, {"spec", "acquireTime"})),
               .renew_time = ParseTime(TextAt(*json, {"spec", "renewTime"})),
               .transitions = std::max(0, Int32At(*json, {"spec", "leaseTransitions"})),
               .object = *std::move(answer)};
}

std::string ToJson(const Lease& lease) {
  Json json = Json::object();
  if (StatusOr<Json> before = ParseJsonObject(lease.object); before.ok()) json = *std::move(before);
  json["apiVersion"] = "coordination.k8s.io/v1";
  json["kind"] = "Lease";
  if (!json["metadata"].is_object()) json["metadata"] = Json::object();
  if (!json["spec"].is_object()) json["spec"] = Json::object();
  Json& meta = json["metadata"];
  meta["name"] = lease.name;
  meta["namespace"] = lease.ns;
  if (!lease.resource_version.empty()) meta["resourceVersion"] = lease.resource_version;
  Json& spec = json["spec"];
  spec["holderIdentity"] = lease.holder;
  spec["leaseDurationSeconds"] = lease.duration.count();
  spec["leaseTransitions"] = lease.transitions;
  if (lease.acquire_time) spec["acquireTime"] = FormatMicroTime(*lease.acquire_time);
  if (lease.renew_time) spec["renewTime"] = FormatMicroTime(*lease.renew_time);
  return Dump(json);
}

class LeasesImpl final : public Leases {
 public:
  explicit LeasesImpl(Client& client) : client_(client) {}

  void GetAsync(std::string ns, std::string name, CallOptions options, Callback done) override {
    Send({.verb = Verb::kGet, .ns = std::move(ns), .name = std::move(name)}, std::move(options),
         std::move(done));
  }
  void CreateAsync(Lease lease, CallOptions options, Callback done) override {
    Send({.verb = Verb::kCreate, .ns = lease.ns, .body = ToJson(lease)}, std::move(options),
         std::move(done));
  }
  void UpdateAsync(Lease lease, CallOptions options, Callback done) override {
    Send({.verb = Verb::kUpdate, .ns = lease.ns, .name = lease.name, .body = ToJson(lease)},
         std::move(options), std::move(done));
  }

 private:
  void Send(Request request, CallOptions options, Callback done) {
    request.resource = kLeases;
    client_.CallAsync(std::move(request), std::move(options),
                      [done = std::move(done)](StatusOr<std::string> answer) {
                        done(ToLease(std::move(answer)));
                      });
  }

  Client& client_;
};

}  // namespace

std::unique_ptr<Leases> MakeLeases(Client& client) { return std::make_unique<LeasesImpl>(client); }

}  // namespace gsh::kubernetes
