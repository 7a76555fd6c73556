#include "src/testing/sandbox/kubernetes/watches.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "gsh/clock.h"

namespace gsh::testing::kubernetes {
namespace {

std::string Line(const char* type, const Json& object) {
  return Json{{"type", type}, {"object", object}}.dump() + "\n";
}

Json Expired(const std::string& version) {
  return {{"kind", "Status"},    {"apiVersion", "v1"},
          {"status", "Failure"}, {"message", "too old resource version: " + version},
          {"reason", "Expired"}, {"code", 410}};
}

}  // namespace

struct Watches::One {
  Wish wish;
  std::shared_ptr<http::BodyStream> body = std::make_shared<http::BodyStream>();
  std::uint64_t follower = 0;
  std::atomic<bool> open = true;

  // What an event means for whoever sees only some of the objects.
  void Tell(const ObjectEvent& event) {
    const std::string ns = event.object["metadata"].value("namespace", "");
    if (event.kind != wish.target.kind) return;
    if (!wish.target.ns.empty() && wish.target.ns != ns) return;
    const bool gone = std::string_view(event.type) == "DELETED";
    const bool is = !gone && wish.selector.Matches(event.object);
    const bool was = !event.before.is_null() && wish.selector.Matches(event.before);
    if (!is && !was) return;
    const char* type = is && was ? "MODIFIED" : is ? "ADDED" : "DELETED";
    if (!body->Write(Line(type, event.object))) open = false;
  }
  void Bookmark(std::uint64_t version) {
    if (!wish.bookmarks) return;
    body->Write(Line("BOOKMARK", {{"kind", wish.target.type},
                                  {"apiVersion", wish.target.version},
                                  {"metadata", {{"resourceVersion", std::to_string(version)}}}}));
  }
};

std::shared_ptr<http::BodyStream> Watches::Open(Wish wish) {
  auto one = std::make_shared<One>();
  one->wish = std::move(wish);
  const ApiTarget& target = one->wish.target;
  const std::string& wanted = one->wish.version;
  std::uint64_t version = std::strtoull(wanted.c_str(), nullptr, 10);
  if (version == 0) {
    const auto listed = store_.List(target.kind, target.ns, "", 0, [&](const Json& object) {
      return one->wish.selector.Matches(object);
    });
    for (const Json& item : listed.items) one->body->Write(Line("ADDED", item));
    version = listed.version;
  }
  const auto follower =
      store_.Follow(version, [one](const ObjectEvent& event) { one->Tell(event); });
  if (!follower) {
    one->body->Write(Line("ERROR", Expired(wanted)));
    one->body->End();
    return one->body;
  }
  one->follower = *follower;
  if (one->wish.timeout_seconds > 0) {
    SystemClock().RunAfter(std::chrono::seconds(one->wish.timeout_seconds),
                           [weak = std::weak_ptr(one->body)] {
                             if (const auto body = weak.lock()) body->End();
                           });
  }
  std::lock_guard lock(mutex_);
  std::erase_if(open_, [&](const auto& known) {
    if (known->open) return false;
    store_.Unfollow(known->follower);
    return true;
  });
  open_.push_back(one);
  return one->body;
}

std::vector<std::shared_ptr<Watches::One>> Watches::TakeAll() {
  std::vector<std::shared_ptr<One>> all;
  {
    std::lock_guard lock(mutex_);
    all.swap(open_);
  }
  for (const auto& one : all) store_.Unfollow(one->follower);
  return all;
}

void Watches::CutAll() {
  for (const auto& one : TakeAll()) one->body->Break();
}

void Watches::EndAll() {
  for (const auto& one : TakeAll()) one->body->End();
}

void Watches::SendBookmarks() {
  std::lock_guard lock(mutex_);
  for (const auto& one : open_) one->Bookmark(store_.version());
}

int Watches::count() const {
  std::lock_guard lock(mutex_);
  int count = 0;
  for (const auto& one : open_) count += one->open ? 1 : 0;
  return count;
}

}  // namespace gsh::testing::kubernetes
