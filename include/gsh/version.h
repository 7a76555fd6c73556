// The library's version. The macros say which headers a program was compiled with, Version() which
// library it runs with.
#ifndef GSH_VERSION_H_
#define GSH_VERSION_H_

#include <string_view>

#include "gsh/export.h"

// CMakeLists.txt says the same, and checks it.
// NOLINTBEGIN(modernize-macro-to-enum): for #if, which knows no enumerators.
#define GSH_VERSION_MAJOR 0
#define GSH_VERSION_MINOR 1
#define GSH_VERSION_PATCH 0
// NOLINTEND(modernize-macro-to-enum)

namespace gsh {

// "0.1.0".
GSH_EXPORT std::string_view Version();

}  // namespace gsh

#endif  // GSH_VERSION_H_
