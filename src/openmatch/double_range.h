// The range of a DoubleRangeFilter, as the query service decides it (open-match v1.8:
// internal/filter/filter.go).
#ifndef GSH_SRC_OPENMATCH_DOUBLE_RANGE_H_
#define GSH_SRC_OPENMATCH_DOUBLE_RANGE_H_

#include "gsh/openmatch/types.h"

namespace gsh::openmatch {

// Written without simplification: NaN compares false with everything, so that it fails here as in
// the server.
inline bool InDoubleRange(Exclude exclude, double min, double max, double value) {
  switch (exclude) {
    case Exclude::kNone:
      return value >= min && value <= max;
    case Exclude::kMin:
      return value > min && value <= max;
    case Exclude::kMax:
      return value >= min && value < max;
    case Exclude::kBoth:
      return value > min && value < max;
  }
  return true;  // the server does not look at the range of a mode that it does not know
}

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_DOUBLE_RANGE_H_
