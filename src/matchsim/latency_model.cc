#include "src/matchsim/latency_model.h"

#include <cmath>

#include "src/matchsim/chance.h"

namespace gsh::matchsim {

double PathMs(double distance_km) {
  const double stretch =
      kLongStretch + (kShortStretch - kLongStretch) * std::exp(-distance_km / kStretchScaleKm);
  return 2 * distance_km * stretch / kFibreKmPerMs;
}

double SampleLastMileMs(Rng& rng) { return LogNormal(rng, kLastMileMedianMs, kLastMileSigma); }

double SamplePathMs(Rng& rng, double distance_km) {
  return LogNormal(rng, PathMs(distance_km), kPathSigma);
}

}  // namespace gsh::matchsim
