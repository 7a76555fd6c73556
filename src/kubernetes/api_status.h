// What the API's errors mean.
#ifndef GSH_SRC_KUBERNETES_API_STATUS_H_
#define GSH_SRC_KUBERNETES_API_STATUS_H_

#include <string_view>

#include "gsh/status.h"

namespace gsh::kubernetes {

// ErrorInfo::name of an eviction that a PodDisruptionBudget refuses.
inline constexpr std::string_view kDisruptionBudget = "DisruptionBudget";

// Of an answer with that HTTP code; `body` is usually a Status object (apimachinery's
// metav1.Status), but may be anything that a proxy says. OK for 2xx.
Status StatusOfAnswer(int http_code, std::string_view body);

// Of an ERROR event's object in a watch.
Status StatusOfObject(std::string_view json);

// May the same request do better a little later?
bool IsTransient(const Status& status);

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_API_STATUS_H_
