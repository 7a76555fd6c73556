// Small fakes of core's ports: scripted chance, a map as environment, sinks that remember.
#ifndef GSH_TESTING_FAKES_H_
#define GSH_TESTING_FAKES_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gsh/env.h"
#include "gsh/log.h"
#include "gsh/metrics.h"
#include "gsh/rng.h"

namespace gsh::testing {

// SplitMix64 from a seed: the same numbers on every machine.
class SeededRng final : public Rng {
 public:
  explicit SeededRng(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() override {
    std::lock_guard lock(mutex_);
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

 private:
  std::mutex mutex_;
  std::uint64_t state_;
};

// Always the same number: FixedRng(~0ULL) makes NextDouble() its largest, so that back-off has no
// jitter.
class FixedRng final : public Rng {
 public:
  explicit FixedRng(std::uint64_t value) : value_(value) {}
  std::uint64_t Next() override { return value_; }

 private:
  std::uint64_t value_;
};

class FakeEnv final : public Env {
 public:
  FakeEnv() = default;
  explicit FakeEnv(std::map<std::string, std::string> values) : values_(std::move(values)) {}
  std::optional<std::string> Get(const std::string& name) const override {
    const auto found = values_.find(name);
    if (found == values_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::map<std::string, std::string> values_;
};

// Keeps each message as "message key=value key=value".
class RecordingLog final : public LogSink {
 public:
  bool Enabled(LogLevel) const override { return true; }
  void Write(LogLevel level, std::string_view message, std::span<const LogField> fields) override {
    std::string line(message);
    for (const LogField& field : fields) {
      line.append(" ").append(field.key).append("=").append(field.value);
    }
    std::lock_guard lock(mutex_);
    lines_.emplace_back(level, std::move(line));
  }
  std::vector<std::pair<LogLevel, std::string>> lines() const {
    std::lock_guard lock(mutex_);
    return lines_;
  }
  // How many lines hold `text`.
  int Count(std::string_view text) const {
    std::lock_guard lock(mutex_);
    int count = 0;
    for (const auto& [level, line] : lines_) count += line.find(text) != std::string::npos;
    return count;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<LogLevel, std::string>> lines_;
};

// Keeps sums of counters and histograms and the last value of gauges, by `name{key=value,...}`.
class RecordingMetrics final : public MetricsSink {
 public:
  void Add(std::string_view counter, double amount, std::span<const MetricLabel> labels) override {
    std::lock_guard lock(mutex_);
    values_[Name(counter, labels)] += amount;
  }
  void Set(std::string_view gauge, double value, std::span<const MetricLabel> labels) override {
    std::lock_guard lock(mutex_);
    values_[Name(gauge, labels)] = value;
  }
  void Observe(std::string_view histogram, double value,
               std::span<const MetricLabel> labels) override {
    std::lock_guard lock(mutex_);
    values_[Name(histogram, labels)] += value;
  }
  double Value(const std::string& name) const {
    std::lock_guard lock(mutex_);
    const auto found = values_.find(name);
    return found == values_.end() ? 0 : found->second;
  }

 private:
  static std::string Name(std::string_view name, std::span<const MetricLabel> labels) {
    std::string text(name);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      text.append(i == 0 ? "{" : ",").append(labels[i].key).append("=").append(labels[i].value);
    }
    if (!labels.empty()) text += "}";
    return text;
  }

  mutable std::mutex mutex_;
  std::map<std::string, double> values_;
};

}  // namespace gsh::testing

#endif  // GSH_TESTING_FAKES_H_
