// Kubernetes' rules for the keys and values of labels and annotations (kubernetes:
// apimachinery/pkg/util/validation).
#ifndef GSH_SRC_TESTING_SANDBOX_AGONES_LABELS_H_
#define GSH_SRC_TESTING_SANDBOX_AGONES_LABELS_H_

#include <string>
#include <string_view>

namespace gsh::sandbox {

// What is wrong with it, in words; empty when it is valid.
std::string QualifiedNameError(std::string_view key);
std::string LabelValueError(std::string_view value);

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_AGONES_LABELS_H_
