#include "bindings/python/lifetime.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "bindings/python/status.h"

namespace gsh::python {
namespace {

class Lifetime {
 public:
  bool Enter() {
    std::lock_guard lock(mutex_);
    if (ending_) return false;
    ++inside_;
    return true;
  }

  void Leave() {
    std::lock_guard lock(mutex_);
    if (--inside_ == 0) empty_.notify_all();
  }

  // False when the end has begun.
  bool Add(std::weak_ptr<Closable> closable) {
    std::lock_guard lock(mutex_);
    if (ending_) return false;
    std::erase_if(closables_, [](const auto& known) { return known.expired(); });
    closables_.push_back(std::move(closable));
    return true;
  }

  // Without the GIL: those inside may be waiting for it.
  void End() {
    std::unique_lock lock(mutex_);
    ending_ = true;
    const auto closables = std::exchange(closables_, {});
    lock.unlock();
    for (const auto& known : closables) {
      if (const auto closable = known.lock()) closable->Close();
    }
    lock.lock();
    empty_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable empty_;
  bool ending_ = false;
  int inside_ = 0;
  std::vector<std::weak_ptr<Closable>> closables_;
};

// Never destroyed: the library's threads live as long as the process.
Lifetime& TheLifetime() {
  static auto& lifetime = *new Lifetime;
  return lifetime;
}

}  // namespace

Stay::Stay() : entered_(TheLifetime().Enter()) {}

Stay::~Stay() {
  if (entered_) TheLifetime().Leave();
}

Entered::Entered() {
  if (!stay_) throw StatusError(InterpreterIsEnding());
}

Locked::Locked() {
  if (stay_) acquire_.emplace();
}

AnyThreadObject::~AnyThreadObject() {
  if (object_ == nullptr) return;
  if (const Locked locked; locked) Py_DECREF(object_);
}

bool CloseAtExit(std::weak_ptr<Closable> closable) {
  return TheLifetime().Add(std::move(closable));
}

void RegisterAtExit() {
  const auto end = py::cpp_function([] {
    const py::gil_scoped_release release;
    TheLifetime().End();
  });
  py::module_::import("atexit").attr("register")(end);
}

}  // namespace gsh::python
