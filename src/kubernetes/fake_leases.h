// FakeLeases: leases in memory, answers as scripted.
#ifndef GSH_SRC_KUBERNETES_FAKE_LEASES_H_
#define GSH_SRC_KUBERNETES_FAKE_LEASES_H_

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "gsh/kubernetes/leases.h"

namespace gsh::kubernetes {

// What both candidates of a test see.
struct LeaseStore {
  std::map<std::string, Lease> leases;
  int version = 0;
};

// One candidate's way to the store. Answers at once, on the caller's thread.
class FakeLeases final : public Leases {
 public:
  enum class Way {
    kOpen,
    kFails,        // Unavailable, nothing done
    kLosesAnswer,  // done, but Unavailable
    kHangs,        // nothing done, and no answer until Release()
  };

  explicit FakeLeases(LeaseStore& store) : store_(store) {}

  void GetAsync(std::string ns, std::string name, CallOptions, Callback done) override {
    Answer(std::move(done), [this, key = ns + "/" + name]() -> StatusOr<Lease> {
      const auto found = store_.leases.find(key);
      if (found == store_.leases.end()) return NotFoundError("no lease");
      return found->second;
    });
  }
  void CreateAsync(Lease lease, CallOptions, Callback done) override {
    Answer(std::move(done), [this, lease]() -> StatusOr<Lease> {
      if (store_.leases.contains(lease.ns + "/" + lease.name)) return AlreadyExistsError("there");
      return Put(lease);
    });
  }
  void UpdateAsync(Lease lease, CallOptions, Callback done) override {
    Answer(std::move(done), [this, lease]() -> StatusOr<Lease> {
      const auto found = store_.leases.find(lease.ns + "/" + lease.name);
      if (found == store_.leases.end()) return NotFoundError("no lease");
      if (found->second.resource_version != lease.resource_version) return AbortedError("changed");
      return Put(lease);
    });
  }

  Way way = Way::kOpen;
  // The hanging ones fail now.
  void Release() {
    for (auto hanging = std::exchange(hanging_, {}); !hanging.empty(); hanging.pop_front()) {
      hanging.front()(DeadlineExceededError("hung"));
    }
  }
  int calls() const { return calls_; }

 private:
  void Answer(Callback done, const std::function<StatusOr<Lease>()>& act) {
    ++calls_;
    if (way == Way::kHangs) return hanging_.push_back(std::move(done));
    if (way == Way::kFails) return done(UnavailableError("no way"));
    StatusOr<Lease> answer = act();
    done(way == Way::kLosesAnswer ? StatusOr<Lease>(UnavailableError("lost")) : std::move(answer));
  }
  Lease Put(Lease lease) {
    lease.resource_version = std::to_string(++store_.version);
    return store_.leases[lease.ns + "/" + lease.name] = std::move(lease);
  }

  LeaseStore& store_;
  int calls_ = 0;
  std::deque<Callback> hanging_;
};

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_FAKE_LEASES_H_
