// Watches: the streams that tell clients of changes.
#ifndef GSH_SRC_TESTING_SANDBOX_KUBERNETES_WATCHES_H_
#define GSH_SRC_TESTING_SANDBOX_KUBERNETES_WATCHES_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "src/http/body_stream.h"
#include "src/testing/sandbox/kubernetes/api_target.h"
#include "src/testing/sandbox/kubernetes/object_store.h"
#include "src/testing/sandbox/kubernetes/selector.h"

namespace gsh::testing::kubernetes {

class Watches {
 public:
  // `store` must outlive it.
  explicit Watches(ObjectStore& store) : store_(store) {}
  ~Watches() { CutAll(); }

  struct Wish {
    ApiTarget target = {};
    Selector selector = {};
    std::string version = {};  // empty or "0": what there is first
    bool bookmarks = false;
    int timeout_seconds = 0;  // 0: none
  };
  std::shared_ptr<http::BodyStream> Open(Wish wish);

  void CutAll();  // in the middle
  void EndAll();
  void SendBookmarks();
  int count() const;

 private:
  struct One;
  std::vector<std::shared_ptr<One>> TakeAll();

  ObjectStore& store_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<One>> open_;
};

}  // namespace gsh::testing::kubernetes

#endif  // GSH_SRC_TESTING_SANDBOX_KUBERNETES_WATCHES_H_
