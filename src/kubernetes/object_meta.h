// What names an object, and its version.
#ifndef GSH_SRC_KUBERNETES_OBJECT_META_H_
#define GSH_SRC_KUBERNETES_OBJECT_META_H_

#include <string>

#include "src/kubernetes/common/json.h"

namespace gsh::kubernetes {

struct ObjectMeta {
  std::string ns = {};
  std::string name = {};
  std::string uid = {};
  std::string resource_version = {};
};

inline ObjectMeta MetaOf(const Json& object) {
  return {.ns = TextAt(object, {"metadata", "namespace"}),
          .name = TextAt(object, {"metadata", "name"}),
          .uid = TextAt(object, {"metadata", "uid"}),
          .resource_version = TextAt(object, {"metadata", "resourceVersion"})};
}

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_OBJECT_META_H_
