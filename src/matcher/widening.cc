#include "src/matcher/widening.h"

#include <cmath>
#include <limits>

#include "src/matcher/grid.h"

namespace gsh::matcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// The product of two floats is exact in double, so that it does not matter whether a compiler fuses
// it with the sum: the same limit on every machine.
float Linear(const Limit& limit, float wait_s, bool lower) {
  const double seconds = static_cast<double>(std::max(0.0f, wait_s - limit.linear_after_s));
  const double change = static_cast<double>(limit.linear_per_s) * seconds;
  const double value = static_cast<double>(limit.value);
  return lower ? std::max(static_cast<float>(value - change), std::max(limit.linear_to, 0.0f))
               : std::min(static_cast<float>(value + change), limit.linear_to);
}

bool WidensLinearly(const Limit& limit) { return limit.linear_per_s > 0; }

// How long it takes to widen by `missing`: never no time at all.
float LinearWait(const Limit& limit, float missing) {
  return limit.linear_after_s +
         std::max(missing / limit.linear_per_s, std::numeric_limits<float>::min());
}

}  // namespace

float LimitAfter(const Limit& limit, float wait_s, bool lower) {
  float widest = limit.value;
  const auto widen = [&](float to) {
    widest = lower ? std::min(widest, to) : std::max(widest, to);
  };
  for (const WideningStep& step : limit.steps) {
    if (wait_s < step.after_s) break;
    widen(step.value);
  }
  if (WidensLinearly(limit)) widen(Linear(limit, wait_s, lower));
  return widest;
}

float NextWidening(const Limit& limit, float wait_s, bool lower) {
  float next = kInfinity;
  const float now = LimitAfter(limit, wait_s, lower);
  for (const WideningStep& step : limit.steps) {
    if (step.after_s <= wait_s || (lower ? step.value >= now : step.value <= now)) continue;
    next = step.after_s;
    break;
  }
  if (!WidensLinearly(limit)) return next;
  const float to = lower ? std::max(limit.linear_to, 0.0f) : limit.linear_to;
  if (lower ? to >= now : to <= now) return next;
  // When it passes what the steps give by now.
  const float behind = lower ? limit.value - now : now - limit.value;
  return std::min(next, std::max(wait_s, limit.linear_after_s + behind / limit.linear_per_s));
}

float WaitUntil(const Limit& limit, float x) {
  if (x <= limit.value) return 0;
  float wait_s = kInfinity;
  for (const WideningStep& step : limit.steps) {
    if (x > step.value) continue;
    wait_s = step.after_s;
    break;
  }
  if (!WidensLinearly(limit) || x > limit.linear_to) return wait_s;
  return std::min(wait_s, LinearWait(limit, x - limit.value));
}

float LatencyOfScore(float score) {
  if (score <= 0) return kInfinity;
  auto latency = static_cast<float>(1000.0 / static_cast<double>(score) - 1.0);
  while (latency >= 0 && ScoreOf(static_cast<double>(latency)) < static_cast<double>(score)) {
    latency = std::nextafter(latency, -1.0f);
  }
  return latency;
}

float WaitUntilScore(const Limit& min_score, float latency_ms) {
  if (latency_ms <= LatencyOfScore(min_score.value)) return 0;
  float wait_s = kInfinity;
  for (const WideningStep& step : min_score.steps) {
    if (latency_ms > LatencyOfScore(step.value)) continue;
    wait_s = step.after_s;
    break;
  }
  const float lowest = std::max(min_score.linear_to, 0.0f);
  if (!WidensLinearly(min_score) || latency_ms > LatencyOfScore(lowest)) return wait_s;
  const auto score = static_cast<float>(ScoreOf(static_cast<double>(latency_ms)));
  return std::min(wait_s, LinearWait(min_score, min_score.value - score));
}

}  // namespace gsh::matcher
