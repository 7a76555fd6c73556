#include <algorithm>
#include <limits>

#include "gsh/matcher/rules.h"

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

}  // namespace gsh::matcher
