// Modify: reads an object, changes a part of it, and begins again when somebody else was faster.
#ifndef GSH_SRC_KUBERNETES_MODIFY_H_
#define GSH_SRC_KUBERNETES_MODIFY_H_

#include <functional>
#include <optional>
#include <string>

#include "gsh/kubernetes/client.h"
#include "src/kubernetes/common/json.h"

namespace gsh::kubernetes {

struct ObjectName {
  Resource resource = {};
  std::string ns = {};
  std::string name = {};
};

// `change` makes a merge patch of the object as it is, without resourceVersion; empty: nothing is
// to be done. It may be asked several times. `done` gets the object as it then is.
void ModifyAsync(Client& client, ObjectName object,
                 std::function<std::optional<Json>(const Json&)> change, CallOptions options,
                 std::function<void(StatusOr<Json>)> done);

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_MODIFY_H_
