#include "gsh/version.h"

#define GSH_TEXT_OF(x) #x
#define GSH_TEXT(x) GSH_TEXT_OF(x)

namespace gsh {

std::string_view Version() {
  return GSH_TEXT(GSH_VERSION_MAJOR) "." GSH_TEXT(GSH_VERSION_MINOR) "." GSH_TEXT(
      GSH_VERSION_PATCH);
}

}  // namespace gsh
