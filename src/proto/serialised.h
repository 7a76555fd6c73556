// The generated messages whose tickets stay serialised, under the namespace ::gsh::serialised.
#ifndef GSH_SRC_PROTO_SERIALISED_H_
#define GSH_SRC_PROTO_SERIALISED_H_

#include "src/proto/serialised.pb.h"

#endif  // GSH_SRC_PROTO_SERIALISED_H_
