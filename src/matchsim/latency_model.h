// From distance to latency. All are round-trip times in milliseconds, as a ping measures them.
#ifndef GSH_SRC_MATCHSIM_LATENCY_MODEL_H_
#define GSH_SRC_MATCHSIM_LATENCY_MODEL_H_

#include "gsh/rng.h"

namespace gsh::matchsim {

// Glass slows light to two thirds of its speed (refractive index about 1.47): 200 km/ms one way,
// so that 100 km cost 1 ms there and back.
inline constexpr double kFibreKmPerMs = 200;

// How much longer than the straight line a path is. Over short distances the rule of thumb for
// measured latencies is 2.1 (Bozkurt et al., "Dissecting Latency in the Internet's Fiber
// Infrastructure", arXiv:1811.10737), as traffic goes by the next exchange point; over oceans
// cables run straight: London to New York, 5,570 km, takes 70 to 80 ms, a factor of about 1.3.
// Between the two the factor falls off over kStretchScaleKm, a choice.
inline constexpr double kShortStretch = 2.1;
inline constexpr double kLongStretch = 1.3;
inline constexpr double kStretchScaleKm = 1500;

// Modem, Wi-Fi and the provider's access network; the same towards all regions. A choice: half of
// the players are below 8 ms, nine of ten between 3 and 21 ms.
inline constexpr double kLastMileMedianMs = 8;
inline constexpr double kLastMileSigma = 0.6;

// Routing and queues differ from path to path, the more the longer it is: a log-normal factor,
// nine of ten paths within a fifth of the median. A choice.
inline constexpr double kPathSigma = 0.12;

// What stands still: the time over the median path, without last mile.
double PathMs(double distance_km);
// Of one player.
double SampleLastMileMs(Rng& rng);
// Of one player's path to one region, with jitter.
double SamplePathMs(Rng& rng, double distance_km);

}  // namespace gsh::matchsim

#endif  // GSH_SRC_MATCHSIM_LATENCY_MODEL_H_
